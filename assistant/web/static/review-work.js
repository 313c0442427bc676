// The case that is open: taken, its lease kept, what was typed saved, and what is told of it.
import { at } from "./console-draw.js";
import { call } from "./review-api.js";
import { caseBody, caseHead, draftPart, evidencePart } from "./review-draw.js";
import { tick } from "./review-time.js";

const RENEW = 10_000;
const SAVE = 500;
const HANDS_OFF = 350;
const ENDED = { handed: "部门正在办理这一件。", sending: "这一件刚处理完，还没有发出。", resolved: "这一件已经处理过了。" };

export class Work {
  // `on`: {drawn()}
  constructor(on) {
    Object.assign(this, { on, view: null, waiting: 0, without: new Set(), typed: {}, began: 0, turn: 0 });
    setInterval(() => this.renew(), RENEW);
    for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, () => this.flush(), true);
    at("body").addEventListener("change", (event) => { if (event.target.dataset.member) this.toggle(event.target.dataset.member); });
  }

  get id() {
    return this.view?.row.case_id ?? null;
  }

  get mine() {
    return Boolean(this.view?.token) && !this.lost;
  }

  // A key pressed twice must not settle the case that has only just come up.
  get ready() {
    return Boolean(this.id) && at("case").dataset.ready === this.id;
  }

  async open(case_id, { over = false } = {}) {
    const turn = ++this.turn;
    await this.flush();
    if (this.id && this.id !== case_id) this.release();
    const view = await this.taken(case_id, over);
    const typed = await read(view);
    if (turn !== this.turn) return false;
    this.show(view, typed);
    return true;
  }

  // Held by another: shown all the same, to be taken over with a key.
  async taken(case_id, over) {
    const path = `/cases/${encodeURIComponent(case_id)}`;
    this.why = "";
    try {
      return await call("POST", `${path}/take`, { over });
    } catch (error) {
      if (error.status !== 409) throw error;
      this.why = error.message;
      return call("GET", path);
    }
  }

  show(view, typed) {
    const kept = view.row.case_id === this.id ? this.without : new Set(typed.without ?? []);
    Object.assign(this, { view, typed, without: kept, lost: "", began: performance.now() });
    this.draw();
    at("case").dataset.ready = "";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { at("case").dataset.ready = view.row.case_id; }, HANDS_OFF);
    history.replaceState(null, "", `#${encodeURIComponent(view.row.case_id)}`);
  }

  draw() {
    at("head").replaceChildren(...caseHead(this.view));
    at("draft").replaceChildren(draftPart(this.view));
    at("evidence").replaceChildren(evidencePart(this.view));
    at("body").replaceChildren(...caseBody(this.view, this.without, this.mine));
    const held = this.view.row.holder && !this.view.token;
    this.tell(this.lost || (this.mine ? "" : held ? `${this.view.row.holder} 正在处理这一件，按 O 接手。` : ENDED[this.view.row.state] ?? this.why));
    at("case").hidden = false;
    at("nothing").hidden = true;
    tick();
    this.on.drawn();
  }

  tell(text) {
    at("banner").textContent = text;
    at("banner").hidden = !text;
  }

  close() {
    this.turn += 1;
    this.view = null;
    at("case").dataset.ready = "";
    at("case").hidden = true;
    at("nothing").hidden = false;
    history.replaceState(null, "", location.pathname);
    this.on.drawn();
  }

  release() {
    if (this.mine) this.post("release", { token: this.view.token }).catch(() => {});
  }

  post(name, body, more) {
    return call("POST", `/cases/${encodeURIComponent(this.id)}/${name}`, body, more);
  }

  async renew() {
    if (!this.mine) return;
    const { id, view: { token } } = this;
    try {
      await this.post("renew", { token });
    } catch (error) {
      if (error.status === 409 && this.id === id && this.view.token === token) this.lose(error.message);
    }
  }

  lose(why) {
    this.lost = `${why}。您写的内容已保存，按 O 可以接手回来。`;
    this.draw();
  }

  toggle(case_id) {
    if (this.without.has(case_id)) this.without.delete(case_id);
    else this.without.add(case_id);
    const box = at("body").querySelector(`[data-member="${CSS.escape(case_id)}"]`);
    if (box) box.checked = !this.without.has(case_id);
    if (this.typed.mode) this.keep(this.typed);
  }

  // What the composer holds: kept at the server half a second after the last key.
  keep(value) {
    if (!value || !this.mine) return;
    this.typed = { ...value, without: [...this.without] };
    this.unsaved = this.id;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.flush(), SAVE);
    at("saved").textContent = "正在保存";
  }

  async flush() {
    clearTimeout(this.saving);
    if (!this.unsaved) return;
    const path = `/cases/${encodeURIComponent(this.unsaved)}/draft`;
    this.unsaved = null;
    try {
      await call("PUT", path, { text: written(this.typed) }, { keepalive: true });
      at("saved").textContent = "草稿已保存";
    } catch (error) {
      at("saved").textContent = `草稿没有保存：${error.message}`;
    }
  }

  forget() {
    clearTimeout(this.saving);
    Object.assign(this, { typed: {}, unsaved: null });
    at("saved").textContent = "";
  }

  // Also at the server, where the case stays open: what was written has done its work.
  async discard() {
    this.forget();
    if (this.mine) await call("PUT", `/cases/${encodeURIComponent(this.id)}/draft`, { text: "" }).catch(() => {});
  }
}

// A draft is short: of its sources it keeps only where they stand.
function written({ sources = [], ...rest }) {
  const filled = Object.entries(rest).filter(([, value]) => value !== "" && !(Array.isArray(value) && !value.length));
  return JSON.stringify({ ...Object.fromEntries(filled), ...(sources.length ? { keys: sources.map((one) => one.key) } : {}) });
}

async function read(view) {
  const found = parsed(view);
  const sources = await Promise.all((found.keys ?? []).map(sourceOf));
  return { ...found, sources: sources.filter(Boolean) };
}

async function sourceOf(key) {
  const one = await call("GET", `/api/v1/passages/${encodeURIComponent(key)}`).catch(() => null);
  return one && { key, source_id: one.source_id, title: one.locator, quote: one.text };
}

// What is no JSON of ours was kept by the desk itself (undone) or by another client.
function parsed({ typed, draft }) {
  if (!typed || typed === draft) return {};
  try {
    const found = JSON.parse(typed);
    if (found && typeof found === "object") return found;
  } catch {
    // plain text
  }
  return { mode: draft ? "edit" : "answer", text: typed };
}
