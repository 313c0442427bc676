// The page for OBS: the presenter, large captions, the answer with its clause, the label.
import { Caption } from "./stage-caption.js";
import { Card } from "./stage-card.js";
import { Host, PictureHost } from "./stage-host.js";
import { Pace } from "./stage-pace.js";
import { Slides } from "./stage-slides.js";
import { Stage } from "./stage.js";

const { room, presenter, drawn, model } = document.body.dataset;
const query = new URLSearchParams(location.search);
const at = (id) => document.getElementById(id);
const labels = JSON.parse(at("labels").textContent);

const card = new Card(room);
const caption = new Caption(at("caption"));
const root = at("host");
let host = drawn ? new Host(root) : new PictureHost(root, `/stage/${encodeURIComponent(room)}/presenter/${presenter}`);
const slides = new Slides(at("slides"), room, glance);
let state = "idle";
let kind = "";

// While the room goes from one process to the next, viewers see a card and no fault.
const GONE = 1_500; // milliseconds without the line after which the card stands
const LOST = 20_000; // milliseconds after which it says what is wrong
let timers = [];
let gone = false;
function holding() {
  document.body.dataset.holding = gone || state === "holding" ? "1" : "";
}

function away(connected) {
  if (connected) {
    timers.forEach(clearTimeout);
    timers = [];
    gone = false;
    at("line").hidden = true;
  } else if (!timers.length) {
    timers.push(setTimeout(() => { gone = true; holding(); }, GONE), setTimeout(() => { at("line").hidden = false; }, LOST));
  }
  holding();
}

// The label says what is true: a person's own words are not a machine's.
function label() {
  const key = state === "taken_over" ? "person" : kind === "operator_said" ? "said" : "";
  if (at("label").textContent !== labels[key]) at("label").textContent = labels[key];
  document.body.dataset.label = key;
}

// The presenter looks for a moment at the slide that has come.
function glance(element) {
  const [there, here] = [element, root].map((one) => one.getBoundingClientRect());
  const x = there.left + there.width / 2 - here.left - here.width / 2;
  const y = there.top + there.height / 2 - here.top - here.height / 3;
  host.glance?.(x, y);
}

// An operator's model stands in for the drawn presenter where the machine can show it.
const LEAST = 25; // frames a second
let pace = null;
async function embody() {
  try {
    const { modelHost } = await import("./stage-vrm.js");
    figure(await modelHost(root, `/stage/${encodeURIComponent(room)}/model/${model}`), "model");
    pace = new Pace(Number(query.get("fps")) || LEAST);
  } catch (error) {
    stage.figure = /WebGL/i.test(error.message) ? "no_webgl" : "broken";
    root.dataset.figure = stage.figure;
  }
}

function figure(next, name) {
  [figure.other, host] = [host, next];
  stage.figure = root.dataset.figure = name;
}

function tooSlow() {
  host.stop();
  figure(figure.other, "slow");
  pace = null;
}

function mood() {
  if (kind) return "speak";
  if (state !== "open") return "idle";
  return at("next-list").childElementCount ? "think" : "listen";
}

const view = {
  begin(cue, from) {
    kind = cue.kind;
    document.body.dataset.state = "saying";
    card.begin(cue);
    slides.begin(cue, from);
    label();
  },
  sentence(_cue, sentence) {
    caption.show(sentence);
    card.follow(sentence);
    slides.at(sentence.index);
  },
  rest() {
    kind = "";
    document.body.dataset.state = "idle";
    caption.clear();
    card.rest();
    slides.rest();
    label();
  },
  notice(now, line, topic) {
    state = now;
    at("topic").textContent = topic;
    at("topic").hidden = !topic;
    document.body.dataset.roomState = now;
    holding();
    if (line) at("notice").textContent = line;
    label();
  },
  cover({ silent, carded }) {
    at("covered").hidden = !carded;
    document.body.dataset.silent = silent ? "1" : "";
  },
  next(waiting) {
    card.next(waiting);
  },
  role({ speaks, renderer }) {
    document.body.dataset.speaks = speaks ? "1" : "";
    document.body.dataset.renderer = renderer ? "1" : "";
  },
  line: away,
};

const key = query.get("key") ?? "";
const stage = new Stage(room, { key, sound: query.get("sound") === "1" }, view);
// A browser that waits for a click before it lets a page be heard is given one.
addEventListener("pointerdown", () => stage.clock.context?.resume());

let frames = 0;
let painted = 0; // since the page was opened
let since = performance.now();
function draw(time) {
  requestAnimationFrame(draw);
  const now = stage.clock.now() - stage.clock.latency;
  const here = stage.player.cue ? stage.player.at(now) : null;
  const audible = stage.player.voice && stage.clock.state === "running" && here?.sentence.audio;
  host.mood = mood();
  host.frame(now, here, audible ? stage.voice.level() : null);
  // What is heard lags behind what is shown: the sentence before may still be on the air.
  if (here && here.sentence === caption.sentence) caption.frame(here.seconds);
  if (pace?.frame(time / 1000)) tooSlow();
  frames += 1;
  painted += 1;
  if (time - since < 1000) return;
  stage.fps = Math.round((frames * 10_000) / (time - since)) / 10;
  frames = 0;
  since = time;
  sound();
}
requestAnimationFrame(draw);
if (model) embody();

function sound() {
  const waits = stage.speaks && stage.clock.state === "suspended";
  at("sound").hidden = !waits;
}

// For `assistant push`, which looks once a second whether the page lives.
globalThis.pulse = () => {
  const here = stage.player.cue ? stage.player.at(stage.clock.now()) : null;
  const shown = root.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return {
    frames: painted,
    speaks: Boolean(stage.player.voice && here?.sentence.audio && !stage.voice.isHushed),
    heard: stage.speaks,
    connected: stage.line.socket.readyState === WebSocket.OPEN,
    moves: shown && at("covered").hidden && !(host instanceof PictureHost), // a drawn presenter breathes
    audio: stage.clock.state,
  };
};

// For tests and benches: what the page is doing.
globalThis.stage = { stage, caption, card, slides, get host() { return host; } };
