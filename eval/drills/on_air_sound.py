"""The sound that left the page, found again in what was synthesised.

Times of a load are seconds of its sound card's clock. That clock stands still where the machine is
too busy to play, so `Load.wall` goes by pairs of both clocks that the page noted all along.
"""

import base64
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
LOUD = 0.004
"""RMS of a block of 10 ms above which it is heard."""
BLOCK = 0.01
NEAR = 1.5
"""Seconds around the moment that the page claims within which a sentence is looked for."""


@dataclass
class Load:
    """What left the page from one opening to the next."""

    rate: int
    clock: list[tuple[float, float]] = field(default_factory=list)
    chunks: dict[int, Samples] = field(default_factory=dict)

    def take(self, took: dict[str, Any]) -> None:
        """Blocks that came, and looks at both clocks."""
        self.clock += [(at, wall) for at, wall in took["clock"]]
        for frame, text in took["chunks"]:
            raw = np.frombuffer(base64.b64decode(text), np.int16)
            self.chunks[int(frame)] = (raw / 32768).astype(np.float32)

    def wall(self, at: float) -> float:
        """A moment in Unix seconds."""
        ats, walls = zip(*self.clock, strict=True)
        return float(np.interp(at, ats, walls))

    def between(self, start: float, end: float) -> Samples:
        """The samples of a span; silence where nothing was handed over."""
        first, last = int(max(0.0, start) * self.rate), int(max(0.0, end) * self.rate)
        found = np.zeros(max(0, last - first), np.float32)
        for frame, chunk in self.chunks.items():
            low, high = max(frame, first), min(frame + len(chunk), last)
            if low < high:
                found[low - first : high - first] = chunk[low - frame : high - frame]
        return found

    @property
    def end(self) -> float:
        """Seconds until the last block that is not silent."""
        return max((frame + len(one) for frame, one in self.chunks.items()), default=0) / self.rate

    def loud(self) -> list[tuple[float, float]]:
        """The spans in which something is heard."""
        step, found = int(BLOCK * self.rate), []
        for frame, chunk in sorted(self.chunks.items()):
            blocks = range(0, len(chunk), step)
            found += [frame + at for at in blocks if level(chunk[at : at + step]) > LOUD]
        return joined([(at / self.rate, (at + step) / self.rate) for at in found], BLOCK)

    def write(self, path: Path) -> None:
        """All of it as a file to listen to."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.rate)
            file.writeframes((self.between(0, self.end) * 32767).astype("<i2").tobytes())


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence in the sound: where it begins, and how well it fits (1: the same wave)."""

    at: float
    seconds: float
    match: float
    lead: float
    """Seconds of the sentence's own silence before its first sound."""

    @property
    def end(self) -> float:
        """Where its file ends, the pause after it included."""
        return self.at + self.seconds


def read(path: Path, rate: int) -> Samples:
    """A synthesised sentence at the page's rate."""
    with wave.open(str(path), "rb") as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        own = file.getframerate()
    return resampled((raw / 32768).astype(np.float32), own, rate)


def resampled(samples: Samples, own: int, rate: int) -> Samples:
    """By the Fourier series: exact for what both rates can hold."""
    if own == rate or not len(samples):
        return samples
    wanted = round(len(samples) * rate / own)
    spectrum = np.fft.rfft(samples)
    bins = np.zeros(wanted // 2 + 1, complex)
    kept = min(len(bins), len(spectrum))
    bins[:kept] = spectrum[:kept]
    return (np.fft.irfft(bins, wanted) * wanted / len(samples)).astype(np.float32)


def find(load: Load, wanted: Samples, near: float) -> Found:
    """Where a sentence fits best around a moment: normalised cross-correlation.

    Another voice at the same time, equally loud, leaves no more than about 0.7 of it.
    """
    start = max(0.0, near - NEAR)
    heard = load.between(start, near + NEAR + len(wanted) / load.rate)
    size = 1 << int(np.ceil(np.log2(len(heard) + len(wanted))))
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
    product = np.fft.irfft(spectrum, size)[: len(heard) - len(wanted) + 1]
    power = np.concatenate([[0.0], np.cumsum(heard.astype(np.float64) ** 2)])
    energy = power[len(wanted) :] - power[: -len(wanted)]
    norm = np.sqrt(np.maximum(energy, 1e-9) * max(float(np.sum(wanted**2)), 1e-9))
    match = product / norm
    best = int(np.argmax(match))
    seconds = len(wanted) / load.rate
    return Found(start + best / load.rate, seconds, float(match[best]), lead(wanted, load.rate))


def lead(samples: Samples, rate: int) -> float:
    """Seconds before the first block that is heard."""
    step = int(BLOCK * rate)
    for at in range(0, len(samples), step):
        if level(samples[at : at + step]) > LOUD:
            return at / rate
    return len(samples) / rate


def level(samples: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples**2)))


def joined(spans: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Spans in order, those that are no further apart than `gap` made one."""
    made: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if made and start - made[-1][1] <= gap:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def outside(spans: list[tuple[float, float]], known: list[tuple[float, float]]) -> float:
    """Seconds of `spans` that lie in none of `known`."""
    total = 0.0
    for start, end in spans:
        at = start
        for low, high in joined(known, 0.0):
            if high > at and low < end:
                total += max(0.0, low - at)
                at = max(at, high)
        total += max(0.0, end - at)
    return total
