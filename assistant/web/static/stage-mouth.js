// The mouth: nine shapes as a few numbers each, blended in time with the voice, drawn as one path.
// Shapes are those of assistant/domain/speech.py (Viseme); lengths are units of the drawing.

// w: half width, open: gap of the lips, round: lips pushed forward (0..1), teeth and tongue (0..1),
// bite: the lower lip under the upper teeth (0..1), smile: how far the corners are lifted.
const SHAPES = {
  X: { w: 29, open: 0, round: 0, teeth: 0, tongue: 0, bite: 0, smile: 5.2 },
  A: { w: 25.5, open: 0, round: 0.12, teeth: 0, tongue: 0, bite: 0.15, smile: 2.6 },
  B: { w: 29, open: 6.5, round: 0, teeth: 1, tongue: 0, bite: 0, smile: 2.8 },
  C: { w: 27, open: 10, round: 0, teeth: 0.75, tongue: 0.35, bite: 0, smile: 3 },
  D: { w: 28.5, open: 15, round: 0, teeth: 0.7, tongue: 0.5, bite: 0, smile: 3 },
  E: { w: 20.5, open: 12, round: 0.6, teeth: 0.25, tongue: 0.3, bite: 0, smile: 0 },
  F: { w: 16.5, open: 6.5, round: 1, teeth: 0.15, tongue: 0, bite: 0, smile: 0 },
  G: { w: 25, open: 4.5, round: 0, teeth: 1, tongue: 0, bite: 1, smile: 1.2 },
  H: { w: 26, open: 9, round: 0, teeth: 0.85, tongue: 1, bite: 0, smile: 2 },
};
const AHEAD = 0.035; // seconds: lips begin to form a sound before it is heard
const QUICK = 0.038; // seconds in which two thirds of the way to a shape are gone
const QUIET = 0.006; // RMS below which nothing is heard
const HUSH = 0.12; // seconds of quiet after which the lips are closed
const USUAL = 0.09; // RMS of a voice at its usual loudness

export class Mouth {
  constructor() {
    Object.assign(this, { at: { ...SHAPES.X }, shape: "X", quietSince: 0, last: 0 });
  }

  // `here`: what is said now, from the player; `level`: RMS, null where there is no sound.
  move(now, here, level) {
    const passed = Math.min(0.1, now - this.last);
    this.last = now;
    this.shape = this.wanted(now, here, level);
    const aim = { ...SHAPES[this.shape] };
    if (aim.open && level !== null) aim.open *= 0.62 + 0.55 * Math.min(1, level / USUAL);
    const part = 1 - Math.exp(-passed / QUICK);
    for (const name of Object.keys(aim)) this.at[name] += (aim[name] - this.at[name]) * part;
    return this.at;
  }

  // The timeline says which shape; where the voice is quiet for a while it is closed all the same.
  wanted(now, here, level) {
    if (!here || here.isOver) return "X";
    if (level !== null) {
      if (level >= QUIET) this.quietSince = now;
      if (now - this.quietSince > HUSH) return "X";
    }
    const at = here.seconds + AHEAD;
    const found = here.sentence.mouth.find(([start, end]) => start <= at && at < end);
    return found ? found[2] : "X";
  }
}

const f = (number) => number.toFixed(1);

// Paths of a mouth whose middle is at 0, 0.
export function paths({ w, open, round, bite, smile }) {
  const half = w;
  const corner = -smile;
  const sag = smile * 0.55; // between the corners a smile hangs through
  const up = open * 0.4;
  const down = open * 0.6 - bite * 1.5;
  const upper = 6.4 + round * 2.4; // thickness of the lips
  const lower = 8.2 + round * 2.2 - bite * 2.4;
  const bow = 2.1 * (1 - round);
  const inner = half - 3.2 - round * 1.5;
  const innerCorner = corner + 0.4;
  const mouth = `M${f(-inner)} ${f(innerCorner)}C${f(-inner * 0.5)} ${f(sag - up)} ${f(inner * -0.18)} ${f(sag - up)} 0 ${f(sag - up + bow * 0.25)}`
    + `C${f(inner * 0.18)} ${f(sag - up)} ${f(inner * 0.5)} ${f(sag - up)} ${f(inner)} ${f(innerCorner)}`;
  const bottom = `C${f(inner * 0.55)} ${f(down + sag)} ${f(inner * 0.3)} ${f(down + sag)} 0 ${f(down + sag + bow * 0.25)}`
    + `C${f(-inner * 0.3)} ${f(down + sag)} ${f(-inner * 0.55)} ${f(down + sag)} ${f(-inner)} ${f(innerCorner)}Z`;
  const top = `M${f(-half)} ${f(corner)}C${f(-half * 0.62)} ${f(-up - upper * 0.72)} ${f(-half * 0.3)} ${f(-up - upper)} ${f(-half * 0.16)} ${f(-up - upper)}`
    + `Q0 ${f(-up - upper + bow)} ${f(half * 0.16)} ${f(-up - upper)}C${f(half * 0.3)} ${f(-up - upper)} ${f(half * 0.62)} ${f(-up - upper * 0.72)} ${f(half)} ${f(corner)}`;
  const base = down + sag + lower;
  const under = `C${f(half * 0.62)} ${f(base * 0.93)} ${f(half * 0.34)} ${f(base)} 0 ${f(base)}C${f(-half * 0.34)} ${f(base)} ${f(-half * 0.62)} ${f(base * 0.93)} ${f(-half)} ${f(corner)}Z`;
  return { lips: top + under, inside: mouth + bottom, up: up - sag, down: down + sag, base };
}
