// Fetches, decodes and plays sentences; knows how loud it is.

const TRIES = 2;
const FADE = 0.012; // seconds: a cut without a click
const SAMPLES = 512;

export class Voice {
  constructor(room, clock) {
    Object.assign(this, { room, clock, nodes: new Set(), samples: new Float32Array(SAMPLES) });
  }

  get isOn() {
    return this.clock.context !== null;
  }

  open() {
    this.clock.open();
    const { context } = this.clock;
    if (!context || this.gain) return;
    this.gain = context.createGain();
    this.analyser = new AnalyserNode(context, { fftSize: SAMPLES });
    this.out = new GainNode(context, { gain: this.isHushed ? 0 : 1 });
    this.gain.connect(this.analyser).connect(this.out).connect(context.destination);
  }

  // The decoded sound; null where it cannot be had: then the sentence is a caption.
  async load(name) {
    if (!name || !this.isOn) return null;
    for (let tried = 0; tried < TRIES; tried += 1) {
      try {
        const response = await fetch(`/stage/${encodeURIComponent(this.room)}/audio/${encodeURIComponent(name)}`);
        if (response.ok) return await this.clock.context.decodeAudioData(await response.arrayBuffer());
        if (response.status === 404) return null;
      } catch { /* tried again */ }
    }
    return null;
  }

  // Play from `offset` seconds at a moment of the clock.
  play(buffer, at, offset) {
    const node = new AudioBufferSourceNode(this.clock.context, { buffer });
    node.connect(this.gain);
    node.onended = () => this.nodes.delete(node);
    this.gain.gain.cancelScheduledValues(0);
    this.gain.gain.setValueAtTime(1, this.clock.context.currentTime);
    node.start(Math.max(0, this.clock.audio(at)), offset);
    this.nodes.add(node);
  }

  // Nothing is heard while everything else goes on: captions, figure, the reports.
  hush(on) {
    this.isHushed = on;
    this.out?.gain.setTargetAtTime(on ? 0 : 1, this.clock.context.currentTime, FADE / 3);
  }

  silence() {
    if (!this.gain) return;
    const { currentTime } = this.clock.context;
    this.gain.gain.setTargetAtTime(0, currentTime, FADE / 3);
    for (const node of this.nodes) node.stop(currentTime + FADE);
    this.nodes.clear();
  }

  // Root mean square of what is heard now, 0..1.
  level() {
    if (!this.analyser) return 0;
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const one of this.samples) sum += one * one;
    return Math.sqrt(sum / SAMPLES);
  }
}
