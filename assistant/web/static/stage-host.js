// The presenter: lips, eyes, lids, brows, breath and the turn of the head.
import { Mouth, paths } from "./stage-mouth.js";

const BLINK = 0.17; // seconds
const HOLD = 1 / 33; // seconds between two small moves of head and chest: they are slow, and move whole layers
const EASY = 0.11; // how far lids hang in a friendly face
const random = (from, to) => from + Math.random() * (to - from);
const ease = (x) => x * x * (3 - 2 * x);

// How each mood holds the head and looks; angles in degrees, lengths in units of the drawing.
const MOODS = {
  idle: { gaze: [0, 0], tilt: 0, brow: 0, sway: 1 },
  listen: { gaze: [0, 0], tilt: 1.4, brow: -1.5, sway: 0.7 },
  think: { gaze: [2.5, -3], tilt: 1.2, brow: -3, sway: 0.5 },
  speak: { gaze: [0, 0], tilt: 0, brow: -0.6, sway: 1.5 },
};

export class Host {
  // `root` holds the layers of a drawn presenter (templates/live/presenters).
  constructor(root) {
    const find = (name) => root.querySelector(`[data-part="${name}"]`);
    const all = (name) => [...root.querySelectorAll(`[data-part="${name}"]`)];
    Object.assign(this, { root, mouth: new Mouth(), mood: "idle", gaze: [0, 0], tilt: 0, brow: 0 });
    this.lips = { outer: find("lips"), inner: find("inside"), cut: find("inside-cut"), teeth: find("teeth"), tongue: find("tongue"), gloss: find("gloss") };
    this.eyes = all("iris");
    this.lids = all("lid");
    this.brows = all("brow");
    this.heads = all("head");
    this.body = find("body");
    this.blinkAt = 2;
    this.glanceAt = 5;
    this.glanceTo = null;
    this.last = this.held = 0;
    this.drawn = {};
  }

  // One frame. `here` and `level` as for the mouth.
  frame(now, here, level) {
    this.last = now;
    this.talk(this.mouth.move(now, here, level));
    this.blink(now);
    this.look(now, here !== null);
    if (now - this.held > HOLD) this.hold(now, level ?? 0);
  }

  // Set where it changed: an attribute that is written anew is painted anew.
  set(element, name, value) {
    const key = `${name}:${element.dataset.key ??= String(Object.keys(this.drawn).length)}`;
    if (this.drawn[key] === value) return;
    this.drawn[key] = value;
    element.setAttribute(name, value);
  }

  talk(at) {
    const { lips } = this;
    const made = paths(at);
    this.set(lips.outer, "d", made.lips);
    this.set(lips.inner, "d", made.inside);
    this.set(lips.cut, "d", made.inside);
    this.set(lips.teeth, "transform", `translate(0 ${(-made.up - 1 + (1 - at.teeth) * -7).toFixed(1)}) scale(${(at.w / 27).toFixed(2)} 1)`);
    this.set(lips.tongue, "transform", `translate(0 ${(made.down + 4 - at.tongue * 5).toFixed(1)})`);
    this.set(lips.gloss, "transform", `translate(0 ${(made.base - 5).toFixed(1)}) scale(${(at.w / 27).toFixed(2)} 1)`);
    this.root.dataset.mouth = this.mouth.shape;
  }

  blink(now) {
    if (now > this.blinkAt + BLINK) this.blinkAt = now + (Math.random() < 0.16 ? 0.12 : random(2.2, 5.5));
    const part = (now - this.blinkAt) / BLINK;
    const shut = part < 0 ? EASY : part < 0.4 ? ease(part / 0.4) : 1 - ease((part - 0.4) / 0.6) * (1 - EASY);
    for (const lid of this.lids) this.set(lid, "transform", `translate(0 ${(shut * Number(lid.dataset.travel)).toFixed(1)})`);
  }

  // At what has come, in that direction: pixels of the page.
  glance(x, y) {
    const length = Math.hypot(x, y) || 1;
    this.glanceTo = [(4 * x) / length, (3 * y) / length];
    this.glanceAt = this.last + random(0.9, 1.3);
  }

  // Mostly at the viewer; now and then for a moment at what stands beside.
  look(now, speaks) {
    const mood = MOODS[this.mood];
    if (now > this.glanceAt) {
      this.glanceTo = this.glanceTo || !speaks && Math.random() < 0.4 ? null : [random(2.6, 4), random(0, 1.2)];
      this.glanceAt = now + (this.glanceTo ? random(0.7, 1.3) : random(3.5, 7));
    }
    const aim = this.glanceTo ?? mood.gaze;
    this.gaze = this.gaze.map((one, axis) => one + (aim[axis] - one) * 0.16);
    const [x, y] = this.gaze;
    for (const eye of this.eyes) this.set(eye, "transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }

  hold(now, level) {
    const mood = MOODS[this.mood];
    const passed = Math.min(0.1, now - this.held);
    this.held = now;
    const turn = 1.1 * Math.sign(this.glanceTo?.[0] ?? 0);
    this.tilt += (mood.tilt + turn - this.tilt) * (1 - Math.exp(-passed / 0.41));
    this.brow += (mood.brow - Math.min(1, level * 7) - this.brow) * (1 - Math.exp(-passed / 0.16));
    const breath = Math.sin(now * 1.5);
    const sway = Math.sin(now * 0.83) * 0.8 + Math.sin(now * 2.1) * 0.35;
    const x = sway * mood.sway;
    const y = breath * -1.6 + Math.min(3, level * 16) * mood.sway * 0.5;
    const move = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) rotate(${(this.tilt + sway * 0.35 * mood.sway).toFixed(2)}deg)`;
    if (this.drawn.head !== move) {
      this.drawn.head = move;
      for (const head of this.heads) head.style.transform = move;
    }
    const chest = `translateY(${(breath * -1.1).toFixed(1)}px)`;
    if (this.drawn.chest !== chest) {
      this.drawn.chest = chest;
      this.body.style.transform = chest;
    }
    for (const brow of this.brows) this.set(brow, "transform", `translate(0 ${this.brow.toFixed(1)})`);
  }
}

// A presenter of pictures: one for each shape of the mouth, one with closed eyes.
export class PictureHost {
  constructor(root, base) {
    Object.assign(this, { root, base, mouth: new Mouth(), mood: "idle", blinkAt: 3, pictures: new Map() });
    for (const shape of ["X", "A", "B", "C", "D", "E", "F", "G", "H", "blink"]) this.load(shape);
  }

  load(shape) {
    const picture = new Image();
    picture.onload = () => {
      this.pictures.set(shape, picture);
      picture.hidden = shape !== "X";
      this.root.append(picture);
    };
    picture.alt = "";
    picture.src = `${this.base}/${shape}`;
  }

  frame(now, here, level) {
    this.mouth.move(now, here, level);
    if (now > this.blinkAt + BLINK) this.blinkAt = now + random(2.5, 6);
    const blinks = now > this.blinkAt && this.pictures.has("blink") && this.mouth.shape === "X";
    const shown = blinks ? "blink" : this.mouth.shape;
    if (shown === this.shown || !this.pictures.has(shown)) return;
    this.shown = shown;
    for (const [shape, picture] of this.pictures) picture.hidden = shape !== shown;
    this.root.dataset.mouth = this.mouth.shape;
  }
}
