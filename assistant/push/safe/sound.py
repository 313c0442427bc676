"""The sound of the stage as an even stream of samples: what is scheduled, else silence."""

import io
import wave

import numpy as np
import numpy.typing as npt
import soxr

from assistant.push.seams import SOUND_RATE

RATE = SOUND_RATE
FORMAT = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")
_FADE = 0.012
"""Seconds: a cut without a click."""
Samples = npt.NDArray[np.int16]


def decoded(data: bytes) -> Samples:
    """A WAV file of 16 bit as mono samples at `RATE`. Raises ValueError for anything else."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            read = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError("not a WAV file") from error
    if width != 2:
        raise ValueError("not a WAV file of 16 bit")
    samples = np.frombuffer(read, "<i2").reshape(-1, channels).mean(axis=1)
    if rate != RATE and len(samples):
        samples = soxr.resample(samples, rate, RATE)
    made: Samples = np.clip(samples, -32768, 32767).round().astype(np.int16)
    return made


class Mixer:
    """Hands out samples one block after the other; the place is counted in samples."""

    def __init__(self) -> None:
        self.at = 0
        self._scheduled: list[tuple[int, Samples]] = []

    @property
    def seconds(self) -> float:
        """What was handed out so far: the stage's one clock."""
        return self.at / RATE

    def play(self, samples: Samples, at: float, offset: float = 0.0) -> None:
        """From `offset` seconds on, at a moment of the clock."""
        begins = max(self.at, round(at * RATE))
        self._scheduled.append((begins, samples[max(0, round(offset * RATE)) :]))

    def silence(self) -> None:
        """At once, but for a fade; what is scheduled is forgotten."""
        fade = np.linspace(1, 0, round(_FADE * RATE))
        left = self._mixed(len(fade))
        self._scheduled = [(self.at, (left * fade).astype(np.int16))] if left.any() else []

    def read(self, count: int) -> Samples:
        """The next samples; never fewer."""
        made = self._mixed(count)
        self.at += count
        self._scheduled = [(a, s) for a, s in self._scheduled if a + len(s) > self.at]
        return np.clip(made, -32768, 32767).astype(np.int16)

    def _mixed(self, count: int) -> npt.NDArray[np.int32]:
        made = np.zeros(count, np.int32)
        for begins, samples in self._scheduled:
            first = begins - self.at
            here = samples[max(0, -first) : max(0, count - first)]
            place = max(0, first)
            made[place : place + len(here)] += here
        return made
