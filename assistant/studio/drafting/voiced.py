"""The pace of a voice: first by reading, then corrected by what the voice really takes.

Estimate → synthesise → correct: after `heard`, sentences that were spoken count as long as they
sounded, others by their estimate times what the voice was slower or faster.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache, partial

from assistant.studio.drafting.timing import Pace, estimated
from assistant.voice.reading import estimate_seconds
from assistant.voice.seams import Reading, Voicing

_CACHED = 20_000
Hear = Callable[[Iterable[str]], Awaitable[Mapping[str, float]]]
"""Seconds that texts sound by the office's voice."""


def pace_of(reading: Reading, region: str | None = None, rate_percent: int = 0) -> Pace:
    """Seconds by syllables and pauses, as the sentence will be read aloud."""

    @lru_cache(maxsize=_CACHED)
    def pace(text: str) -> float:
        said = reading(text, region)
        seconds = sum(estimate_seconds(one, rate_percent) for one in said)
        return seconds or estimated(text)

    return pace


async def heard(
    texts: Iterable[str], reading: Reading, voicing: Voicing, region: str | None = None
) -> Mapping[str, float]:
    """Seconds that each text sounds by a voice; captions only count as estimated."""
    seconds: dict[str, float] = {}
    for text in dict.fromkeys(texts):
        spoken = [await voicing(one) for one in reading(text, region)]
        seconds[text] = sum(one.seconds for one in spoken)
    return seconds


def corrected(pace: Pace, measured: Mapping[str, float]) -> Pace:
    """The pace with what was heard, and the voice's ratio for what was not."""
    expected = sum(pace(text) for text in measured)
    ratio = sum(measured.values()) / expected if expected else 1.0

    def better(text: str) -> float:
        return measured.get(text) or pace(text) * ratio

    return better


def hearing(reading: Reading, voicing: Voicing, region: str | None = None) -> Hear:
    """What speaks texts by a voice to know how long they sound."""
    return partial(heard, reading=reading, voicing=voicing, region=region)
