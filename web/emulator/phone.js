// The phone: chats, writing, tapping. Asks the emulator for its state every now and then.

import { draw, gist } from "./bubble.js";
import { el } from "./dom.js";
import { showTools } from "./tools.js";

const LOOK_EVERY = 600;
const FILE_MAX = 12 * 1024 * 1024;
const $ = (id) => document.getElementById(id);

let state = { revision: 0, people: [], bubbles: [], numbers: [], catalogue: [], journal: [], open: [], mischief: {} };
let skew = 0;
let quoting = null;
const cart = new Map();
const drawn = new Map();
// The chat stays at its end until somebody scrolls up.
let stick = true;
const sheet = $("sheet");

const me = () => state.people.find((p) => p.key === $("person").value);
const number = () => state.numbers[0]?.id;
const find = (id) => state.bubbles.find((b) => b.id === id);

/** Tells the emulator to do something. */
async function order(what) {
  $("problem").textContent = "";
  try {
    const answer = await fetch("/emulator/control", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what) });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.error || `the emulator answered ${answer.status}`);
    await look();
    return body;
  } catch (error) {
    $("problem").textContent = String(error.message || error);
    return null;
  }
}

async function say(saying) {
  if (!me()) {
    $("problem").textContent = "Make a shopper first.";
    return null;
  }
  stick = true;
  return order({ do: "say", person: me().key, saying });
}

function openSheet(title, ...content) {
  sheet.replaceChildren(el("h2", { id: "sheet-title", text: title }), el("div", { class: "stack" }, content.flat(2)),
    el("p", {}, el("button", { type: "button", text: "Close", on: { click: () => sheet.close() } })));
  sheet.showModal();
}

const option = (text, click, small) => el("button", { type: "button", on: { click: () => { sheet.close(); click(); } } }, text, small ? el("small", { text: small }) : null);

function form(title, fields, submit) {
  const inputs = fields.map(([label, value, type]) => el("input", { value, type: type || "text", step: "any", required: true, "aria-label": label }));
  openSheet(title, el("form", { class: "stack", on: { submit: (event) => { event.preventDefault(); sheet.close(); submit(...inputs.map((i) => i.value)); } } },
    fields.map(([label], n) => el("label", {}, label, inputs[n])), el("button", { type: "submit", text: "Send" })));
}

const place = (answers) => form("Send a location", [["Latitude", "-23.5505", "number"], ["Longitude", "-46.6333", "number"], ["Name", "Home"]],
  (latitude, longitude, name) => say({ kind: "location", latitude: Number(latitude), longitude: Number(longitude), name, answers }));

function pick(file, mime, accept) {
  const input = el("input", { type: "file", accept });
  input.addEventListener("change", async () => {
    const chosen = input.files?.[0];
    if (!chosen) return;
    if (chosen.size > FILE_MAX) { $("problem").textContent = "The file is larger than 12 MB."; return; }
    await say({ kind: "file", file, mime: mime || chosen.type || "application/octet-stream", base64: await base64(chosen), filename: chosen.name });
  });
  input.click();
}

const base64 = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).split(",")[1] || "");
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(blob);
});

/** A picture made here, so that trying it out needs no file. */
async function drawing() {
  const canvas = el("canvas", { width: 320, height: 200 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#2c7a62"; pen.fillRect(0, 0, 320, 200);
  pen.fillStyle = "#fff"; pen.font = "24px sans-serif"; pen.fillText("A picture", 100, 108);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
  await say({ kind: "file", file: "image", mime: "image/jpeg", base64: await base64(blob), caption: "A picture" });
}

/** Half a second of tone, told as a voice note; its bytes are WAV. */
async function voice() {
  const rate = 8000, count = rate / 2, bytes = new DataView(new ArrayBuffer(44 + count));
  const text = (at, word) => [...word].forEach((c, n) => bytes.setUint8(at + n, c.charCodeAt(0)));
  text(0, "RIFF"); bytes.setUint32(4, 36 + count, true); text(8, "WAVEfmt "); bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); bytes.setUint16(22, 1, true); bytes.setUint32(24, rate, true); bytes.setUint32(28, rate, true);
  bytes.setUint16(32, 1, true); bytes.setUint16(34, 8, true); text(36, "data"); bytes.setUint32(40, count, true);
  for (let n = 0; n < count; n++) bytes.setUint8(44 + n, 128 + 60 * Math.sin((n * 2 * Math.PI * 440) / rate));
  await say({ kind: "file", file: "voice", mime: "audio/ogg; codecs=opus", base64: await base64(new Blob([bytes.buffer])) });
}

function showCart() {
  const lines = [...cart.values()];
  if (!lines.length) { catalogue(); return; }
  openSheet("Cart", lines.map(({ item, quantity }) => el("p", { text: `${quantity} × ${item.name} ${item.price ?? ""} ${item.currency ?? ""}` })),
    option("Send cart", async () => {
      await say({ kind: "order", items: lines.map(({ item, quantity }) => ({ sku: item.sku, quantity })) });
      cart.clear();
    }), option("Empty cart", () => cart.clear()));
}

function addToCart(item) {
  const line = cart.get(item.sku) || { item, quantity: 0 };
  cart.set(item.sku, { item, quantity: line.quantity + 1 });
  showCart();
}

function catalogue() {
  openSheet("Catalogue", state.catalogue.length
    ? state.catalogue.map((item) => option(item.name, () => addToCart(item), `${item.price} ${item.currency}`))
    : option("SKU…", () => form("Add to the cart", [["SKU", "SKU-1"]], (sku) => addToCart({ sku, name: sku }))));
}

/** What a message's buttons do. */
const act = {
  tap: (message, id) => say({ kind: "tap", message, id }),
  list: (message, action) => openSheet(action.button, action.sections.flatMap((section) => [
    section.title ? el("h3", { text: section.title }) : null,
    ...section.rows.map((row) => option(row.title, () => act.tap(message, row.id), row.description)),
  ])),
  place,
  contact: (answers) => say({ kind: "contact", name: me()?.name || "Me", phone: me()?.phone || "+5511988887777", answers }),
  form: (message) => form("Fill in", [["Answer as JSON", "{\"flow_token\":\"unused\"}"]], (response_json) => say({ kind: "form", message, response_json })),
  ask: (item) => form(`Ask about ${item.name}`, [["Question", "Is this in stock?"]], (body) => say({ kind: "ask_product", sku: item.sku, body })),
  cart: addToCart,
  catalogue,
  quote: (bubble) => { quoting = bubble.id; showQuote(); $("text").focus(); },
  react: (bubble) => openSheet("React", ["👍", "❤️", "😂", "😮", "🙏"].map((emoji) => option(emoji, () => say({ kind: "reaction", message: bubble.id, emoji }))),
    option("Take back", () => say({ kind: "reaction", message: bubble.id, emoji: "" }))),
};

function showQuote() {
  const bubble = quoting && find(quoting);
  $("reply").hidden = !bubble;
  if (bubble) $("reply").replaceChildren(el("span", { text: gist(bubble) }), el("button", { type: "button", text: "×", "aria-label": "Do not quote", on: { click: () => { quoting = null; showQuote(); } } }));
}

function showPeople() {
  const select = $("person");
  const before = select.value || new URLSearchParams(location.search).get("as");
  select.replaceChildren(...state.people.map((p) => el("option", { value: p.key, text: `${p.name || "(no name)"} · ${p.shows_phone ? `+${p.phone}` : `@${p.username} (no phone)`}` })));
  if (state.people.some((p) => p.key === before)) select.value = before;
}

function showChat() {
  const person = me();
  $("business").textContent = state.numbers[0]?.name ?? "";
  const log = $("chat");
  const chat = state.bubbles.filter((b) => b.person === person?.key && b.number === number());
  const reactions = new Map();
  for (const b of chat.filter((c) => c.kind === "reaction")) {
    const key = b.body.message_id;
    const others = (reactions.get(key) || []).filter((r) => r.ours !== b.ours);
    reactions.set(key, b.body.emoji && b.status !== "failed" ? [...others, { ours: b.ours, emoji: b.body.emoji }] : others);
  }
  for (const [key, list] of reactions) reactions.set(key, list.map((r) => r.emoji));
  const context = { catalogue: state.catalogue, find, reactions };
  const shown = chat.filter((b) => b.kind !== "reaction" || b.status === "failed");
  const nodes = shown.map((b) => bubbleOf(b, context));
  if (!shown.length) nodes.push(el("p", { class: "notice", text: person ? "Write the first message." : "Make a shopper with the button New." }));
  if (person && !state.open.includes(person.key)) nodes.push(el("p", { class: "notice", text: "The 24-hour window is closed." }));
  for (const [n, node] of nodes.entries()) if (log.children[n] !== node) log.insertBefore(node, log.children[n] || null);
  while (log.children.length > nodes.length) log.lastElementChild.remove();
  if (stick) log.scrollTop = log.scrollHeight;
}

/** Draws a message anew only when it has changed, so that what is playing or focused stays. */
function bubbleOf(bubble, context) {
  const key = JSON.stringify([bubble, context.reactions.get(bubble.id), state.catalogue.length]);
  const before = drawn.get(bubble.id);
  if (before?.key === key) return before.node;
  const node = draw(bubble, act, context);
  const focused = before?.node.contains(document.activeElement) ? document.activeElement.textContent : null;
  if (before?.node.isConnected) before.node.replaceWith(node);
  if (focused !== null) [...node.querySelectorAll("button, a")].find((b) => b.textContent === focused)?.focus();
  drawn.set(bubble.id, { key, node });
  if (drawn.size > 600) drawn.delete(drawn.keys().next().value);
  return node;
}

function showPresence() {
  const until = me()?.typing_until;
  const types = until && new Date(until).getTime() > Date.now() + skew;
  const spot = $("presence");
  if (types && !spot.dataset.on) spot.replaceChildren("typing ", el("span", { class: "typing", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
  if (!types) spot.replaceChildren(state.callback ? "online" : "no webhook address yet");
  spot.dataset.on = types ? "1" : "";
  $("clock").textContent = new Date(Date.now() + skew).toLocaleString();
}

async function look() {
  const answer = await fetch(`/emulator/state?since=${state.revision}`);
  if (!answer.ok) throw new Error(`the emulator answered ${answer.status}`);
  const fresh = await answer.json();
  skew = new Date(fresh.now).getTime() - Date.now();
  if (fresh.people) {
    state = fresh;
    showPeople();
    showChat();
    showTools(state, me(), order);
  }
  showPresence();
}

$("person").addEventListener("change", () => { quoting = null; stick = true; showQuote(); showChat(); showTools(state, me(), order); showPresence(); });
$("add").addEventListener("click", () => { $("new").hidden = !$("new").hidden; $("add").setAttribute("aria-expanded", String(!$("new").hidden)); if (!$("new").hidden) $("new-phone").focus(); });
$("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = await order({ do: "person", phone: $("new-phone").value || null, username: $("new-user").value || null, name: $("new-name").value });
  if (!made) return;
  $("new").hidden = true; $("add").setAttribute("aria-expanded", "false"); $("new").reset();
  $("person").value = made.person; $("person").dispatchEvent(new Event("change"));
});
$("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = $("text").value.trim();
  if (!body) return;
  if (await say({ kind: "text", body, quotes: quoting })) { $("text").value = ""; quoting = null; showQuote(); }
});
$("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").requestSubmit(); } });
$("more").addEventListener("click", () => { $("more").setAttribute("aria-expanded", "true"); openSheet("Send something else",
  option("🖼 A picture from here", () => pick("image", "", "image/jpeg,image/png")), option("🎨 A drawn picture", drawing), option("🎤 A voice note", voice),
  option("📄 A document", () => pick("document", "", "")), option("📍 A location", () => place()), option("🛒 Cart", showCart),
  option("👤 A contact", () => form("Send a contact", [["Name", "Rita"], ["Phone", "+5511977776666"]], (name, phone) => say({ kind: "contact", name, phone }))),
  option("📣 Come by an ad", () => say({ kind: "ad", body: "I saw your ad", headline: "New in", clid: "clid_1" })),
  option("🗳 A poll (not carried)", () => say({ kind: "unsupported", what: "poll_creation" }))); });
$("chat").addEventListener("scroll", () => { const log = $("chat"); stick = log.scrollHeight - log.scrollTop - log.clientHeight < 60; });
$("chat").addEventListener("load", () => { if (stick) $("chat").scrollTop = $("chat").scrollHeight; }, true);
sheet.addEventListener("close", () => $("more").setAttribute("aria-expanded", "false"));

for (;;) {
  if (!document.hidden) await look().catch((error) => { $("problem").textContent = `The emulator cannot be reached: ${error.message}`; });
  await new Promise((done) => setTimeout(done, LOOK_EVERY));
}
