"""Samples: one rate and one loudness for every engine, WAV in and out, and what can be measured.

Samples are mono, 16 bit, little-endian; the array forms are float64 within ±1.
"""

import io
import wave
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.domain.speech import Mark, Sound

RATE = 24_000
"""The common sample rate (Hz): that of the network voice."""
LOUDNESS = -20.0
"""dBFS of what sounds (silence left out): room for peaks, and alike for all engines."""
PEAK = 0.89
"""-1 dBFS: nothing is louder."""
SILENT = 0.006
"""-44 dBFS: a frame below it is silence."""
FRAME = 0.01
HEAD = 0.02
"""Seconds of silence left before the first sound."""
Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A sound in numbers: seconds, share of silent frames, dBFS of the rest, highest sample."""

    seconds: float
    silence: float
    loudness: float
    peak: float


def samples_of(sound: Sound) -> Samples:
    """The samples as numbers within ±1."""
    return np.frombuffer(sound.samples, "<i2").astype(np.float64) / 32768


def pcm(samples: Samples) -> bytes:
    """Numbers within ±1 as bytes; what lies outside is cut off."""
    return (np.clip(samples, -1, 32767 / 32768) * 32768).round().astype("<i2").tobytes()


def frames(samples: Samples, rate: int) -> Samples:
    """The loudness (root of the mean square) of each 10 ms; the last frame may be shorter."""
    size = round(rate * FRAME)
    padded = np.pad(samples, (0, -len(samples) % size))
    levels: Samples = np.sqrt((padded.reshape(-1, size) ** 2).mean(axis=1))
    return levels


def measure(sound: Sound) -> Measured:
    """The numbers by which a sound is judged without ears."""
    samples = samples_of(sound)
    if not len(samples):
        return Measured(0.0, 1.0, -120.0, 0.0)
    levels = frames(samples, sound.sample_rate)
    heard = levels[levels >= SILENT]
    loud = 20 * np.log10(np.sqrt((heard**2).mean())) if len(heard) else -120.0
    silence = 1 - len(heard) / len(levels)
    return Measured(sound.seconds, float(silence), float(loud), float(np.abs(samples).max()))


def tidied(sound: Sound, pause: float) -> Sound:
    """At the common rate and loudness, without silence before it, and `pause` seconds after.

    Engines leave between 0 and 900 ms after a sentence; the stage plays one after another.
    """
    samples = _resampled(samples_of(sound), sound.sample_rate)
    levels = frames(samples, RATE)
    heard = np.flatnonzero(levels >= SILENT)
    if not len(heard):
        return replace(sound, samples=pcm(samples), sample_rate=RATE)
    first = max(0, round((heard[0] * FRAME - HEAD) * RATE))
    last = round((heard[-1] + 1) * FRAME * RATE)
    kept = np.pad(samples[first:last], (0, round(pause * RATE)))
    marks = tuple(_moved(mark, first / RATE, last / RATE) for mark in sound.marks)
    return replace(sound, samples=pcm(_levelled(kept, levels)), sample_rate=RATE, marks=marks)


def wav(sound: Sound) -> bytes:
    """A WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.sample_rate)
        file.writeframes(sound.samples)
    return made.getvalue()


def read_wav(data: bytes) -> Sound:
    """The sound of a WAV file, mixed to mono where it has more channels. Raises ValueError."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            if file.getsampwidth() != 2:
                raise ValueError("only 16-bit samples are read")
            channels, rate = file.getnchannels(), file.getframerate()
            body = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a WAV file: {error}") from error
    if channels > 1:
        each = np.frombuffer(body, "<i2").astype(np.float64).reshape(-1, channels) / 32768
        body = pcm(each.mean(axis=1))
    return Sound(body, rate)


def decoded(data: bytes) -> Sound:
    """The sound of an MP3, WAV, FLAC or Ogg file; Raises ValueError. Loads libsndfile."""
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float64", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(f"no audio: {error}") from error
    return Sound(pcm(samples.mean(axis=1)), int(rate))


def mp3(sound: Sound) -> bytes:
    """An MP3 file (mono)."""
    import soundfile

    made = io.BytesIO()
    soundfile.write(made, samples_of(sound), sound.sample_rate, format="MP3")
    return made.getvalue()


def _resampled(samples: Samples, rate: int) -> Samples:
    if rate == RATE:
        return samples
    import soxr

    made: Samples = soxr.resample(samples, rate, RATE)
    return made


def _levelled(samples: Samples, levels: Samples) -> Samples:
    loud = np.sqrt((levels[levels >= SILENT] ** 2).mean())
    gain = min(10 ** (LOUDNESS / 20) / loud, PEAK / np.abs(samples).max())
    made: Samples = samples * gain
    return made


def _moved(mark: Mark, by: float, end: float) -> Mark:
    """The mark on the shortened sound's clock."""
    start = min(max(mark.start, by), end)
    return replace(mark, start=start - by, end=min(max(mark.end, start), end) - by)
