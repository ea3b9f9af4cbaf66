// The embeddable chat button. A merchant puts this on any page:
//   <script src="https://shop.example/widget.js" async></script>
// Options: data-label="Ask us", data-side="left". It draws a round button and, on demand, a panel
// with the chat in a frame from the script's own origin. Everything lives in a shadow root, so the
// page's styles and ours do not touch. Loaded twice, it does nothing the second time.
(() => {
  "use strict";
  if (window.__soukWidget) return;
  window.__soukWidget = true;

  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  if (!script) return;
  const origin = new URL(script.src, location.href).origin;
  const label = script.dataset.label || "Chat with us";
  const side = script.dataset.side === "left" ? "left" : "right";
  const REMEMBER = "souk-widget-used";

  const CSS = `
    :host {
      all: initial !important;
      position: fixed !important;
      z-index: 2147483000 !important;
      inset: auto !important;
      ${side}: 0 !important;
      bottom: 0 !important;
      display: block !important;
      color-scheme: light dark !important;
    }
    *, *::before, *::after { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button {
      all: unset;
      box-sizing: border-box;
      cursor: pointer;
      -webkit-tap-highlight-color: transparent;
    }
    button:focus-visible { outline: 3px solid #1f56c4; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    .open {
      position: fixed;
      ${side}: calc(20px + env(safe-area-inset-${side}));
      bottom: calc(20px + env(safe-area-inset-bottom));
      display: grid;
      place-items: center;
      width: 60px;
      height: 60px;
      border-radius: 50%;
      background: #0d5c4b;
      color: #fff;
      box-shadow: 0 2px 6px rgb(0 0 0 / 22%), 0 8px 24px rgb(0 0 0 / 22%);
      transition: transform .15s ease-out, background-color .15s;
    }
    .open:hover { background: #0a4b3d; transform: scale(1.05); }
    .open svg { width: 28px; height: 28px; }
    .open[aria-expanded="false"] .x, .open[aria-expanded="true"] .talk { display: none; }
    .dot {
      position: absolute;
      top: -2px;
      inset-inline-end: -2px;
      min-width: 22px;
      height: 22px;
      padding: 0 6px;
      border: 2px solid #fff;
      border-radius: 11px;
      background: #b3261e;
      color: #fff;
      font: 700 12px/18px system-ui, sans-serif;
      text-align: center;
    }
    .panel {
      position: fixed;
      ${side}: calc(20px + env(safe-area-inset-${side}));
      bottom: calc(92px + env(safe-area-inset-bottom));
      width: 380px;
      height: min(620px, calc(100vh - 112px));
      overflow: hidden;
      border: 1px solid rgb(128 120 108 / 35%);
      border-radius: 18px;
      background: #f6f3ed;
      box-shadow: 0 4px 12px rgb(0 0 0 / 14%), 0 18px 50px rgb(0 0 0 / 24%);
      animation: up .18s ease-out;
    }
    iframe { display: block; width: 100%; height: 100%; border: 0; background: transparent; }
    .early {
      position: absolute;
      top: 8px;
      inset-inline-end: 8px;
      display: grid;
      place-items: center;
      width: 44px;
      height: 44px;
      border-radius: 50%;
      color: #5f564b;
    }
    .early svg { width: 22px; height: 22px; }
    @keyframes up { from { opacity: 0; transform: translateY(12px); } }
    @media (max-width: 480px) {
      .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
      .open[aria-expanded="true"] { visibility: hidden; }
    }
    @media (prefers-color-scheme: dark) {
      .panel { background: #151311; }
      .early { color: #b8aea2; }
    }
    @media (prefers-reduced-motion: reduce) {
      .open, .panel { transition: none; animation: none; }
    }
    @media print { .open, .panel { display: none; } }
  `;

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  const drawing = (className, path) => {
    const NS = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(NS, "svg");
    const line = document.createElementNS(NS, "path");
    const attributes = {
      class: className, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2",
      "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
    };
    for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };

  const remember = (value) => {
    try {
      if (value) localStorage.setItem(REMEMBER, value);
      return localStorage.getItem(REMEMBER);
    } catch {
      return null;
    }
  };

  function start() {
    const host = document.createElement("souk-chat");
    const root = host.attachShadow({ mode: "open" });
    addStyles(root);

    const dot = make("span", { class: "dot", "aria-hidden": "true" });
    dot.hidden = true;
    const button = make("button", {
      type: "button", class: "open", "aria-label": label, title: label,
      "aria-expanded": "false", "aria-controls": "panel",
    },
    drawing("talk", "M20 11.5a7.5 7.5 0 0 1-11 6.6L4 19.5l1.4-4.4A7.5 7.5 0 1 1 20 11.5z"),
    drawing("x", "M6 6l12 12M18 6L6 18"), dot);
    const early = make("button", { type: "button", class: "early", "aria-label": "Close chat" },
      drawing("x", "M6 6l12 12M18 6L6 18"));
    const panel = make("div", { id: "panel", class: "panel", role: "dialog", "aria-label": label }, early);
    panel.hidden = true;
    root.append(panel, button);
    document.body.append(host);

    let frame = null;
    let ready = false;
    let open = false;
    let byKeyboard = false;

    const tell = (type) => {
      if (ready) frame.contentWindow.postMessage({ type, keyboard: byKeyboard }, origin);
    };

    function load() {
      if (frame) return;
      frame = make("iframe", {
        src: `${origin}/chat?embed=1`, title: label, allow: "clipboard-write", referrerpolicy: "origin",
      });
      panel.prepend(frame);
    }

    function show(next) {
      if (open === next) return;
      open = next;
      if (open) load();
      panel.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      if (open) {
        unread(0);
        remember("yes");
        if (ready) frame.focus();
        tell("souk:opened");
      } else {
        tell("souk:closed");
        button.focus({ preventScroll: true });
      }
    }

    function unread(count) {
      dot.hidden = !(count > 0);
      dot.textContent = count > 9 ? "9+" : String(count);
      button.setAttribute("aria-label", count > 0 ? `${label}, ${count} new` : label);
    }

    button.addEventListener("click", (event) => {
      byKeyboard = event.detail === 0;
      show(!open);
    });
    early.addEventListener("click", () => show(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && open && !event.defaultPrevented) show(false);
    });

    window.addEventListener("message", (event) => {
      if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
      const data = event.data;
      if (!data || typeof data !== "object") return;
      if (data.type === "souk:ready") {
        ready = true;
        early.hidden = true; // the chat has its own close button
        if (open) frame.focus();
        tell(open ? "souk:opened" : "souk:closed");
      } else if (data.type === "souk:close") show(false);
      else if (data.type === "souk:unread" && Number.isFinite(data.count) && !open) unread(data.count);
    });

    // Someone who has chatted here before hears of new answers while the panel is closed.
    if (remember() === "yes") {
      const idle = window.requestIdleCallback || ((run) => setTimeout(run, 1500));
      idle(load);
    }
  }

  /** Constructed sheets also work on pages whose own policy forbids inline styles. */
  function addStyles(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", {}, CSS));
    }
  }

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
})();
