// Small DOM helpers shared by the pages' scripts: element building (text only, never markup),
// icons, times in the reader's own locale, and safe links.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  book: "M5 5.5c2.5-1 5-1 7 .6 2-1.6 4.5-1.6 7-.6v13c-2.5-1-5-1-7 .6-2-1.6-4.5-1.6-7-.6zM12 6.1v13",
  lock: "M7 11h10v8H7zM9 11V8a3 3 0 0 1 6 0v3",
  alert: "M12 8v5M12 16.5v.1M12 3.5l9 16H3z",
  clock: "M12 7v5l3.5 2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
};

/** Builds an element. `props`: class, text, dir, id, type, href… are attributes; `on` holds listeners. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/** A line icon from the set above; decorative. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const attributes = {
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name] || "");
  svg.append(path);
  return svg;
}

const locale = () => {
  const lang = document.documentElement.lang;
  const own = navigator.language || lang || "en";
  return lang && !own.toLowerCase().startsWith(lang.toLowerCase()) ? lang : own;
};

function format(date, options) {
  try {
    return new Intl.DateTimeFormat(locale(), options).format(date);
  } catch {
    return date.toISOString();
  }
}

/** A Date for an ISO 8601 text, or null when the text is something else. */
export function parseTime(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

export const clockTime = (date) => format(date, { hour: "numeric", minute: "2-digit" });

export const dayKey = (date) => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;

export function dayName(date) {
  const thisYear = date.getFullYear() === new Date().getFullYear();
  return format(date, {
    weekday: "long", day: "numeric", month: "long", ...(thisYear ? {} : { year: "numeric" }),
  });
}

export const fullTime = (date) =>
  format(date, { day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" });

/** Rewrites every <time datetime> under `root` that holds an ISO time into the reader's locale. */
export function localiseTimes(root) {
  for (const node of root.querySelectorAll("time[datetime]")) {
    const date = parseTime(node.getAttribute("datetime"));
    if (!date) continue;
    const today = dayKey(date) === dayKey(new Date());
    node.textContent = today && node.dataset.short !== undefined ? clockTime(date) : fullTime(date);
  }
}

/** The address when it is http(s) (relative ones count), else null: never javascript: or data:. */
export function webAddress(text) {
  try {
    const url = new URL(text, location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** Text nodes and https links for `text`; everything else stays plain text. */
export function withLinks(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(/https:\/\/[^\s<>"'`]+/g)) {
    const address = match[0].replace(/[.,;:!?)\]}»”]+$/u, "");
    const safe = webAddress(address);
    if (!safe || address.length < 12) continue;
    parts.push(text.slice(from, match.index));
    parts.push(el("a", { href: safe, rel: "noopener nofollow", target: "_blank", text: address }));
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** A random id; works without a secure context too. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** sessionStorage or localStorage that never throws (private windows, blocked storage in frames). */
export function store(kind) {
  return {
    get(key) {
      try { return window[kind].getItem(key); } catch { return null; }
    },
    set(key, value) {
      try {
        if (value) window[kind].setItem(key, value);
        else window[kind].removeItem(key);
      } catch { /* the page works without it */ }
    },
  };
}
