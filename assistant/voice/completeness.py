"""Whether a sound can be the whole of a sentence: truncated audio raises no error by itself."""

from assistant.domain.speech import Sound, SpokenText, Voice
from assistant.voice import sound as sounds
from assistant.voice.timeline import sounding

QUICKEST = 0.075
"""Seconds a syllable below which no voice goes at its ordinary pace (800 a minute)."""
SLOWEST, MARGIN = 1.2, 3.0
"""Seconds a syllable, and for the whole, above which it is not this sentence."""
MISSING = 0.15
"""Seconds by which the sound may end before the engine's last boundary."""


def complaint(text: SpokenText, sound: Sound, voice: Voice) -> str:
    """What is wrong with a sound; "" where it may be whole."""
    count = len(sounding(text))
    pace = 100 / max(20, 100 + voice.rate_percent)
    measured = sounds.measure(sound)
    heard = sound.seconds * (1 - measured.silence)
    if measured.loudness < -60:
        return "没有声音"
    if sound.marks and sound.marks[-1].end > sound.seconds + MISSING:
        return f"声音不完整：{sound.seconds:.1f} 秒，应到 {sound.marks[-1].end:.1f} 秒"
    if heard < count * QUICKEST * pace:
        return f"声音不完整：{count} 个音节只有 {heard:.1f} 秒"
    if sound.seconds > count * SLOWEST * pace + MARGIN:
        return f"声音过长：{count} 个音节有 {sound.seconds:.1f} 秒"
    return ""
