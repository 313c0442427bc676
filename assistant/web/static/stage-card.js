// What stands beside the presenter: the question, the answer, its clause with a QR code, what is
// next; and while nothing is said, announcements and what one may ask.

const TURN = 9_000; // milliseconds that each page of the idle loop stands
const AT_ONCE = 4; // suggestions on a page
const AGAIN = 300_000; // milliseconds after which the idle loop is fetched anew
const STILL = 1_500; // milliseconds between two looks whether the clip that plays is shown still

const at = (id) => document.getElementById(id);
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// Words that stand alone are large; with a clause below them they leave it room.
function size({ text, question, citations }) {
  if (!question && !citations.length && text.length <= 80) return "alone";
  return text.length > 120 ? "small" : text.length > 60 ? "middle" : "large";
}

export class Card {
  constructor(room) {
    Object.assign(this, { base: `/stage/${encodeURIComponent(room)}`, turn: 0, loop: { announcements: [], ask: [], clips: [] } });
    this.fetch();
    setInterval(() => this.fetch(), AGAIN);
    setInterval(() => this.idle(), TURN);
    setInterval(() => this.clock(), 1000);
    at("clip").onended = at("clip").onerror = () => this.noClip();
    this.clock();
  }

  begin(cue) {
    at("asker").textContent = cue.viewer ? `${cue.viewer} 问` : "网友提问";
    at("question").textContent = cue.question;
    at("asked").hidden = !cue.question;
    at("many").textContent = `${cue.asked_by} 位网友在问`;
    at("many").hidden = cue.asked_by < 2;
    at("text").textContent = cue.text;
    at("text").dataset.size = size(cue);
    at("basis").replaceChildren(...cue.citations.slice(0, 2).map((one, index) => this.basis(one, index)));
    at("said").hidden = false;
    at("idle").hidden = true;
    this.noClip();
    Object.assign(this, { said: 0, whole: (cue.spoken || cue.text).length });
    this.wholeLines();
  }

  // A long answer is cut between two lines, never within one.
  wholeLines() {
    const text = at("text");
    Object.assign(text.style, { flex: "", height: "" });
    text.scrollTop = 0;
    if (text.dataset.size === "alone" || text.scrollHeight <= text.clientHeight) return;
    const line = parseFloat(getComputedStyle(text).lineHeight);
    const height = Math.max(1, Math.floor(text.clientHeight / line)) * line;
    Object.assign(text.style, { flex: "none", height: `${height}px` });
  }

  // What does not fit goes up line by line with the voice; the last sentence is said at its end.
  follow(sentence) {
    const text = at("text");
    this.said += sentence.text.length;
    const hidden = text.scrollHeight - text.clientHeight;
    if (hidden <= 1) return;
    const line = parseFloat(getComputedStyle(text).lineHeight);
    const share = Math.min(1, this.said / Math.max(1, this.whole));
    text.scrollTo({ top: Math.round((share * hidden) / line) * line, behavior: "smooth" });
  }

  // The QR code is the first source's; two side by side are scanned for each other.
  basis(one, index) {
    const where = [one.title, one.number, one.locator].filter(Boolean).join(" ");
    const words = make("div", {}, make("b", { textContent: where }), make("q", { textContent: one.quote }));
    const item = make("li", {}, words);
    if (index === 0 && one.has_link) item.append(this.code(one.source_id));
    return item;
  }

  code(source) {
    const path = source.split("/").map(encodeURIComponent).join("/");
    const image = make("img", { src: `${this.base}/qr/${path}`, alt: "" });
    const figure = make("figure", { className: "card-code" }, image, make("figcaption", { textContent: "扫码看原文" }));
    image.onerror = () => figure.remove();
    return figure;
  }

  rest() {
    at("said").hidden = true;
    at("idle").hidden = false;
  }

  next(waiting) {
    const shown = waiting.filter((one) => one.question);
    at("next").hidden = !shown.length;
    at("next-list").replaceChildren(...shown.map((one) => make("li", { textContent: one.question })));
  }

  async fetch() {
    const response = await fetch(`${this.base}/idle`).catch(() => null);
    if (!response?.ok) return;
    this.loop = await response.json();
    if (!at("ask").childElementCount) this.idle();
  }

  // Pages in turn: an announcement, some suggestions, a clip, the next announcement …
  pages() {
    const { announcements, ask, clips } = this.loop;
    const pages = [];
    for (let begin = 0; begin < ask.length; begin += AT_ONCE) pages.push({ ask: ask.slice(begin, begin + AT_ONCE) });
    announcements.forEach((text, index) => pages.splice(2 * index + 1, 0, { text }));
    clips.forEach((clip, index) => pages.splice(3 * index + 2, 0, { clip }));
    return pages;
  }

  // A clip stands until it is over, or something is to be said.
  idle() {
    const pages = this.pages();
    if (!pages.length || at("idle").hidden || !at("clip-box").hidden) return;
    const page = pages[this.turn % pages.length];
    this.turn += 1;
    at("ask-box").hidden = !page.ask;
    at("announcement").hidden = !page.text;
    at("announcement").textContent = page.text ?? "";
    if (page.ask) at("ask").replaceChildren(...page.ask.map((text) => make("li", { textContent: text })));
    if (page.clip) this.clip(page.clip);
  }

  // Without sound: its words are burned in, and the voice is the presenter's alone. One that left
  // the shelf since the loop was fetched is not begun, and stops where it plays.
  async clip(one) {
    if (!(await this.isUp(one)) || at("idle").hidden || !at("clip-box").hidden) return;
    at("clip-title").textContent = one.title;
    at("clip-label").textContent = one.label;
    at("clip-box").hidden = false;
    at("clip").src = one.video;
    at("clip").play().catch(() => this.noClip());
    this.watch = setInterval(() => this.isUp(one), STILL);
  }

  async isUp(one) {
    const response = await fetch(one.captions, { cache: "no-store" }).catch(() => null);
    if (response?.status !== 404) return Boolean(response?.ok);
    this.noClip();
    this.fetch();
    return false;
  }

  noClip() {
    clearInterval(this.watch);
    at("clip").pause();
    at("clip").removeAttribute("src");
    at("clip-box").hidden = true;
  }

  clock() {
    const now = new Date();
    at("clock").textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  }
}
