// The approved script in the console: putting one on air, where it is, its parts, and what fell.
import { ask } from "./console-ask.js";
import { at, badge, el, keyed } from "./console-draw.js";

const AGAIN = 30_000;
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
const WHEN = { at_once: "随时答问", between: "段间答问" };

export class Script {
  constructor({ base, may, post, order }) {
    Object.assign(this, { base, may, post, order, now: null, streams: [], tools: "" });
    at("script-begin")?.addEventListener("submit", (event) => this.begin(event));
    at("pick")?.addEventListener("submit", (event) => this.pick(event));
    at("script-tools").addEventListener("click", (event) => this.press(event.target.closest("[data-do]")?.dataset.do));
    at("parts").addEventListener("click", (event) => this.jump(event.target.closest("[data-part]")));
    this.fetch();
    setInterval(() => this.fetch(), AGAIN);
  }

  get runs() {
    return this.now?.state === "running";
  }

  async fetch() {
    const response = await fetch(`${this.base}/broadcast`).catch(() => null);
    if (!response?.ok) return;
    const { streams, lines } = await response.json();
    this.streams = streams;
    if (at("pick-line") && !at("pick-line").length) at("pick-line").replaceChildren(...Object.entries(lines).map(([name, text]) => new Option(text, name)));
    this.choices();
  }

  choices() {
    if (!at("script-begin")) return;
    const text = JSON.stringify(this.streams);
    at("script-begin").hidden = this.runs || !this.streams.length;
    if (this.shown === text) return;
    this.shown = text;
    const named = ({ title, starts_at, state }) => `${title}（${starts_at ? `${clock.format(new Date(starts_at))} ` : ""}${state}）`;
    at("script-stream").replaceChildren(...this.streams.map((one) => new Option(named(one), one.id)));
    const late = this.streams.filter((one) => one.alarm).map((one) => `《${one.title}》没有按时开播：${one.alarm}`);
    this.complain(late.join("；"));
  }

  complain(text) {
    at("script-error").textContent = text;
    at("script-error").hidden = !text;
  }

  async tried(work) {
    try {
      await work();
      this.complain("");
    } catch (error) {
      this.complain(error.message);
    }
  }

  begin(event) {
    event.preventDefault();
    const sent = { stream_id: at("script-stream").value, taking: at("script-when").value || null };
    this.tried(() => this.post("/broadcast", sent));
  }

  pick(event) {
    event.preventDefault();
    this.tried(() => this.order("pick", { id: at("pick-line").value }));
  }

  press(what) {
    const { now } = this;
    if (what === "hold") this.tried(() => this.order("script_hold", { on: !now.paused }));
    if (what === "next") this.tried(() => this.order("script_jump", { part: now.part + 1 }));
    if (what === "again") this.tried(() => this.order("script_jump", { part: now.part }));
    if (what === "taking") this.tried(() => this.order("script_taking", { taking: now.taking === "between" ? "at_once" : "between" }));
    if (what === "end") ask({ title: "结束这份讲稿？", about: `《${now.title}》后面的内容不再播，直播间继续答问。`, choices: [["结束讲稿", () => this.order("script_end")]] });
  }

  jump(button) {
    if (!button) return;
    const part = Number(button.dataset.part);
    ask({ title: `跳到“${this.now.parts[part].title}”？`, about: "正在讲的一段到此为止。", choices: [["跳过去", () => this.order("script_jump", { part })]] });
  }

  draw(now, time) {
    const ran = this.runs;
    this.now = now;
    if (ran !== this.runs) this.fetch();
    this.choices();
    at("script-tools").hidden = !(this.runs && this.may.run);
    this.drawTools();
    keyed(at("parts"), this.parts(), (row) => this.part(row));
    this.time(time);
  }

  drawTools() {
    const { now } = this;
    if (!this.runs) return;
    const text = `${now.paused} ${now.taking} ${now.part + 1 < now.parts.length}`;
    if (this.tools === text) return;
    this.tools = text;
    const make = (name, label, className = "") => el("button", { type: "button", className: `small ${className}`, textContent: label, dataset: { do: name } });
    at("script-tools").replaceChildren(
      make("hold", now.paused ? "接着讲" : "暂停讲稿", now.paused ? "strong" : ""),
      ...(now.part + 1 < now.parts.length ? [make("next", "下一段")] : []),
      make("again", "重讲这段"),
      make("taking", now.taking === "between" ? "改为随时答问" : "改为段间答问"),
      make("end", "结束讲稿", "danger"),
    );
  }

  // Where it is, as one line; the time for questions counts down.
  time(at_) {
    const { now } = this;
    if (!now || !at_) return;
    const where = at("script-where");
    const text = this.where(now, at_);
    if (where.textContent !== text) where.textContent = text;
  }

  where(now, time) {
    if (now.state === "done") return `《${now.title}》播完了。`;
    if (now.state === "stopped") return `《${now.title}》已提前结束。`;
    const rest = now.resumes_at ? Math.ceil((Date.parse(now.resumes_at) - time) / 1000) : 0;
    const here = rest > 0 ? `正在留时间答问，还有 ${rest} 秒` : now.paused ? "已暂停" : "";
    const part = now.parts[now.part];
    const sentence = Math.min(now.sentence + 1, part.sentences);
    return [`《${now.title}》第 ${now.part + 1} 段，共 ${now.parts.length} 段，第 ${sentence} 句，共 ${part.sentences} 句`, here, WHEN[now.taking]].filter(Boolean).join("，");
  }

  parts() {
    if (!this.now) return [];
    const { part, parts } = this.now;
    const place = (number) => (!this.runs ? "" : number < part ? "before" : number === part ? "here" : "");
    return parts.map((one, number) => ({ id: `${this.now.id}-${number}`, number, place: place(number), may: this.runs && this.may.run && number !== part, ...one }));
  }

  part({ number, title, place, fell, may }) {
    const marks = [fell ? badge(["依据有变，没有播", "clarify"]) : null, place === "here" && !fell ? badge(["正在讲", "answer"]) : null];
    const item = el("li", { className: `part part-${place || "after"}` }, el("p", {}, el("b", { textContent: title }), " ", ...marks.filter(Boolean)));
    if (fell) item.append(el("p", { className: "hint", textContent: fell }));
    if (may) item.append(el("button", { type: "button", className: "small", textContent: "跳到这段", dataset: { part: number } }));
    return item;
  }
}
