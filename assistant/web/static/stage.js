// A stage page: takes cues from the line, plays each once, reports what was heard.
import { Clock } from "./stage-clock.js";
import { StageLine } from "./stage-line.js";
import { Played } from "./stage-played.js";
import { Player } from "./stage-player.js";
import { Voice } from "./stage-voice.js";

const REPORT = 250; // milliseconds between two reports of what was heard
const STATUS = 2000;
const PUMP = 50;

export class Stage {
  // `view`: {begin(cue, from), sentence(cue, sentence), rest(), notice(state, line), next(waiting), cover({silent, carded}),
  //          role(part), line(connected)}; `sound`: a mirror is heard as well.
  constructor(room, { key = "", role = "page", sound = false }, view) {
    Object.assign(this, { view, sound, speaks: false, fps: 0, figure: "" });
    this.played = new Played(room);
    this.clock = new Clock();
    this.voice = new Voice(room, this.clock);
    if (key || sound) this.voice.open();
    this.player = new Player(this.clock, null, {
      started: (cue) => this.tell({ type: "started", cue_id: cue.id }),
      sentence: (cue, sentence, index) => this.saying(cue, sentence, index),
      ended: (cue) => this.over(cue),
      rest: () => this.view.rest(),
    });
    this.line = new StageLine(room, { key, role }, (message) => this.take(message), (on) => this.connected(on));
    setInterval(() => this.player.pump(), PUMP);
    setInterval(() => this.report(), REPORT);
    setInterval(() => this.status(), STATUS);
  }

  connected(on) {
    this.player.wait(!on);
    this.view.line(on);
  }

  // The part of a page that is not heard is to go along in silence.
  hear() {
    const heard = this.speaks || this.sound;
    if (heard) this.voice.open();
    const comes = heard && !this.player.voice;
    this.player.voice = heard ? this.voice : null;
    if (comes) this.player.hear();
  }

  listen(on) {
    this.sound = on;
    if (!on && !this.speaks) this.voice.silence();
    this.hear();
    this.clock.context?.resume();
  }

  take(message) {
    const { player } = this;
    switch (message.type) {
      case "role":
        this.speaks = message.speaks;
        this.hear();
        this.view.role(message);
        break;
      case "cue":
        this.cue(message);
        break;
      case "sentence":
        player.add(message);
        break;
      case "position":
        if (!this.speaks && message.cue_id === player.cue?.id) player.follow(message);
        break;
      case "stop":
        this.stop();
        break;
      case "ended":
        if (message.cue_id === player.cue?.id) player.drop();
        break;
      case "next":
        this.view.next(message.waiting);
        break;
      case "cover":
        this.voice.hush(message.silent);
        this.view.cover?.(message);
        break;
      case "notice":
        this.view.notice(message.state, message.line, message.topic);
        break;
      default:
    }
  }

  cue(cue) {
    const { player, played } = this;
    if (player.cue?.id === cue.id) {
      if (player.hasBegun) this.tell({ type: "started", cue_id: cue.id });
      return;
    }
    // What had begun before a restart goes on here, or nowhere.
    if (cue.begun && !played.has(cue.id)) return;
    if (this.speaks && !cue.position && played.isOver(cue.id)) {
      this.tell({ type: "started", cue_id: cue.id });
      this.tell({ type: "ended", cue_id: cue.id });
      return;
    }
    const from = this.speaks ? Math.max(cue.from, played.next(cue.id)) : cue.from;
    player.begin(cue, from, cue.position);
    this.view.begin(cue, cue.position?.sentence ?? from);
  }

  saying(cue, sentence, index) {
    if (this.speaks) this.played.set(cue.id, index);
    this.view.sentence(cue, sentence);
  }

  over(cue) {
    if (!this.speaks) return;
    this.played.set(cue.id, "over");
    this.tell({ type: "ended", cue_id: cue.id });
  }

  stop() {
    const { cue, hasBegun } = this.player;
    if (!cue) return;
    const heard = this.player.heard(this.clock.now());
    this.player.drop();
    if (!this.speaks || !hasBegun) return;
    this.played.set(cue.id, "over");
    this.tell({ type: "heard", cue_id: cue.id, final: true, ...heard });
  }

  report() {
    const { player } = this;
    if (!this.speaks || !player.cue || !player.hasBegun) return;
    this.tell({ type: "heard", cue_id: player.cue.id, ...player.heard(this.clock.now()) });
  }

  status() {
    this.tell({ type: "status", fps: this.fps, figure: this.figure, audio: this.player.voice ? this.clock.state : "off", at: Date.now(), seq: this.line.seq });
  }

  // `told` is for tests and benches: the last things it said.
  tell(message) {
    this.told = [...(this.told ?? []).slice(-60), message];
    this.line?.tell(message);
  }
}
