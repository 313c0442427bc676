"""Whether a sound can be the whole of a sentence: truncated audio raises no error by itself."""

from statistics import median

from assistant.domain.speech import Sound, SpokenText, Voice
from assistant.voice import sound as sounds
from assistant.voice.timeline import sounding

QUICKEST = 0.075
"""Seconds a syllable below which no voice goes at its ordinary pace (800 a minute)."""
SLOWEST, MARGIN = 1.2, 3.0
"""Seconds a syllable, and for the whole, above which it is not this sentence."""
MISSING = 0.15
"""Seconds by which the sound may end before the engine's last boundary."""
ABRUPT = 0.5
"""Share of its loudness at which a sound that breaks off still ends; speech dies away."""
KNOWN, FEW = 5, 4
"""Sentences after which an engine's pace is known; syllables below which it says little."""
HURRIED = 0.6
"""Share of its usual seconds a syllable below which part of a sentence is missing."""


class Completeness:
    """Looks at the sounds of one engine, and learns its pace from those that were whole."""

    def __init__(self) -> None:
        self._paces: list[float] = []

    def complaint(self, text: SpokenText, sound: Sound, voice: Voice) -> str:
        """What is wrong with a sound; "" where it may be whole."""
        count = len(sounding(text))
        usual = 100 / max(20, 100 + voice.rate_percent)
        measured = sounds.measure(sound)
        heard = sound.seconds * (1 - measured.silence)
        if measured.loudness < -60:
            return "没有声音"
        if sound.seconds > count * SLOWEST * usual + MARGIN:
            return f"声音过长：{count} 个音节有 {sound.seconds:.1f} 秒"
        if sound.marks and sound.marks[-1].end > sound.seconds + MISSING:
            return f"声音不完整：{sound.seconds:.1f} 秒，应到 {sound.marks[-1].end:.1f} 秒"
        if self._is_short(text, sound, heard, count, usual):
            return f"声音不完整：{count} 个音节只有 {heard:.1f} 秒"
        if not sound.marks and _breaks_off(sound, measured.loudness):
            return "声音不完整：结尾中断"
        if count >= FEW:
            self._paces = [*self._paces[-20:], heard / count / usual]
        return ""

    def _is_short(
        self, text: SpokenText, sound: Sound, heard: float, count: int, usual: float
    ) -> bool:
        if heard < count * QUICKEST * usual:
            return True
        if sound.marks:
            rest = sum(1 for place in sounding(text) if place >= sound.marks[-1].last)
            return rest > 0 and _last_heard(sound) < sound.marks[-1].end + rest * QUICKEST * usual
        known = len(self._paces) >= KNOWN and count >= FEW
        return known and heard / count / usual < HURRIED * median(self._paces)


def _breaks_off(sound: Sound, loudness: float) -> bool:
    """Whether it is still loud at its very end."""
    levels = sounds.frames(sounds.samples_of(sound), sound.sample_rate)
    return bool(levels[-2:].mean() > ABRUPT * 10 ** (loudness / 20))


def _last_heard(sound: Sound) -> float:
    levels = sounds.frames(sounds.samples_of(sound), sound.sample_rate)
    heard = (levels >= sounds.SILENT).nonzero()[0]
    return float(heard[-1] + 1) * sounds.FRAME if len(heard) else 0.0
