// Beside the phone: what the shopper is like, time, misbehaviour, and what went over the wire.

import { clockTime, el } from "./dom.js";

const HABITS = [["reads", "opens messages at once"], ["receipts", "read receipts on"], ["reachable", "phone is on"], ["blocks", "has blocked the business"]];
const SWITCHES = [["reorder", "webhooks in no order"], ["statuses_first", "statuses before the answer"], ["marketing_cap", "marketing cap (131049)"], ["no_delivery", "webhooks do not get through"]];
const NUMBERS = [["duplicates", "repeats of each webhook"], ["batch", "updates in one POST"], ["delay_ms", "webhooks later by ms"], ["slow_ms", "answers later by ms"], ["lose_answers", "next answers lost (500)"], ["cut_answers", "next answers cut off"]];
const CODES = [["refuse", "refuse the next sends", ["131000", "131056", "130429", "190", "429", "131016"]], ["fail", "let the next fail later", ["131026", "131047", "131049", "131053", "130472"]]];

const box = (label, checked, change) => {
  const input = el("input", { type: "checkbox" });
  input.checked = Boolean(checked);
  input.addEventListener("change", () => change(input.checked));
  return el("label", {}, input, label);
};

function habits(person, order) {
  if (!person) return [el("p", { text: "Nobody yet." })];
  return [
    ...HABITS.map(([key, label]) => box(label, person[key], (on) => order({ do: "change", person: person.key, [key]: on }))),
    box("has stopped marketing", person.stopped, (stop) => order({ do: "marketing", person: person.key, stop })),
    el("button", { type: "button", text: "Change the user id", on: { click: () => order({ do: "move", person: person.key }) } }),
    el("button", { type: "button", text: "Open the chat", on: { click: () => order({ do: "open", person: person.key }) } }),
  ];
}

function mischief(state, order) {
  const now = state.mischief;
  const set = (key, value) => order({ do: "misbehave", how: { ...state.mischief, [key]: value } });
  const numeric = (value, label, change) => {
    const input = el("input", { type: "number", min: 0, max: 100000, value: value ?? 0 });
    input.addEventListener("change", () => change(Math.max(0, Math.trunc(Number(input.value) || 0))));
    return el("label", {}, input, label);
  };
  const next = ([key, label, codes]) => {
    const known = codes.includes(String(now[key]?.code)) ? codes : [String(now[key]?.code || codes[0]), ...codes];
    const select = el("select", { "aria-label": `Code: ${label}` }, [...new Set(known)].map((code) => el("option", { value: code, text: code })));
    select.value = String(now[key]?.code || codes[0]);
    const times = el("input", { type: "number", min: 0, max: 1000, value: now[key]?.times ?? 0, "aria-label": `How many: ${label}` });
    const change = () => set(key, { code: Number(select.value), times: Math.max(0, Math.trunc(Number(times.value) || 0)) });
    times.addEventListener("change", change);
    select.addEventListener("change", change);
    return el("label", { class: "wide" }, times, label, select);
  };
  return [...SWITCHES.map(([key, label]) => box(label, now[key], (on) => set(key, on))),
    ...NUMBERS.map(([key, label]) => numeric(now[key], label, (value) => set(key, value))), ...CODES.map(next)];
}

const pretty = (text) => {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
};

/** What a webhook tells, in few words. */
function told(text) {
  try {
    const changes = JSON.parse(text).entry.flatMap((e) => e.changes);
    return changes.flatMap(({ field, value }) => [
      ...(value.messages || []).map((m) => m.type), ...(value.statuses || []).map((s) => [s.status, s.errors?.[0]?.code].filter(Boolean).join(" ")),
      ...(value.errors || []).map((e) => e.code), ...(field === "messages" ? [] : [field]),
    ]).slice(0, 12).join(", ");
  } catch { return ""; }
}

/** What a call sends, in few words. */
function sends(text) {
  try {
    const body = JSON.parse(text);
    return [body.type || body.status, body.interactive?.type || body.template?.name].filter(Boolean).join(" ");
  } catch { return ""; }
}

function line(entry) {
  const inside = el("div");
  const node = el("details", { "data-seq": entry.seq }, el("summary", {},
    el("span", { class: "tag", text: entry.kind === "call" ? "→ API" : "webhook →" }), ` ${clockTime(new Date(entry.at))} `,
    el("strong", { text: String(entry.status || "—") }), ` ${entry.kind === "call" ? `${entry.title} ${sends(entry.request)}` : told(entry.request) || entry.title}`, entry.why ? el("span", { class: "why", text: entry.why }) : null), inside);
  node.addEventListener("toggle", () => {
    if (node.open && !inside.childNodes.length) inside.append(el("pre", { text: pretty(entry.request), tabindex: 0 }), el("pre", { text: pretty(entry.answer), tabindex: 0 }));
  });
  return el("li", {}, node);
}

function wire(state) {
  const list = document.getElementById("wire");
  const known = new Set([...list.querySelectorAll("[data-seq]")].map((n) => n.dataset.seq));
  for (const entry of state.journal) if (!known.has(String(entry.seq))) list.prepend(line(entry));
  while (list.children.length > 60) list.lastElementChild.remove();
  document.getElementById("waiting").textContent = state.waiting ? `(${state.waiting} waiting)` : "";
}

/** Replaces what is inside, unless somebody is at work in it. */
function fill(id, content) {
  const node = document.getElementById(id);
  const key = node.contains(document.activeElement) ? document.activeElement.closest("label, button")?.textContent : null;
  const typing = node.contains(document.activeElement) && document.activeElement.type === "number";
  if (typing) return;
  node.replaceChildren(...content);
  if (key) [...node.querySelectorAll("label, button")].find((n) => n.textContent === key)?.closest("label, button")?.querySelector("input, select")?.focus();
}

/** Draws everything beside the phone. */
export function showTools(state, person, order) {
  fill("habits", habits(person, order));
  fill("mischief", mischief(state, order));
  const time = document.getElementById("time");
  if (!time.childNodes.length) {
    for (const [hours, text] of [[1, "1 hour on"], [25, "25 hours on"], [24 * 8, "8 days on"]]) {
      time.append(el("button", { type: "button", text, on: { click: () => order({ do: "jump", hours }) } }));
    }
  }
  wire(state);
}
