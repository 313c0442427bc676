// Where a reviewer writes: a changed draft, an answer of their own, a question back, a line, a
// hand-over, a withdrawal. What is typed is handed on at once, so that it outlives a reload.
import { el } from "./console-draw.js";
import { nearItems } from "./review-draw.js";
import { picker } from "./review-pick.js";
import { call } from "./review-api.js";

const TELL = "网友看到的话";
const LOOK = 800;
export const MODES = {
  edit: { title: "修改后批准", go: "批准", label: "答复", saying: true, rows: 5 },
  answer: { title: "自己写答复", go: "答复", label: "答复", saying: true, sourced: true, rows: 5 },
  ask_back: { title: "追问网友", go: "追问", label: TELL, rows: 3 },
  reject: { title: "不作答，回一句话", go: "不作答", label: TELL, rows: 3, begin: "这个问题不便在直播间答复，请拨打12345咨询。" },
  hand_over: { title: "转部门办理", go: "转办", label: TELL, rows: 2, begin: "已转有关部门办理，办好后答复您。", handing: true },
  withdraw: { title: "撤回已经给出的答复", go: "撤回", label: "哪里错了（只给工作人员看）", rows: 3, danger: true },
};

const field = (label, input, hint) => el("label", { className: "field-row" }, el("span", { textContent: label }), input, hint ? el("span", { className: "hint", textContent: hint }) : null);
const check = (name, label, checked) => el("label", { className: "check" }, el("input", { type: "checkbox", name, checked }), label);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

function defaultDue() {
  const at = new Date(Date.now() + 5 * 86_400_000);
  return `${at.toLocaleDateString("sv", { timeZone: "Asia/Shanghai" })}T18:00`;
}

export class Composer {
  // `on`: {send(mode, value), typed(value), near(case_id, text)}
  constructor(root, on) {
    Object.assign(this, { root, on, mode: null, sources: [], warned: false });
    root.addEventListener("input", (event) => {
      this.warned = false;
      on.typed(this.value());
      if (event.target.name === "text") { clearTimeout(this.looking); this.looking = setTimeout(() => this.lookNear(), LOOK); }
    });
    root.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    root.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.submit(); }
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
    });
  }

  // `kept`: what was typed in this mode before.
  open(mode, view, kept = {}) {
    const how = MODES[mode];
    Object.assign(this, { mode, view, sources: kept.sources ?? [], warned: false, looked: mode === "edit" ? view.draft : null });
    const text = el("textarea", { name: "text", rows: how.rows, maxLength: 1700, value: kept.text ?? (mode === "edit" ? view.draft : how.begin ?? "") });
    const form = el("form", { className: `compose stack${how.danger ? " compose-danger" : ""}`, noValidate: true },
      el("h3", { textContent: how.title }),
      ...(how.handing ? this.handing(kept) : []), field(how.label, text),
      how.sourced ? this.sourced() : null, how.saying ? this.saying(kept) : null,
      how.saying ? this.before = el("div", { className: "before" }) : null,
      this.fault = el("p", { className: "say-error", hidden: true }),
      el("div", { className: "row-tools" }, el("button", { type: "submit", className: how.danger ? "danger" : "strong" }, `${how.go} `, el("kbd", { textContent: "Ctrl+Enter" })),
        this.cancel("收起 ")));
    this.fault.setAttribute("role", "alert");
    this.show(form);
    if (how.saying) this.showNear(view.near);
    (how.handing ? form.elements.unit : text).focus();
    if (mode === "edit") text.setSelectionRange(text.value.length, text.value.length);
  }

  cancel(label) {
    const made = el("button", { type: "button" }, label, el("kbd", { textContent: "Esc" }));
    made.addEventListener("click", () => this.close());
    return made;
  }

  // A choice by a few words instead of a text.
  pick(mode, title, options) {
    this.mode = mode;
    const chooser = picker(options);
    this.fault = el("p", { className: "say-error", hidden: true });
    this.show(el("div", { className: "compose stack" }, el("h3", { textContent: title }), chooser.root, this.fault, el("div", { className: "row-tools" }, this.cancel("收起 "))));
    chooser.focus();
  }

  show(content) {
    this.root.replaceChildren(content);
    this.root.hidden = false;
    this.root.scrollIntoView({ block: "start" });
    this.on.opened?.();
  }

  handing(kept) {
    const unit = el("input", { name: "unit", maxLength: 60, value: kept.unit ?? "", required: true, autocomplete: "off" });
    unit.setAttribute("list", "units");
    return [field("承办单位", unit), field("办结期限", el("input", { name: "due", type: "datetime-local", value: kept.due ?? defaultDue(), required: true })),
      field("给部门的说明", el("input", { name: "note", maxLength: 500, value: kept.note ?? "", autocomplete: "off" }))];
  }

  saying(kept) {
    return el("div", { className: "choices" },
      check("aloud", "在直播中播出", kept.aloud ?? true), check("learn", "以后照此自动答复", kept.learn ?? true), check("personal", "只是这一个人的情况（不学）", kept.personal ?? false),
      el("details", {}, el("summary", { textContent: "相似问法、反例、备注" }),
        field("相似问法（每行一句）", el("textarea", { name: "similar", rows: 2, value: kept.similar ?? "" })),
        field("不适用的问法（每行一句）", el("textarea", { name: "negatives", rows: 2, value: kept.negatives ?? "" })),
        field("备注", el("input", { name: "note", maxLength: 500, value: kept.note ?? "", autocomplete: "off" }))));
  }

  sourced() {
    this.chosen = el("ul", { className: "picked" });
    const region = this.view.row.region ? `&region=${this.view.row.region}` : "";
    const chooser = picker({
      label: "找依据", hint: "输入几个字找依据，↑↓ 选，Enter 加上",
      find: async (text) => {
        if (!text) return [];
        const found = await call("GET", `/api/v1/search?limit=8&q=${encodeURIComponent(text)}${region}`);
        return found.hits.map((hit) => ({ id: `${hit.passage.key}`, title: `${hit.title} ${hit.passage.locator}`, more: hit.passage.text, source_id: hit.passage.source_id, quote: hit.passage.text }));
      },
      choose: (row) => this.addSource({ key: row.id, source_id: row.source_id, title: row.title, quote: row.quote }),
    });
    this.drawSources();
    return el("fieldset", { className: "sourcing" }, el("legend", { textContent: "依据" }), this.chosen, chooser.root);
  }

  addSource(one) {
    if (!this.sources.some((known) => known.source_id === one.source_id && known.quote === one.quote)) this.sources.push(one);
    this.drawSources();
    this.on.typed(this.value());
  }

  drawSources() {
    const made = this.sources.map((one, index) => {
      const away = el("button", { type: "button", className: "small", textContent: "去掉" });
      away.addEventListener("click", () => { this.sources.splice(index, 1); this.drawSources(); this.on.typed(this.value()); });
      return el("li", {}, el("p", { className: "entry-head" }, el("b", { className: "grow", textContent: one.title }), away), el("p", { className: "hint clip", textContent: one.quote }));
    });
    this.chosen.replaceChildren(...(made.length ? made : [el("li", { className: "hint", textContent: "还没有依据：作为您本人的答复，要第二个人同意才会学进问答库。" })]));
  }

  showNear(near) {
    this.near = near;
    this.before?.replaceChildren(...(near.length ? [el("details", { open: near.some((one) => one.kind !== "near") }, el("summary", { textContent: `保存前看一下：已有 ${near.length} 条相关问答` }), el("ul", { className: "nears" }, ...nearItems(near)))] : []));
  }

  // What is there already, by what is written now; before saving it is looked at once more.
  async lookNear() {
    if (!MODES[this.mode]?.saying) return;
    const { view, mode } = this;
    const text = this.value().text;
    if (text === this.looked) return;
    const near = await this.on.near(view.row.case_id, text).catch(() => null);
    if (!near || view !== this.view || mode !== this.mode) return;
    this.looked = text;
    if (JSON.stringify(near) !== JSON.stringify(this.near)) this.showNear(near);
  }

  value() {
    const form = this.root.querySelector("form");
    if (!form) return null;
    const at = (name) => form.elements[name];
    const boxes = Object.fromEntries(["aloud", "learn", "personal"].filter(at).map((name) => [name, at(name).checked]));
    const texts = Object.fromEntries(["text", "similar", "negatives", "note", "unit", "due"].filter(at).map((name) => [name, at(name).value]));
    return { mode: this.mode, ...texts, ...boxes, sources: this.sources };
  }

  async submit() {
    const value = this.value();
    if (!value || this.sending) return;
    this.sending = true;
    try {
      await this.lookNear();
      const doubt = this.doubt(value);
      if (doubt) return this.complain(doubt);
      await this.on.send(this.mode, { ...value, similar: lines(value.similar ?? ""), negatives: lines(value.negatives ?? "") });
    } catch (error) {
      this.complain(error.message);
    } finally {
      this.sending = false;
    }
  }

  doubt(value) {
    if (!value.text.trim()) return "还没有写内容";
    if (MODES[this.mode].handing && !value.unit.trim()) return "请填写承办单位";
    if (MODES[this.mode].handing && !value.due) return "请填写办结期限";
    const clash = MODES[this.mode].saying && value.learn && !value.personal && this.near?.find((one) => one.kind === "conflict");
    if (!clash || this.warned) return "";
    this.warned = true;
    return `与已有问答“${clash.question}”说法冲突。确定无误，再按一次 Ctrl+Enter。`;
  }

  complain(text) {
    this.fault.textContent = text;
    this.fault.hidden = false;
  }

  close() {
    if (!this.mode) return;
    this.mode = null;
    this.root.hidden = true;
    this.root.replaceChildren();
    this.on.closed?.();
  }
}
