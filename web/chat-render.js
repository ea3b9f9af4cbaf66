// Turns one Reply of the chat contract into DOM. Text always goes in as text, never as markup.
// `actions` = { tap(choice, group, settle), embed, shop }.

import { clockTime, dayKey, dayName, el, icon, parseTime, webAddress, withLinks } from "/assets/dom.js";
import { words } from "/assets/chat-words.js";

const list = (value) => (Array.isArray(value) ? value : []);

/** Text in its own direction, inside a block that keeps the page's alignment. */
const own = (text) => el("bdi", { text });

/** The row for one reply. The shopper's own rows are made here as well (optimistic ones have no seq). */
export function messageRow(reply, actions) {
  const row = el("div", { class: `msg from-${reply.from}` });
  const at = parseTime(reply.at) || new Date();
  row.dataset.day = dayKey(at);
  row.dataset.time = String(at.getTime());
  row.dataset.who = `${reply.from === "shop" ? "agent" : reply.from}/${reply.author || ""}`;
  if (Number.isFinite(reply.seq)) row.dataset.seq = String(reply.seq);
  if (reply.client_id) row.dataset.client = reply.client_id;

  const stack = el("div", { class: "stack" });
  stack.append(byline(reply, actions));
  if (reply.text) stack.append(bubble(reply));
  const cards = list(reply.cards);
  if (cards.length) stack.append(cardRow(cards, actions));
  if (reply.summary) stack.append(summary(reply.summary, actions));
  if (reply.payment) stack.append(payment(reply.payment, actions));
  if (reply.link) stack.append(pageLink(reply.link, actions));
  const found = list(reply.sources);
  if (found.length) stack.append(sources(found));
  const offered = list(reply.choices);
  if (offered.length) stack.append(choiceGroup(offered, actions));
  stack.append(el("p", { class: "meta" },
    el("time", { datetime: at.toISOString(), text: clockTime(at) }),
    el("span", { class: "delivery" })));

  const line = el("div", { class: "line" });
  if (reply.from !== "shopper") line.append(mark(reply, actions));
  line.append(stack);
  if (stack.childElementCount > 2) row.append(line);
  const notice = { hand_off: words.handOff, returned: words.returned }[reply.notice];
  if (notice) row.append(el("p", { class: `system ${reply.notice}`, text: notice }));
  return row;
}

function mark(reply, actions) {
  const mate = reply.from === "colleague";
  const name = mate ? reply.author || words.colleague : actions.shop;
  return el("span", { class: mate ? "mark mate" : "mark", "aria-hidden": "true", text: [...name][0] || "" });
}

function byline(reply, actions) {
  if (reply.from === "shopper") return el("p", { class: "byline sr", text: `${words.you}:` });
  if (reply.from === "colleague") {
    return el("p", { class: "byline" },
      el("b", { dir: "auto", text: reply.author || words.colleague }),
      el("span", { text: reply.author ? ` · ${actions.shop}` : "" }));
  }
  return el("p", { class: "byline sr", text: `${actions.shop}:` });
}

function bubble(reply) {
  const body = el("div", { class: "bubble", dir: "auto" });
  body.append(...(reply.from === "colleague" ? withLinks(reply.text) : [reply.text]));
  return body;
}

/** A group of buttons of which one may be taken. Buttons stay focusable after it was. */
function choiceGroup(choices, actions) {
  const long = choices.length > 3;
  const group = el("div", {
    class: long ? "choices tall" : "choices", role: "group", "aria-label": words.choose,
  });
  for (const choice of choices) {
    const button = choiceButton(choice, "choice");
    button.addEventListener("click", () => tapOnce(button, group, choice, actions));
    group.append(button);
  }
  return group;
}

function choiceButton(choice, className, about) {
  const button = el("button", { class: className, type: "button", "data-id": choice.id },
    el("span", { class: "label", dir: "auto", text: choice.label }));
  button.dataset.label = choice.label;
  if (choice.hint) button.append(" ", el("span", { class: "hint num", text: choice.hint }));
  if (about) button.setAttribute("aria-label", `${choice.label}, ${about}`);
  return button;
}

function tapOnce(button, group, choice, actions) {
  if (group.dataset.settled) return;
  settle(group, button);
  actions.tap(choice, () => unsettle(group));
}

/** Locks a group and marks the chosen button, if it is known. */
export function settle(group, chosen) {
  group.dataset.settled = "yes";
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", "true");
    if (button === chosen) {
      button.classList.add("chosen");
      button.prepend(icon("check", 16));
      button.append(el("span", { class: "sr", text: `, ${words.chosen}` }));
    }
  }
}

function unsettle(group) {
  delete group.dataset.settled;
  for (const button of group.querySelectorAll("button")) {
    button.removeAttribute("aria-disabled");
    if (!button.classList.contains("chosen")) continue;
    button.classList.remove("chosen");
    button.querySelector(":scope > svg")?.remove();
    button.querySelector(":scope > .sr")?.remove();
  }
}

/** After a shopper row: the group just above it whose label it repeats was answered by it. */
export function settleAbove(row, text) {
  for (let above = row.previousElementSibling; above; above = above.previousElementSibling) {
    if (above.classList.contains("from-shopper")) return;
    for (const group of above.querySelectorAll(".choices:not([data-settled])")) {
      const chosen = [...group.querySelectorAll("button")].find((button) => button.dataset.label === text);
      if (chosen) {
        settle(group, chosen);
        return;
      }
    }
  }
}

function cardRow(cards, actions) {
  const one = cards.length === 1;
  const row = el("ul", { class: one ? "cards single" : "cards", role: "list" });
  if (!one) {
    row.tabIndex = 0;
    row.setAttribute("aria-label", words.products(cards.length));
  }
  for (const card of cards) row.append(productCard(card, actions));
  return row;
}

function productCard(card, actions) {
  const text = el("div", { class: "card-text" },
    el("h2", {}, own(card.title)),
    card.subtitle && el("p", { class: "card-sub" }, own(card.subtitle)),
    (card.price || card.compare_at) && price(card),
    card.stock && el("p", { class: `stock ${stockTone(card)}`, text: card.stock }));
  const item = el("li", { class: "card" }, picture(card), text);
  const choices = list(card.choices);
  if (choices.length) {
    const group = el("div", {
      class: "card-actions", role: "group", "aria-label": words.productActions(card.title),
    });
    for (const choice of choices) {
      const strong = String(choice.id).startsWith("add:");
      const button = choiceButton(choice, strong ? "card-btn strong" : "card-btn", card.title);
      button.addEventListener("click", () => tapAgain(button, choice, actions));
      group.append(button);
    }
    item.append(group);
  }
  return item;
}

/** Card buttons may be used more than once (look at one, then put another in the cart): no lock,
    only a short pause against double taps. */
function tapAgain(button, choice, actions) {
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  setTimeout(() => button.removeAttribute("aria-disabled"), 1500);
  button.classList.add("used");
  actions.tap(choice, () => button.classList.remove("used"));
}

function price(card) {
  const line = el("p", { class: "price" });
  if (card.compare_at) {
    line.append(el("span", { class: "sr", text: `${words.now} ` }), el("b", { class: "num sale", text: card.price }),
      " ", el("span", { class: "sr", text: `${words.was} ` }), el("s", { class: "num", text: card.compare_at }));
  } else line.append(el("b", { class: "num" }, own(card.price)));
  return line;
}

function stockTone({ left, stock }) {
  const tone = { enough: "in", few: "low", none: "out" }[left];
  if (tone) return tone;
  if (/sold out|out of stock|unavailable/i.test(stock)) return "out";
  if (/\d+ left|last|few|low/i.test(stock)) return "low";
  return /in stock|available/i.test(stock) ? "in" : "";
}

function picture(card) {
  const letter = () => el("span", { class: "no-pic", "aria-hidden": "true", text: [...String(card.title)][0] || "" });
  const frame = el("div", { class: "pic" });
  const address = card.picture ? webAddress(card.picture) : null;
  if (!address) {
    frame.append(letter());
    return frame;
  }
  const image = el("img", { src: address, alt: "", loading: "lazy", decoding: "async", width: 240, height: 180 });
  image.addEventListener("error", () => image.replaceWith(letter()));
  frame.append(image);
  return frame;
}

function summary(data, actions) {
  const box = el("section", { class: "sum", "aria-label": data.title || words.order },
    el("h2", {}, own(data.title || words.order)));
  const lines = el("ul", { class: "lines", role: "list" });
  for (const line of list(data.lines)) {
    const several = line.quantity > 1;
    const detail = [line.options, several ? `${line.quantity} × ${line.unit || ""}`.trim() : ""].filter(Boolean);
    lines.append(el("li", {},
      el("span", { class: "what" }, own(line.title)),
      el("span", { class: "num" }, own(line.total)),
      detail.length ? el("span", { class: "detail" }, own(detail.join(" · "))) : null));
  }
  const totals = el("dl", { class: "totals" });
  for (const total of list(data.totals)) {
    totals.append(el("div", { class: total.strong ? "strong" : null },
      el("dt", {}, own(total.label)), el("dd", { class: "num" }, own(total.amount))));
  }
  if (lines.childElementCount) box.append(lines);
  if (totals.childElementCount) box.append(totals);
  const until = parseTime(data.expires_at);
  const choices = list(data.choices);
  if (until && choices.length) {
    box.append(el("p", { class: "held" }, icon("clock", 16), own(words.heldUntil(clockTime(until)))));
  }
  if (choices.length) {
    const group = choiceGroup(choices, actions);
    group.classList.remove("tall");
    group.classList.add("decide");
    box.append(group);
  }
  return box;
}

function pageLink(data, actions) {
  const address = webAddress(data.url);
  if (!address) return "";
  const link = el("a", { class: "btn", href: address, rel: "noopener" }, el("span", { dir: "auto", text: data.label }));
  if (actions.embed) {
    link.target = "_blank";
    link.append(el("span", { class: "sr", text: ` (${words.newTab})` }));
  }
  return el("p", { class: "page-link" }, link);
}

function payment(data, actions) {
  const address = webAddress(data.url);
  const until = parseTime(data.expires_at);
  const box = el("section", { class: "payment", "aria-label": words.orderNumber(data.order) },
    el("p", { class: "payment-head" },
      el("b", { text: words.orderNumber(data.order) }),
      el("span", { class: "num" }, own(data.total))));
  if (address) {
    const link = el("a", { class: "btn primary wide", href: address, rel: "noopener" },
      icon("lock"), el("span", { dir: "auto", text: data.label || data.total }));
    if (actions.embed) {
      link.target = "_blank";
      link.append(el("span", { class: "sr", text: ` (${words.newTab})` }));
    }
    box.append(link);
  }
  const note = [words.secure, until ? words.payUntil(clockTime(until)) : ""].filter(Boolean).join(" · ");
  box.append(el("p", { class: "small soft" }, own(note)));
  return box;
}

function sources(found) {
  const line = el("p", { class: "sources" }, icon("book", 16), el("span", { class: "sr", text: words.source }));
  const names = el("span");
  found.forEach((source, index) => {
    if (index) names.append("; ");
    names.append(el("b", { dir: "auto", text: source.title }));
    if (source.heading) names.append(" › ", el("span", { dir: "auto", text: source.heading }));
  });
  line.append(names);
  return line;
}

/** Recomputes grouping (name and avatar on the first, time on the last) and the day line of a row. */
export function regroup(row) {
  if (!row || !row.classList.contains("msg")) return;
  const before = row.previousElementSibling;
  const together = (one, other) => one && other && one.dataset.who === other.dataset.who &&
    one.dataset.day === other.dataset.day && !one.querySelector(":scope > .system") &&
    Math.abs(Number(one.dataset.time) - Number(other.dataset.time)) < 5 * 60 * 1000;
  row.classList.toggle("first", !together(before, row));
  row.classList.toggle("last", !together(row, row.nextElementSibling));
  const newDay = !before || before.dataset.day !== row.dataset.day;
  const line = row.querySelector(":scope > .day");
  if (newDay && !line) {
    row.prepend(el("p", { class: "day" }, el("span", { text: dayName(new Date(Number(row.dataset.time))) })));
  } else if (!newDay && line) line.remove();
}
