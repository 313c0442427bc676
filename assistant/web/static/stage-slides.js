// The slides beside a cue: each comes with its sentence, by the clock that the caption follows.
// The markup is a drawing (stage/slides.py checks it); it stands in a shadow root of its own.

const LINGER = 4_000; // milliseconds that a slide stays for the next part of a script
const KEPT = 60; // slides that the page remembers

export class Slides {
  // `turned(element)` is called when another slide comes.
  constructor(element, room, turned) {
    Object.assign(this, { element, room, turned, list: [], wanted: "", shown: "", loaded: new Map(), leaving: 0 });
    this.layers = [this.layer(), this.layer()];
  }

  layer() {
    const layer = document.createElement("div");
    layer.className = "slide-layer";
    this.element.append(layer);
    layer.attachShadow({ mode: "open" });
    return layer;
  }

  // `from` is the sentence at which it begins here.
  begin(cue, from) {
    this.list = cue.slides;
    clearTimeout(this.leaving);
    if (!this.list.length) {
      this.hide();
      return;
    }
    for (const one of this.list) this.load(one.name);
    this.at(from);
  }

  at(sentence) {
    const found = this.list.findLast((one) => one.sentence <= sentence);
    if (!found || found.name === this.wanted) return;
    this.wanted = found.name;
    this.show();
  }

  rest() {
    this.list = [];
    this.leaving = setTimeout(() => this.hide(), LINGER);
  }

  hide() {
    this.wanted = this.shown = "";
    document.body.dataset.slides = "";
    for (const layer of this.layers) layer.classList.remove("slide-on");
  }

  async load(name) {
    if (this.loaded.has(name)) return;
    this.loaded.set(name, null);
    while (this.loaded.size > KEPT) this.loaded.delete(this.loaded.keys().next().value);
    const response = await fetch(`/stage/${encodeURIComponent(this.room)}/slide/${name}`).catch(() => null);
    if (!response?.ok) {
      this.loaded.delete(name);
      return;
    }
    this.loaded.set(name, await response.text());
    this.show();
  }

  show() {
    const markup = this.loaded.get(this.wanted);
    if (!markup || this.shown === this.wanted) return;
    this.shown = this.wanted;
    this.layers.reverse();
    const [on, off] = this.layers;
    const sheet = document.getElementById("slide-sheet").cloneNode();
    sheet.removeAttribute("id");
    const drawn = new DOMParser().parseFromString(markup, "text/html").body;
    on.shadowRoot.replaceChildren(sheet, ...drawn.childNodes);
    on.dataset.slide = this.shown;
    on.classList.add("slide-on");
    off.classList.remove("slide-on");
    document.body.dataset.slides = "1";
    this.turned(this.element);
  }
}
