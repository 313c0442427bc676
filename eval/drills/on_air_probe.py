"""What the on-air drill puts into the stage's page: a tap on all that leaves it for the speakers.

Whatever a page connects to the sound card is also led to a worklet that hands over its samples, so
the sound is that of the page as a whole and not what the page says of itself. Silent blocks are
left out; each block has the frame of the card's clock at which it begins.
"""

PROBE = """(() => {
  const p = globalThis.onair = { rate: 0, chunks: [], captions: [], clock: [] };
  const connect = AudioNode.prototype.connect;
  const CODE = `registerProcessor("onair-tap", class extends AudioWorkletProcessor {
    constructor() { super(); this.held = new Float32Array(4096); this.fill = 0; this.began = 0; }
    process([input]) {
      if (!this.fill) this.began = currentFrame;
      if (input[0]) this.held.set(input[0], this.fill);
      else this.held.fill(0, this.fill, this.fill + 128);
      this.fill += 128;
      if (this.fill < this.held.length) return true;
      if (this.held.some((one) => one !== 0)) this.port.postMessage([this.began, this.held]);
      this.fill = 0;
      return true;
    }
  });`;
  const text = (samples) => {
    const short = Int16Array.from(samples, (one) => Math.max(-1, Math.min(1, one)) * 32767);
    return btoa(String.fromCharCode(...new Uint8Array(short.buffer)));
  };
  globalThis.AudioContext = class extends AudioContext {
    constructor(...given) {
      super(...given);
      p.context = this;
      p.rate = this.sampleRate;
      const url = URL.createObjectURL(new Blob([CODE], { type: "text/javascript" }));
      this.tap = this.audioWorklet.addModule(url).then(() => {
        const options = { channelCount: 1, channelCountMode: "explicit" };
        const tap = new AudioWorkletNode(this, "onair-tap", options);
        tap.port.onmessage = ({ data: [frame, held] }) => p.chunks.push([frame, text(held)]);
        connect.call(tap, this.destination);  // else it is not run; it is silent
        return tap;
      });
    }
  };
  AudioNode.prototype.connect = function (to, ...more) {
    const made = connect.call(this, to, ...more);
    if (to === this.context.destination) this.context.tap?.then((tap) => connect.call(this, tap));
    return made;
  };
  setInterval(() => {
    if (p.context) p.clock.push([p.context.currentTime, Date.now() / 1000]);
  }, 200);
  let last = "";
  requestAnimationFrame(function look() {
    requestAnimationFrame(look);
    const stage = globalThis.stage?.stage;
    if (!p.context || !stage) return;
    const said = document.querySelectorAll("#caption .said").length;
    const at = p.context.currentTime - stage.clock.latency;
    const here = [stage.player.cue?.id ?? "", stage.player.shown, said];
    if (here.join() === last) return;
    last = here.join();
    p.captions.push([at, ...here, document.getElementById("caption").textContent]);
  });
})()"""

TAKE = """() => {
  const p = globalThis.onair;
  if (!p?.context) return null;
  const took = { load: performance.timeOrigin, rate: p.rate, clock: p.clock, chunks: p.chunks,
    captions: p.captions };
  Object.assign(p, { clock: [], chunks: [], captions: [] });
  return took;
}"""
"""All since the last look; None before the page has a sound card."""
