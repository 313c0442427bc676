// Calls of the review desk's API, from its page and from a room's console. A refusal becomes an
// Error in the server's own words.

const { csrf } = document.querySelector("[data-csrf]").dataset;
const BASE = "/api/v1/review";

export class Refused extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

// `more`: further options of fetch (keepalive, headers). Status 0: it may or may not have arrived.
export async function call(method, path, body, more = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf, ...more.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = { ...more, method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await fetch(path.startsWith("/api/") ? path : BASE + path, sent).catch(() => null);
  if (!response) throw new Refused("网络断开，没有执行，请稍后再试");
  const text = await response.text();
  if (response.ok) return text ? JSON.parse(text) : null;
  throw new Refused(detailOf(text), response.status);
}

// Sent again with the same key where the line broke: the server does it once.
export async function once(path, body) {
  const more = { headers: { "Idempotency-Key": crypto.randomUUID?.() ?? String(Math.random()).slice(2) } };
  try {
    return await call("POST", path, body, more);
  } catch (error) {
    if (error.status) throw error;
    await new Promise((done) => setTimeout(done, 700));
    return call("POST", path, body, more);
  }
}

function detailOf(text) {
  try {
    return JSON.parse(text).detail ?? "没有成功，请稍后再试";
  } catch {
    return "没有成功，请稍后再试"; // not ours: a proxy's page
  }
}

// The server's time: deadlines and the undo window are its own, not this machine's.
let skew = 0;
export const heard = (now) => { skew = Date.parse(now) - Date.now(); };
export const now = () => Date.now() + skew;
