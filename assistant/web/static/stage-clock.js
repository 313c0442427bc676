// The one clock of the stage, in seconds: the sound card's while it runs, else the machine's.
// Mouth, captions and reports all read it, so they are in step with what is heard.

const MOST_LATENCY = 0.3;

export class Clock {
  constructor() {
    this.context = null;
    this.failed = false;
    this.shift = 0; // what the running source lacks to go on where the other one was
    this.byAudio = false;
    this.last = 0;
  }

  // Begin to use the sound card. A browser may wait for a click: then the state is "suspended".
  open() {
    if (this.context || this.failed) return;
    try {
      this.context = new AudioContext({ latencyHint: "interactive" });
    } catch {
      this.failed = true;
    }
  }

  get state() {
    if (this.failed) return "failed";
    if (!this.context) return "off";
    return this.context.state === "running" ? "running" : "suspended";
  }

  now() {
    const byAudio = this.context?.state === "running";
    const source = byAudio ? this.context.currentTime : performance.now() / 1000;
    if (byAudio !== this.byAudio) {
      this.byAudio = byAudio;
      this.shift = this.last - source;
    }
    this.last = Math.max(this.last, source + this.shift);
    return this.last;
  }

  // The same moment on the sound card's own clock.
  audio(time) {
    return time - this.shift;
  }

  // What is heard now left the page so long ago.
  get latency() {
    const seconds = this.byAudio ? (this.context.outputLatency ?? 0) : 0;
    return Math.min(seconds, MOST_LATENCY);
  }
}
