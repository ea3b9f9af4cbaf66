// The chat's incoming side: loads the history, then follows the server-sent events.
// EventSource reconnects by itself after a dropped connection; when the server refuses
// (the browser then gives up) this module reopens it, slower each time.

const SLOWEST = 20000;

export class Stream {
  /** `on`: {replies(list, isHistory), progress(label), state(who), connection("open"|"broken"|"unloaded")} */
  constructor(on) {
    this.on = on;
    this.seq = 0;
    this.source = null;
    this.failures = 0;
    this.timer = 0;
    this.brokenSince = 0;
    this.loaded = false;
  }

  async start() {
    await this.refresh();
    this.open();
    addEventListener("online", () => this.reopen());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.brokenSince) this.reopen();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.reopen();
    });
  }

  /** Fetches the whole conversation; replies already shown are recognised by their seq. */
  async refresh() {
    try {
      const response = await fetch("/chat/messages", {
        credentials: "same-origin", headers: { accept: "application/json" }, cache: "no-store",
      });
      if (!response.ok) throw new Error(String(response.status));
      const body = await response.json();
      const messages = Array.isArray(body.messages) ? body.messages : [];
      for (const message of messages) this.note(message.seq);
      this.loaded = true;
      this.on.replies(messages, true);
      if (body.with) this.on.state(body.with);
      return true;
    } catch {
      if (!this.loaded) this.on.connection("unloaded");
      return false;
    }
  }

  note(seq) {
    if (Number.isFinite(seq) && seq > this.seq) this.seq = seq;
  }

  open() {
    if (!this.loaded) {
      this.retryLater();
      return;
    }
    if (this.source) this.source.close();
    const source = new EventSource(`/chat/events?after=${this.seq}`);
    this.source = source;
    source.onopen = async () => {
      const wasBroken = this.brokenSince && Date.now() - this.brokenSince > 3000;
      this.failures = 0;
      this.brokenSince = 0;
      this.on.connection("open");
      if (wasBroken) await this.refresh();
    };
    source.onmessage = (event) => {
      const reply = read(event.data);
      if (!reply || !Number.isFinite(reply.seq)) return;
      this.note(reply.seq);
      this.on.replies([reply], false);
    };
    source.addEventListener("progress", (event) => {
      const progress = read(event.data);
      if (progress) this.on.progress(progress.label || "");
    });
    source.addEventListener("state", (event) => {
      const state = read(event.data);
      if (state && state.with) this.on.state(state.with);
    });
    source.onerror = () => {
      if (source !== this.source) return;
      this.brokenSince ||= Date.now();
      this.on.connection("broken");
      if (source.readyState === EventSource.CLOSED) this.retryLater();
    };
  }

  retryLater() {
    clearTimeout(this.timer);
    this.brokenSince ||= Date.now();
    const pause = Math.min(SLOWEST, 1000 * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.timer = setTimeout(() => this.reopen(), pause);
  }

  async reopen() {
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    this.source = null;
    if (!this.loaded) await this.refresh();
    this.open();
  }
}

function read(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
