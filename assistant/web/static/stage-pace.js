// Whether a page keeps pace: frames a second over the first seconds, without those of the start.

const SETTLES = 1.5; // seconds in which shaders are built and pictures decoded
const LOOKS = 4; // seconds that are counted
const AWAY = 1; // a longer gap is a hidden page, not a slow one

export class Pace {
  constructor(least) {
    Object.assign(this, { least, last: null, passed: 0, counted: 0, frames: 0, fps: null });
  }

  // A frame at that moment, in seconds. True once it is known to be too slow.
  frame(now) {
    const gap = this.last === null ? 0 : now - this.last;
    this.last = now;
    if (this.fps !== null || gap > AWAY) return false;
    this.passed += gap;
    if (this.passed < SETTLES) return false;
    this.counted += gap;
    this.frames += 1;
    if (this.counted < LOOKS) return false;
    this.fps = this.frames / this.counted;
    return this.fps < this.least;
  }
}
