"""What the stage bench looks at in the page: the sound as it leaves, lips, caption, label."""

PROBE = """() => {
  const { stage, host } = globalThis.stage, { clock, voice } = stage, { context } = clock;
  const p = globalThis.probe = { blocks: [], frames: [], labels: 0, bad: 0, cues: [] };
  const tap = context.createScriptProcessor(256, 1, 1);
  voice.gain.connect(tap);
  tap.connect(context.destination);
  tap.onaudioprocess = (event) => {
    const samples = event.inputBuffer.getChannelData(0);
    let sum = 0;
    for (const one of samples) sum += one * one;
    // the block that is worked on has already passed: it began when it was full, 256 samples ago
    const at = event.playbackTime - 2 * samples.length / context.sampleRate;
    p.blocks.push([at, Math.sqrt(sum / samples.length), Date.now()]);
  };
  const label = document.getElementById("label");
  const add = stage.player.add.bind(stage.player);
  stage.player.add = (sentence) => { p.cues.push(sentence); add(sentence); };
  function look() {
    requestAnimationFrame(look);
    const here = stage.player.cue ? stage.player.at(clock.now() - clock.latency) : null;
    p.frames.push([context.currentTime - clock.latency, host.mouth.shape, host.mouth.at.open,
      here?.index ?? -1, here?.seconds ?? 0,
      document.querySelectorAll("#caption .said").length, stage.player.cue?.id ?? ""]);
    if (p.frames.length % 6) return;
    const box = label.getBoundingClientRect();
    const top = [0.05, 0.5, 0.95].every((x) =>
      document.elementFromPoint(box.left + box.width * x, box.top + box.height / 2) === label);
    p.labels += 1;
    p.bad += top && box.height >= Math.min(innerWidth, innerHeight) * 0.05 ? 0 : 1;
  }
  requestAnimationFrame(look);
}"""

TAKE = """() => {
  const p = globalThis.probe, found = { ...p };
  Object.assign(p, { blocks: [], frames: [], cues: [], labels: 0, bad: 0 });
  return found;
}"""

INITIALS = {
    **dict.fromkeys(("b", "p", "m"), "A"),
    "f": "G",
    **dict.fromkeys(("d", "t", "n", "l"), "H"),
    **dict.fromkeys(("zh", "ch", "sh", "r"), "F"),
    **dict.fromkeys(("g", "k", "h"), "C"),
    **dict.fromkeys(("j", "q", "x", "z", "c", "s"), "B"),
}
"""FIELD §4, written down here by itself."""
VOWELS = {"a": "D", "o": "E", "e": "C", "i": "B", "u": "F", "v": "F"}


def wanted(pinyin: str) -> set[str]:
    """The shapes of which a syllable must show one: its initial's and those of its vowels."""
    plain = pinyin.rstrip("0123456789")
    initial = next((one for one in (plain[:2], plain[:1]) if one in INITIALS), "")
    shapes = {VOWELS[one] for one in plain[len(initial) :] if one in VOWELS}
    return shapes or {"C"}


def initial_of(pinyin: str) -> str:
    """The shape of a syllable's initial; "" where it has none that is seen."""
    return INITIALS.get(pinyin[:2], "") or INITIALS.get(pinyin[:1], "")
