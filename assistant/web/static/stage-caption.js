// The caption: the sentence that is said, its characters lit up as they are heard.

const LONG = 40; // characters beyond which the type is smaller

export class Caption {
  constructor(element) {
    Object.assign(this, { element, sentence: null, parts: [], said: 0 });
  }

  show(sentence) {
    this.sentence = sentence;
    this.said = 0;
    this.parts = [...sentence.text].map((character) => Object.assign(document.createElement("span"), { textContent: character }));
    this.element.classList.toggle("caption-long", this.parts.length > LONG);
    const line = document.createElement("p");
    line.append(...this.parts);
    this.element.replaceChildren(line);
  }

  frame(seconds) {
    if (!this.sentence) return;
    const { times } = this.sentence;
    let said = this.said;
    while (said < this.parts.length && times[said] <= seconds) said += 1;
    for (let at = this.said; at < said; at += 1) this.parts[at].className = "said";
    this.said = Math.max(this.said, said);
  }

  clear() {
    this.sentence = null;
    this.parts = [];
    this.element.replaceChildren();
  }
}
