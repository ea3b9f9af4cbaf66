// The chat's outbox: posts a message or a button tap, retries safely with the same id,
// and reports how it went. Knows nothing of the page.

const PAUSES = [1000, 3000]; // before the second and third try

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** What went wrong, as the caller needs it: may the same message be tried again, and what to say. */
export class SendError extends Error {
  constructor(message, retryable) {
    super(message);
    this.retryable = retryable;
  }
}

async function attempt(body) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), 15000);
  try {
    return await fetch("/chat/messages", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      signal: control.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function explain(response) {
  try {
    const problem = await response.json();
    if (problem && typeof problem.message === "string") return problem.message;
  } catch { /* not JSON: fall through */ }
  return "";
}

/** Sends `body` ({text,id} or {tap,label,id}); resolves to {id, seq}. Throws SendError. */
export async function send(body) {
  for (let turn = 0; ; turn += 1) {
    let response = null;
    try {
      response = await attempt(body);
    } catch {
      response = null; // no network, or no answer in time
    }
    if (response && response.ok) {
      try {
        return await response.json();
      } catch {
        return {}; // accepted; the stream will bring the message itself
      }
    }
    const passing = !response || response.status === 502 || response.status === 504;
    if (passing && turn < PAUSES.length) {
      await wait(PAUSES[turn]);
      continue;
    }
    const message = response ? await explain(response) : "";
    const retryable = !response || response.status === 429 || response.status >= 500;
    throw new SendError(message, retryable);
  }
}
