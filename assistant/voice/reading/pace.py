"""How long a sentence takes to say, where no audio says it."""

from assistant.domain.speech import SpokenText

SYLLABLES_A_SECOND = 4.2
"""A calm official voice; news readers are at about 4.5 to 5."""
_PAUSES = {"、": 0.15, "，": 0.25, "：": 0.3, "；": 0.4, "。": 0.5, "！": 0.5, "？": 0.5}
"""Seconds of silence at a mark, at the pace above."""


def estimate_seconds(
    text: SpokenText, rate_percent: int = 0, syllables_a_second: float = SYLLABLES_A_SECOND
) -> float:
    """Seconds: syllables at the pace, and the pauses of the marks; `rate_percent` as in Voice."""
    sounding = sum(bool(sound) for sound in text.pinyin)
    pauses = sum(_PAUSES.get(char, 0.0) for char in text.spoken)
    calm = sounding / syllables_a_second + pauses * SYLLABLES_A_SECOND / syllables_a_second
    return calm / max(0.25, 1 + rate_percent / 100)
