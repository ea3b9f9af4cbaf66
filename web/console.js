// Console: refreshes the list or the conversation by fetching the same page every few seconds and
// swapping the parts marked data-live. The reply form is outside those parts, so typing is safe.

import { localiseTimes, store } from "/assets/dom.js";

const EVERY = 4000;
const scroller = document.getElementById("scroller");
const reply = document.getElementById("reply");
const shown = new Map(); // id -> markup as the server last sent it

for (const part of document.querySelectorAll("[data-live]")) shown.set(part.id, part.innerHTML);
localiseTimes(document);
if (scroller) scroller.scrollTop = scroller.scrollHeight;

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.pathname + location.search, { credentials: "same-origin", cache: "no-store" });
  if (response.redirected && new URL(response.url).pathname !== location.pathname) {
    if (!reply || !reply.elements.text.value) location.assign(response.url);
    return;
  }
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.getElementById(part.id);
    const markup = next && next.innerHTML; // read before its nodes are moved; only ever compared
    if (!next || markup === shown.get(part.id)) continue;
    if (part.dataset.live === "append") append(part, next);
    else if (!swap(part, next)) continue;
    shown.set(part.id, markup);
  }
  document.title = page.title || document.title;
}

/** New messages go to the end, so that a screen reader speaks only those. */
function append(part, next) {
  const atEnd = !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  const fresh = [...next.children].slice(part.childElementCount).map((node) => document.importNode(node, true));
  part.append(...fresh);
  localiseTimes(part);
  if (atEnd && scroller) scroller.scrollTop = scroller.scrollHeight;
}

/** Replaces a part; keeps the focus on the same link, and waits while a button in it has the focus. */
function swap(part, next) {
  const active = document.activeElement;
  const inside = part.contains(active);
  const address = inside ? active.getAttribute("href") : null;
  if (inside && !address) return false;
  part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  localiseTimes(part);
  if (address) [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === address)?.focus();
  return true;
}

if (document.body.dataset.poll) setInterval(() => refresh().catch(() => {}), EVERY);

if (reply) {
  const { text, author } = reply.elements;
  const drafts = store("sessionStorage");
  const names = store("localStorage");
  const key = `souk-reply ${location.pathname}`;
  text.value ||= drafts.get(key) || "";
  author.value ||= names.get("souk-author") || "";
  text.addEventListener("input", () => drafts.set(key, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      reply.requestSubmit();
    }
  });
  reply.addEventListener("submit", (event) => {
    if (reply.dataset.sent) {
      event.preventDefault();
      return;
    }
    reply.dataset.sent = "yes";
    drafts.set(key, "");
    names.set("souk-author", author.value.trim());
  });
  addEventListener("pageshow", () => delete reply.dataset.sent);
}

const colleague = document.getElementById("colleague");
if (colleague) {
  const names = store("localStorage");
  colleague.value ||= names.get("souk-author") || "";
  colleague.form.addEventListener("submit", () => names.set("souk-author", colleague.value.trim()));
}
