// What was settled and can still be taken back: a countdown each, the newest one has the keys.
import { badge, el, keyed } from "./console-draw.js";
import { call, now } from "./review-api.js";

const WINDOW = 10_000;
const NAMES = { approve: "已批准", edit: "已改后批准", answer: "已答复", ask_back: "已追问", reject: "已不作答", hand_over: "已转部门", confirm: "已确认" };

export class Sent {
  // `on`: {undone(one), passed(one), failed(text)}
  constructor(root, on) {
    Object.assign(this, { root, on, waiting: [] });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-sent]");
      const one = button && this.waiting.find((each) => each.id === button.closest("[data-key]").dataset.key);
      if (one) this[button.dataset.sent](one);
    });
    setInterval(() => this.draw(), 200);
  }

  add(settled, question, case_id) {
    this.waiting.unshift({ id: settled.resolution_id, kind: settled.kind, sends: Date.parse(settled.sends_at), question, case_id, cases: settled.case_ids });
    this.draw();
  }

  get newest() {
    return this.waiting.find((one) => !one.busy);
  }

  holds(case_id) {
    return this.waiting.some((one) => one.cases.includes(case_id));
  }

  async undo(one = this.newest) {
    if (one) await this.act(one, "undo", () => this.on.undone(one), "已经发出，撤不回来了；要撤回答复请按 W。");
  }

  async send(one = this.newest) {
    if (one) await this.act(one, "send", () => this.on.passed(one), "没有立即发出，会按时发出。");
  }

  async act(one, name, then, otherwise) {
    one.busy = true;
    try {
      await call("POST", `/resolutions/${encodeURIComponent(one.id)}/${name}`);
      this.drop(one);
      await then();
    } catch (error) {
      one.busy = false;
      this.on.failed(error.status === 409 ? otherwise : error.message);
    }
  }

  drop(one) {
    this.waiting = this.waiting.filter((each) => each !== one);
    this.draw();
  }

  draw() {
    for (const one of this.waiting.filter((each) => each.sends <= now() && !each.busy)) {
      this.waiting = this.waiting.filter((each) => each !== one);
      this.on.passed(one);
    }
    this.root.hidden = !this.waiting.length;
    document.body.classList.toggle("sending", !this.root.hidden);
    const rows = this.waiting.slice(0, 3).map((one, index) => ({ id: one.id, kind: one.kind, question: one.question, count: one.cases.length, keys: index === 0 }));
    keyed(this.root, rows, sentItem);
    for (const one of this.waiting.slice(0, 3)) this.drawLeft(one);
  }

  drawLeft(one) {
    const item = this.root.querySelector(`[data-key="${CSS.escape(one.id)}"]`);
    const left = Math.max(0, one.sends - now());
    const text = `${Math.ceil(left / 1000)} 秒后发出`;
    const mark = item.querySelector(".left");
    if (mark.textContent !== text) mark.textContent = text;
    item.querySelector("progress").value = left / WINDOW;
  }
}

function sentItem(row) {
  const key = (name) => (row.keys ? [" ", el("kbd", { textContent: name })] : []);
  const bar = el("progress", { max: 1, value: 1 });
  bar.setAttribute("aria-label", "还能撤销的时间");
  return el("li", { className: "sent" }, badge([NAMES[row.kind] ?? "已处理", "answer"]), row.count > 1 ? el("span", { className: "people", textContent: `${row.count} 件` }) : null,
    el("span", { className: "grow clip", textContent: row.question }), el("span", { className: "left" }), bar,
    el("button", { type: "button", className: "small", dataset: { sent: "undo" } }, "撤销", ...key("Z")),
    el("button", { type: "button", className: "small", dataset: { sent: "send" } }, "立即发出", ...key("Enter")));
}
