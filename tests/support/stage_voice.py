"""A voice for tests: a burst of tone for each character, with marks and a mouth that are known."""

import array
import hashlib
import math
import wave
from pathlib import Path

from assistant.domain.speech import Mark, MouthShape, Speech, SpokenText, Viseme
from assistant.stage.timing import plain
from assistant.stage.voicing import StageVoice

RATE = 16_000
SYLLABLE, GAP = 0.16, 0.04
"""Seconds of tone and of silence for a character; punctuation is 0.2 s of silence."""
SHAPES = (Viseme.D, Viseme.B, Viseme.E, Viseme.F, Viseme.C, Viseme.H, Viseme.G)


class ToneVoicing:
    """`Voicing`: each sentence is written once, under the hash of its words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.voiced: list[str] = []
        self.is_broken = False

    async def __call__(self, text: SpokenText, sources: tuple[str, ...] = ()) -> Speech:
        del sources
        self.voiced.append(text.spoken)
        marks = tuple(
            Mark(at * 0.2, at * 0.2 + SYLLABLE, at, at + 1)
            for at, one in enumerate(text.spoken)
            if one.isalnum()
        )
        mouth = tuple(
            MouthShape(one.start, one.end, SHAPES[at % len(SHAPES)]) for at, one in enumerate(marks)
        )
        seconds = len(text.spoken) * 0.2
        if self.is_broken:
            return Speech(text, seconds, marks, mouth)
        name = hashlib.sha256(text.spoken.encode()).hexdigest()[:16] + ".wav"
        if not (self._folder / name).exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            write(self._folder / name, marks, seconds)
        return Speech(text, seconds, marks, mouth, name, "tone", "1")

    def file(self, audio: str) -> Path | None:
        path = self._folder / audio
        return path if path.is_file() else None


def write(path: Path, marks: tuple[Mark, ...], seconds: float) -> None:
    """The bursts as a WAV file."""
    samples = array.array("h", bytes(2 * round(seconds * RATE)))
    for mark in marks:
        for at in range(round(mark.start * RATE), round(mark.end * RATE)):
            samples[at] = round(9000 * math.sin(2 * math.pi * 330 * at / RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def tone_voice(folder: Path) -> StageVoice:
    """A stage's voice that beeps."""
    return StageVoice(plain, ToneVoicing(folder))
