// The queue: asked for every two seconds, so that new cases come without a reload.
import { at, keyed } from "./console-draw.js";
import { call, heard } from "./review-api.js";
import { queueItem } from "./review-draw.js";
import { tick } from "./review-time.js";

const EVERY = 2000;
const PAGE = 50;
const MOST = 200;

export class Queue {
  // `on`: {open(case_id), changed(), failed(text)}; `hidden(case_id)`: settled here a moment ago.
  constructor(root, hidden, on) {
    Object.assign(this, { root, hidden, on, rows: [], limit: PAGE, chosen: null, open: null, state: "waiting", text: "" });
    root.addEventListener("click", (event) => {
      const item = event.target.closest("[data-key]");
      if (item) this.on.open(item.dataset.key);
    });
    root.addEventListener("focusin", (event) => { this.choose(event.target.closest("[data-key]")?.dataset.key); });
    at("more").addEventListener("click", () => { this.limit = Math.min(MOST, this.limit + PAGE); this.load(); });
    for (const chip of document.querySelectorAll("[data-state]")) chip.addEventListener("click", () => this.filter(chip.dataset.state));
    at("find").addEventListener("input", () => { clearTimeout(this.finding); this.finding = setTimeout(() => { this.text = at("find").value.trim(); this.load(); }, 250); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.load(); });
  }

  async follow() {
    await this.load();
    setInterval(() => { if (!document.hidden) this.load(); }, EVERY);
  }

  filter(state) {
    this.state = state;
    for (const chip of document.querySelectorAll("[data-state]")) chip.setAttribute("aria-pressed", String(chip.dataset.state === state));
    this.root.dataset.empty = state === "waiting" ? "没有等着复核的提问" : "没有部门在办理的";
    return this.load();
  }

  // Asked again as it is now: an answer that is older than the last question is not shown.
  async load() {
    const turn = this.turn = (this.turn ?? 0) + 1;
    try {
      const page = await call("GET", `/queue?limit=${this.limit}&state=${this.state}&q=${encodeURIComponent(this.text)}`);
      if (turn !== this.turn) return;
      heard(page.now);
      Object.assign(this, { page, rows: page.rows });
      at("line").hidden = true;
      this.draw();
      this.on.changed();
    } catch (error) {
      at("line").hidden = false;
      if (error.status === 401) location.reload();
    }
  }

  get shown() {
    return this.rows.filter((row) => !this.hidden(row.case_id));
  }

  row(case_id) {
    return this.rows.find((one) => one.case_id === case_id);
  }

  draw() {
    const rows = this.shown;
    const place = Math.max(0, [...this.root.children].findIndex((item) => item.dataset.key === this.chosen));
    const lost = document.activeElement?.closest?.("#queue > li") && !rows.some((row) => row.case_id === this.chosen);
    keyed(this.root, rows.map((row) => ({ ...row, id: row.case_id })), queueItem);
    if (!rows.some((row) => row.case_id === this.chosen)) this.choose(rows[Math.min(place, rows.length - 1)]?.case_id);
    if (lost) this.focus();
    this.mark();
    this.root.classList.toggle("none", !rows.length);
    const gone = this.rows.filter((row) => this.hidden(row.case_id)).reduce((sum, row) => sum + row.cases, 0);
    at("waiting").textContent = `${Math.max(0, this.page.waiting - gone)} 件${this.state === "waiting" ? "待复核" : "在部门"}`;
    at("overdue").hidden = !this.page.overdue;
    at("overdue").textContent = `超时 ${this.page.overdue} 件`;
    at("more").hidden = !this.page.next || this.limit >= MOST;
    tick();
  }

  mark() {
    for (const item of this.root.children) {
      item.classList.toggle("chosen", item.dataset.key === this.chosen);
      item.classList.toggle("opened", item.dataset.key === this.open);
      item.setAttribute("aria-current", String(item.dataset.key === this.open));
    }
  }

  choose(case_id) {
    this.chosen = case_id ?? null;
    this.mark();
  }

  move(step) {
    const items = [...this.root.children];
    const here = items.findIndex((item) => item.dataset.key === this.chosen);
    const inside = document.activeElement?.closest?.("#queue");
    const item = items[Math.min(items.length - 1, Math.max(0, inside ? here + step : here))];
    item?.focus();
  }

  focus() {
    this.root.querySelector(`[data-key="${CSS.escape(this.chosen ?? "")}"]`)?.focus();
  }
}
