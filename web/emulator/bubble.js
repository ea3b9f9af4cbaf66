// Draws one message. Everything that comes from outside is set as text, never as markup.

import { clockTime, el, webAddress } from "./dom.js";

const MARKS = [["```", "code"], ["`", "code"], ["*", "strong"], ["_", "em"], ["~", "s"]];

/** Text with WhatsApp's marks: *bold*, _italic_, ~strike~, `code`, > quote. */
export function marked(text) {
  const parts = [];
  let broken = true;
  for (const line of String(text ?? "").split("\n")) {
    const quote = line.startsWith("> ");
    if (!broken && !quote) parts.push("\n");
    if (quote) parts.push(el("blockquote", {}, inline(line.slice(2))));
    else parts.push(...inline(line.replace(/^[-*] /, "• ")));
    broken = quote;
  }
  return parts;
}

function inline(text, depth = 0) {
  if (depth > 4) return [text];
  for (let at = 0; at < text.length; at++) {
    for (const [mark, tag] of MARKS) {
      if (!text.startsWith(mark, at)) continue;
      const before = at === 0 || /[\s\p{P}]/u.test(text[at - 1]);
      const end = text.indexOf(mark, at + mark.length + 1);
      if (!before || end < 0) continue;
      const inner = text.slice(at + mark.length, end);
      const after = text[end + mark.length];
      if (/^\s|\s$/.test(inner) || (after && /[\p{L}\p{N}]/u.test(after))) continue;
      const child = tag === "code" ? [inner] : inline(inner, depth + 1);
      return [...links(text.slice(0, at)), el(tag, {}, child), ...inline(text.slice(end + mark.length), depth)];
    }
  }
  return links(text);
}

function links(text) {
  return text.split(/(https?:\/\/[^\s<>"']+)/).map((part) => {
    const safe = /^https?:\/\//.test(part) && webAddress(part);
    return safe ? link(safe, part) : part;
  });
}

const link = (href, text) => el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", text });

const paragraph = (text, kind) => (text ? el("p", { class: kind, dir: "auto" }, marked(text)) : null);

const TICKS = { accepted: ["…", "accepted"], sent: ["✓", "sent"], delivered: ["✓✓", "delivered"], read: ["✓✓", "read"], received: ["✓", "arrived"], failed: ["!", "failed"] };

function file(kind, body) {
  const own = body.id && `/emulator/file/${encodeURIComponent(body.id)}`;
  const source = own || webAddress(body.link || "");
  const name = body.filename || kind;
  if (!source) return el("p", { class: "small", text: `(${name})` });
  if (kind === "image" || kind === "sticker") return el("img", { src: source, alt: body.caption || name });
  if (kind === "video") return el("video", { src: source, controls: true });
  if (kind === "audio") return el("audio", { src: source, controls: true, "aria-label": body.voice ? "Voice note" : "Audio" });
  return link(source, `📄 ${name}`);
}

function header(head) {
  if (!head) return null;
  if (head.type === "text") return el("p", { class: "title", dir: "auto", text: head.text });
  return head[head.type] ? file(head.type, head[head.type]) : null;
}

function good(context, sku, act) {
  const item = context.catalogue.find((i) => i.sku === sku) || { sku, name: sku };
  const source = item.picture && webAddress(item.picture);
  return el("div", { class: "good" },
    source ? el("img", { src: source, alt: "" }) : el("span", { class: "blank" }),
    el("div", {}, el("strong", { text: item.name, dir: "auto" }), el("div", { class: "small", text: [item.price, item.currency].filter(Boolean).join(" ") })),
    el("div", { class: "row" },
      el("button", { type: "button", text: "Ask", "aria-label": `Ask about ${item.name}`, on: { click: () => act.ask(item) } }),
      el("button", { type: "button", text: "Add to cart", "aria-label": `Add to cart: ${item.name}`, on: { click: () => act.cart(item) } })));
}

const choice = (text, click) => el("button", { type: "button", text, on: { click } });

function urlChoice(text, url) {
  const safe = webAddress(url || "");
  return safe ? link(safe, `↗ ${text}`) : el("p", { class: "small", text });
}

function interactive(bubble, act, context) {
  const { body: b, id } = bubble;
  const action = b.action || {};
  const tap = (what) => () => act.tap(id, what);
  const choices = [];
  const goods = [];
  if (b.type === "button") for (const button of action.buttons) choices.push(choice(button.reply.title, tap(button.reply.id)));
  if (b.type === "list") choices.push(choice(`☰ ${action.button}`, () => act.list(id, action)));
  if (b.type === "cta_url") choices.push(urlChoice(action.parameters.display_text, action.parameters.url));
  if (b.type === "location_request_message") choices.push(choice("📍 Send location", () => act.place(id)));
  if (b.type === "request_contact_info") choices.push(choice("☎ Share my phone number", () => act.contact(id)));
  if (b.type === "catalog_message") choices.push(choice("View catalogue", () => act.catalogue()));
  if (b.type === "flow") choices.push(choice(action.parameters.flow_cta, () => act.form(id)));
  if (b.type === "product") goods.push(good(context, action.product_retailer_id, act));
  if (b.type === "product_list") {
    for (const section of action.sections) {
      if (section.title) goods.push(el("strong", { text: section.title }));
      for (const item of section.product_items) goods.push(good(context, item.product_retailer_id, act));
    }
  }
  const cards = b.type === "carousel" ? action.cards.map((card) => el("div", {},
    header(card.header), paragraph(card.body?.text),
    card.type === "product" ? good(context, card.action.product_retailer_id, act) : null,
    el("div", { class: "choices" },
      (card.action.buttons || []).map((button) => choice(button.quick_reply.title, tap(button.quick_reply.id))),
      card.action.parameters ? urlChoice(card.action.parameters.display_text, card.action.parameters.url) : null))) : [];
  return [header(b.header), paragraph(b.body?.text), goods.length ? el("div", { class: "goods" }, goods) : null,
    cards.length ? el("div", { class: "cards" }, cards) : null,
    b.footer ? el("p", { class: "small", text: b.footer.text }) : null,
    choices.length ? el("div", { class: "choices" }, choices) : null];
}

function template(bubble, act) {
  const shown = bubble.body.shown || {};
  const choices = (shown.buttons || []).map((button) => {
    if (button.type === "quick_reply") return choice(button.text, () => act.tap(bubble.id, button.payload));
    if (button.type === "url") return urlChoice(button.text, button.url);
    return el("p", { class: "small", text: [button.text, button.code || button.phone_number].filter(Boolean).join(": ") });
  });
  return [header(shown.header), paragraph(shown.body), shown.footer ? el("p", { class: "small", text: shown.footer }) : null,
    choices.length ? el("div", { class: "choices" }, choices) : null];
}

function content(bubble, act, context) {
  const { kind, body: b } = bubble;
  if (bubble.revoked) return [el("p", { class: "small", text: "This message was deleted." })];
  if (kind === "text") return [paragraph(b.body)];
  if (["image", "video", "audio", "document", "sticker"].includes(kind) && b) return [file(kind, b), paragraph(b.caption)];
  if (kind === "location") {
    const where = `${b.latitude}, ${b.longitude}`;
    return [paragraph(b.name || "Location"), el("p", { class: "small", text: [b.address, where].filter(Boolean).join(" · ") })];
  }
  if (kind === "contacts") return b.map((c) => el("p", { text: `👤 ${c.name?.formatted_name ?? ""} ${c.phones?.[0]?.phone ?? ""}` }));
  if (kind === "order") return [el("p", { class: "title", text: "🛒 Cart" }), ...b.product_items.map((i) =>
    el("p", { text: `${i.quantity} × ${i.product_retailer_id} (${i.item_price} ${i.currency})` })), paragraph(b.text)];
  if (kind === "interactive" && bubble.ours) return interactive(bubble, act, context);
  if (kind === "interactive") return [paragraph((b.button_reply || b.list_reply || { title: "Form sent" }).title)];
  if (kind === "button") return [paragraph(b.text)];
  if (kind === "template") return template(bubble, act);
  return [el("p", { class: "small", text: `(${kind})` })];
}

/** What a quote shows of a message. */
export function gist(bubble) {
  const b = bubble.body || {};
  const text = b.body?.text ?? (typeof b.body === "string" ? b.body : b.shown?.body ?? b.caption);
  return String(text || bubble.kind).slice(0, 80);
}

/** A message as a bubble. */
export function draw(bubble, act, context) {
  const mine = !bubble.ours;
  const [tick, word] = TICKS[bubble.status] || ["", bubble.status];
  const quoted = bubble.quotes && context.find(bubble.quotes);
  const reactions = context.reactions.get(bubble.id) || [];
  return el("article", { class: `bubble${mine ? " mine" : ""}${bubble.status === "failed" ? " failed" : ""}`, "data-id": bubble.id, "aria-label": mine ? "Shopper" : "Business" },
    quoted ? el("div", { class: "quote", dir: "auto", text: gist(quoted) }) : null,
    content(bubble, act, context),
    bubble.error ? el("p", { class: "why", text: `${bubble.error.code}: ${bubble.error.error_data?.details ?? bubble.error.title} (not on the real phone)` }) : null,
    el("div", { class: "meta" },
      mine ? null : el("button", { type: "button", text: "Reply", on: { click: () => act.quote(bubble) } }),
      mine ? null : el("button", { type: "button", text: "☺", "aria-label": "React", on: { click: () => act.react(bubble) } }),
      el("span", { text: clockTime(new Date(bubble.at)) }),
      el("span", { class: `tick ${bubble.status}`, role: "img", "aria-label": word, text: tick })),
    reactions.length ? el("div", { class: "reactions", text: reactions.join(" ") }) : null);
}
