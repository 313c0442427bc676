// Plays a cue: its sentences one after the other on the one clock, the next one scheduled before
// the last has ended; a sentence's own sound holds the pause after it. Where a sound is missing the sentence stands in the time of saying it.

const LEAD = 0.04; // seconds from now to a first sound
const EARLY = 1.5; // seconds before its time a sentence is handed to the sound card
const PATIENCE = 2.5; // seconds for a sound to load; then the sentence is a caption
const LOST = 8; // seconds without the next sentence: the cue is over
const CUT_OFF = 60; // seconds that it waits for the next sentence while the line is down
const DRIFT = 0.12; // seconds that a mirror may be off

export class Player {
  // `voice` is null where there is no sound. `on`: {started, sentence, ended, rest} of the cue.
  constructor(clock, voice, on) {
    Object.assign(this, { clock, voice, on, cue: null, slots: [], next: 0, shown: -1, patience: LOST });
  }

  // `from`: the sentence at which to begin; `position`: where the speaker is, to go along.
  begin(cue, from = 0, position = null) {
    this.drop();
    Object.assign(this, { cue, slots: [], shown: -1, waitsSince: this.clock.now(), hasBegun: false });
    this.next = position ? position.sentence : from;
    this.anchor = position ? { sentence: position.sentence, at: this.clock.now() - position.seconds } : null;
  }

  // While the line is down the next sentence cannot come.
  wait(isCut) {
    this.patience = isCut ? CUT_OFF : LOST;
    this.waitsSince = this.clock.now();
  }

  // A sentence has come.
  add(sentence) {
    if (sentence.cue_id !== this.cue?.id || this.slots[sentence.index]) return;
    const slot = { sentence, start: null, length: sentence.seconds, buffer: null };
    slot.isReady = sentence.index < this.next || !sentence.audio || !this.voice?.isOn;
    slot.came = this.clock.now();
    this.slots[sentence.index] = slot;
    if (!slot.isReady) this.load(slot);
    this.pump();
  }

  async load(slot) {
    slot.buffer = await this.voice.load(slot.sentence.audio);
    slot.isReady = true;
    if (slot.buffer) slot.length = slot.buffer.duration;
    if (this.slots[slot.sentence.index] === slot) this.pump();
  }

  // Hand over what is ready; find out what is over. Called often.
  pump() {
    if (!this.cue) return;
    const now = this.clock.now();
    for (let slot = this.slots[this.next]; slot && this.isDue(slot, now); slot = this.slots[this.next]) {
      this.schedule(slot, now);
      this.next += 1;
    }
    this.look(now);
  }

  isDue(slot, now) {
    const waited = slot.isReady || now - slot.came > PATIENCE;
    return waited && this.end() - now < EARLY;
  }

  // When what is scheduled is over; in the past where nothing is.
  end() {
    const last = this.slots[this.next - 1];
    return last?.start == null ? -Infinity : last.start + last.length;
  }

  // What began elsewhere begins here in its middle.
  schedule(slot, now) {
    const began = this.anchor?.sentence === slot.sentence.index ? this.anchor.at : null;
    slot.start = began ?? Math.max(this.end(), now + LEAD);
    const at = Math.max(slot.start, now + (began === null ? 0 : LEAD));
    if (slot.buffer && this.voice?.isOn && at < slot.start + slot.length) {
      this.voice.play(slot.buffer, at, at - slot.start);
    }
  }

  look(now) {
    const here = this.at(now);
    if (here && here.index !== this.shown) {
      if (!this.hasBegun) {
        this.hasBegun = true;
        this.on.started(this.cue);
      }
      this.shown = here.index;
      this.on.sentence(this.cue, here.sentence, here.index);
    }
    const all = this.next >= this.cue.sentences;
    const over = now > this.end() + 0.02;
    const lost = over && now - Math.max(this.end(), this.waitsSince) > this.patience;
    if ((all && over && this.slots.length) || lost) this.finish();
  }

  // Which sentence is heard now, and for how long; null before the first.
  at(now) {
    for (let index = Math.min(this.next, this.slots.length) - 1; index >= 0; index -= 1) {
      const slot = this.slots[index];
      if (slot?.start != null && slot.start <= now) {
        return { sentence: slot.sentence, index, seconds: now - slot.start, isOver: now - slot.start > slot.length };
      }
    }
    return null;
  }

  // Characters heard so far, over all sentences.
  heard(now) {
    const here = this.at(now - this.clock.latency);
    if (!here) return { sentence: this.next, seconds: 0, characters: 0 };
    const before = this.slots.slice(0, here.index).reduce((sum, slot) => sum + slot.sentence.times.length, 0);
    const { times } = here.sentence;
    const begun = times.findLastIndex((at) => at <= here.seconds) + 1;
    return { sentence: here.index, seconds: here.seconds, characters: before + (here.isOver ? times.length : begun) };
  }

  // Where the speaker is: a mirror that is off by too much jumps there.
  follow({ sentence, seconds }) {
    const slot = this.slots[sentence];
    if (!this.cue || !slot) return;
    const now = this.clock.now();
    if (slot.start != null && Math.abs(now - slot.start - seconds) < DRIFT) return;
    this.again(sentence, now - seconds);
  }

  // Sound has come on in the middle: go on where the captions are.
  hear() {
    const here = this.at(this.clock.now());
    if (here) this.again(here.index, this.slots[here.index].start);
  }

  // As if the sentence had begun at that moment.
  again(sentence, at) {
    this.voice?.silence();
    this.anchor = { sentence, at };
    this.next = sentence;
    for (const slot of this.slots.slice(sentence)) {
      slot.start = null;
      slot.isReady = Boolean(slot.buffer) || !slot.sentence.audio || !this.voice?.isOn;
      slot.came = this.clock.now();
      if (!slot.isReady) this.load(slot);
    }
    this.pump();
  }

  finish() {
    const { cue } = this;
    this.cue = null;
    this.on.ended(cue);
    this.on.rest();
  }

  // Fall silent at once.
  drop() {
    this.voice?.silence();
    if (!this.cue) return;
    this.cue = null;
    this.on.rest();
  }
}
