// The chat page: keeps the message list, the composer and the connection in step.
// Rendering is in chat-render.js, sending in chat-send.js, receiving in chat-stream.js.

import { clockTime, el, icon, newId, parseTime, store } from "/assets/dom.js";
import { messageRow, regroup, settleAbove } from "/assets/chat-render.js";
import { send } from "/assets/chat-send.js";
import { Stream } from "/assets/chat-stream.js";
import { words } from "/assets/chat-words.js";

const $ = (id) => document.getElementById(id);
const [log, scroll, text, sendButton, typing, banner, net, count, latest, welcome] =
  ["log", "scroll", "text", "send", "typing", "banner", "net", "count", "latest", "welcome"].map($);

const page = document.body.dataset;
const embed = page.embed === "yes" && window.parent !== window;
const max = Number(page.max) || 4000;
const drafts = store("sessionStorage");
const baseTitle = document.title;
const bySeq = new Map();
const byClient = new Map();
let live = false; // false while the history is being put in
let panelOpen = !embed;
let unread = 0;
let talkingTo = "agent";
let lastAuthor = "";

const actions = { tap, embed: page.embed === "yes", shop: page.shop || "" };

/* ---- the list ---- */

function place(row) {
  const seq = Number(row.dataset.seq);
  let after = log.lastElementChild;
  while (after && after.dataset.seq && Number.isFinite(seq) && Number(after.dataset.seq) > seq) {
    after = after.previousElementSibling;
  }
  if (after) after.after(row);
  else log.prepend(row);
  regroup(row);
  regroup(row.previousElementSibling);
  regroup(row.nextElementSibling);
}

function receive(replies, isHistory) {
  if (isHistory && !live) log.setAttribute("aria-live", "off");
  const stick = nearBottom();
  let fresh = 0;
  for (const reply of replies) {
    if (bySeq.has(reply.seq)) continue;
    const own = reply.from === "shopper";
    if (own && reply.client_id && byClient.has(reply.client_id)) {
      adopt(byClient.get(reply.client_id), reply);
      continue;
    }
    const row = messageRow(reply, actions);
    bySeq.set(reply.seq, row);
    if (own && reply.client_id) byClient.set(reply.client_id, row);
    if (live) row.classList.add("new");
    place(row);
    if (own) settleAbove(row, reply.text);
    else {
      hideTyping();
      fresh += 1;
      if (reply.from === "colleague" && reply.author) {
        lastAuthor = reply.author;
        if (talkingTo === "colleague") state("colleague");
      }
    }
    if (reply.notice === "hand_off") state("colleague");
    if (reply.notice === "returned") {
      lastAuthor = "";
      state("agent");
    }
  }
  welcome.hidden = log.childElementCount > 0;
  if (isHistory && !live) {
    live = true;
    log.removeAttribute("aria-busy");
    requestAnimationFrame(() => {
      toBottom(false);
      log.setAttribute("aria-live", "polite");
    });
    return;
  }
  if (!fresh) {
    if (stick) toBottom(true);
    return;
  }
  if (stick) showAnswer();
  else latest.hidden = false;
  if (!panelOpen || document.hidden) countUnread(fresh);
}

/** The server's copy of a message that is already on the page. */
function adopt(row, reply) {
  row.dataset.seq = String(reply.seq);
  bySeq.set(reply.seq, row);
  const at = parseTime(reply.at);
  if (at) row.querySelector("time").textContent = clockTime(at);
  delivery(row, "");
}

function nearBottom() {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
}

function scrollTo(top, smooth) {
  scroll.scrollTo({ top, behavior: smooth ? "smooth" : "instant" });
}

function toBottom(smooth) {
  scrollTo(scroll.scrollHeight, smooth);
  latest.hidden = true;
}

/** After an answer: to the end, but never so far that the question leaves the screen – unless the
    answer ends in a decision (confirm, pay): those buttons must be in view. */
function showAnswer() {
  requestAnimationFrame(() => {
    const asked = [...log.querySelectorAll(".msg.from-shopper")].pop();
    const decision = log.lastElementChild?.querySelector(".decide, .payment");
    const end = scroll.scrollHeight - scroll.clientHeight;
    const top = asked && !decision
      ? asked.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop - 8 : end;
    const target = Math.max(Math.min(end, top), Math.min(end, scroll.scrollTop));
    scrollTo(target, true);
    latest.hidden = end - target < 60;
  });
}

/* ---- sending ---- */

function say(body, label, undo) {
  const id = newId();
  const row = messageRow({ from: "shopper", client_id: id, text: label, at: new Date().toISOString() }, actions);
  row.classList.add("new");
  byClient.set(id, row);
  welcome.hidden = true;
  place(row);
  toBottom(true);
  deliver(row, { ...body, id }, undo);
}

function tap(choice, undo) {
  say({ tap: choice.id, label: choice.label }, choice.label, undo);
}

async function deliver(row, body, undo) {
  const slow = setTimeout(() => delivery(row, words.sending), 900);
  try {
    const receipt = await send(body);
    if (Number.isFinite(receipt.seq) && !bySeq.has(receipt.seq)) {
      row.dataset.seq = String(receipt.seq);
      bySeq.set(receipt.seq, row);
    }
    delivery(row, "");
    const answered = row.nextElementSibling && row.nextElementSibling.dataset.seq;
    if (talkingTo === "agent" && !answered) showTyping(words.thinking);
  } catch (problem) {
    if (row.dataset.seq) return; // it did arrive: the stream has brought it back meanwhile
    hideTyping();
    notSent(row, body, undo, problem);
  } finally {
    clearTimeout(slow);
  }
}

function delivery(row, note) {
  row.classList.toggle("pending", note === words.sending);
  row.classList.remove("failed");
  row.querySelector(".delivery").replaceChildren(note ? ` · ${note}` : "");
}

function notSent(row, body, undo, problem) {
  delivery(row, "");
  row.classList.add("failed");
  const reason = problem.message || (navigator.onLine === false ? words.noNetwork : "");
  const again = el("button", { class: "again", type: "button", text: problem.retryable === false ? words.edit : words.tryAgain });
  again.addEventListener("click", () => {
    if (problem.retryable !== false) {
      deliver(row, body, undo);
      text.focus({ preventScroll: true });
      delivery(row, words.sending);
      return;
    }
    byClient.delete(body.id);
    row.remove();
    if (undo) undo();
    if (body.text && !text.value) text.value = body.text;
    typed();
    text.focus();
  });
  row.querySelector(".delivery").replaceChildren(icon("alert", 16), ` ${words.notSent} ${reason} `, again);
  if (nearBottom()) toBottom(true);
}

/* ---- typing, banner, connection ---- */

let typingTimer = 0;

function showTyping(label) {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(hideTyping, 60000);
  const stick = nearBottom();
  $("typing-label").textContent = label || words.thinking;
  typing.hidden = false;
  if (stick) toBottom(true);
}

function hideTyping() {
  clearTimeout(typingTimer);
  typing.hidden = true;
}

function state(who) {
  talkingTo = who;
  const mate = who === "colleague";
  if (mate) hideTyping();
  document.body.classList.toggle("with-mate", mate);
  const line = mate ? words.withColleague(lastAuthor) : "";
  if (banner.textContent !== line) banner.textContent = line;
  banner.hidden = !mate;
  $("who").textContent = mate ? lastAuthor || words.colleague : words.assistant;
}

let netTimer = 0;

function connection(how) {
  clearTimeout(netTimer);
  if (how === "open") {
    net.hidden = true;
    net.textContent = "";
    return;
  }
  const line = navigator.onLine === false ? words.offline : how === "unloaded" ? words.loadFailed : words.reconnecting;
  netTimer = setTimeout(() => { // a connection that returns at once needs no line
    net.textContent = line;
    net.hidden = false;
  }, 1500);
}

/* ---- unread, and the page that embeds us ---- */

function countUnread(more) {
  unread += more;
  document.title = unread ? words.unreadTitle(unread, baseTitle) : baseTitle;
  tellParent({ type: "souk:unread", count: unread });
}

function seen() {
  if (panelOpen && !document.hidden && unread) countUnread(-unread);
}

// The messages to the embedding page carry a word or a number only, so any origin may have them.
function tellParent(message) {
  if (embed) window.parent.postMessage(message, "*");
}

if (embed) {
  addEventListener("message", (event) => {
    if (event.source !== window.parent || !event.data) return;
    if (event.data.type === "souk:opened") {
      panelOpen = true;
      seen();
      toBottom(false);
      if (event.data.keyboard || matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
    }
    if (event.data.type === "souk:closed") panelOpen = false;
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tellParent({ type: "souk:close" });
  });
  tellParent({ type: "souk:ready" });
}
const close = $("close");
if (close) {
  close.hidden = !embed;
  close.addEventListener("click", () => tellParent({ type: "souk:close" }));
}
document.addEventListener("visibilitychange", seen);

/* ---- composer ---- */

function typed() {
  const length = [...text.value].length;
  sendButton.disabled = !text.value.trim() || length > max;
  const left = max - length;
  const tight = left < Math.max(20, max * 0.1);
  count.hidden = !tight;
  count.classList.toggle("over", left < 0);
  count.textContent = tight ? (left < 0 ? words.over(-left) : words.left(left)) : "";
  text.style.blockSize = "auto";
  text.style.blockSize = `${Math.min(text.scrollHeight + 2, Math.max(120, innerHeight * 0.3))}px`;
  drafts.set("souk-draft", text.value);
}

function submit() {
  const body = text.value.trim();
  if (!body || sendButton.disabled) return;
  text.value = "";
  typed();
  say({ text: body }, body);
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  text.focus({ preventScroll: true });
});
text.addEventListener("input", typed);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
for (const starter of document.querySelectorAll("[data-say]")) {
  starter.addEventListener("click", (event) => {
    if (event.detail === 0) text.focus({ preventScroll: true }); // keyboard: the button is about to go
    say({ text: starter.dataset.say }, starter.dataset.say);
  });
}

latest.addEventListener("click", (event) => {
  toBottom(true);
  if (event.detail === 0) text.focus({ preventScroll: true });
});
scroll.addEventListener("scroll", () => {
  if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40) latest.hidden = true;
}, { passive: true });

/* On phones the on-screen keyboard covers the page; the page is as tall as what is left. */
const view = window.visualViewport;
if (view) {
  view.addEventListener("resize", () => {
    const stick = nearBottom();
    document.documentElement.style.setProperty("--view", `${view.height}px`);
    if (stick) toBottom(false);
  });
}

/* ---- start ---- */

text.value = drafts.get("souk-draft") || "";
typed();
if (matchMedia("(hover: hover)").matches && !embed) text.focus({ preventScroll: true });
new Stream({ replies: receive, progress: showTyping, state, connection }).start();
