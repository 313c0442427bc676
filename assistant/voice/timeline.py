"""When each spoken character is heard.

From the engine's boundaries; where it has none, from how long syllables are and where the sound
pauses; where the text gives no syllables either, from loudness alone.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from assistant.domain.speech import Mark, Sound, SpokenText
from assistant.voice import sound as sounds
from assistant.voice.syllables import parts_of

SECONDS_A_SYLLABLE = 0.22
"""An ordinary one at about 240 characters a minute, pauses not counted."""
PAUSE = {"、": 0.12, "，": 0.2, "：": 0.25, "；": 0.3, "。": 0.35, "！": 0.35, "？": 0.35}
AUDIBLE_PAUSE = 0.08
"""Seconds of silence that are a pause and not the closure of a consonant."""


def timeline(text: SpokenText, sound: Sound) -> tuple[Mark, ...]:
    """One mark for each character that sounds, in order, within the sound."""
    places = sounding(text)
    if not places:
        return ()
    if sound.marks:
        spans = _of_boundaries(text, places, sound)
    else:
        spans = _of_loudness(text, places, sound)
    return tuple(
        Mark(start, end, place, place + 1)
        for place, (start, end) in zip(places, _ordered(spans, sound.seconds), strict=True)
    )


def estimated(text: SpokenText, rate_percent: int = 0) -> tuple[tuple[Mark, ...], float]:
    """Marks and length for a caption without sound, at the pace of speech."""
    pace, at, marks = 100 / (100 + rate_percent), 0.0, list[Mark]()
    for place, pinyin in enumerate(text.pinyin):
        if pinyin:
            end = at + SECONDS_A_SYLLABLE * weight(pinyin) * pace
            marks.append(Mark(at, end, place, place + 1))
            at = end
        else:
            at += PAUSE.get(text.spoken[place], 0.0) * pace
    return tuple(marks), at


def sounding(text: SpokenText) -> list[int]:
    """The spoken characters that sound."""
    return [place for place, pinyin in enumerate(text.pinyin) if pinyin]


def weight(pinyin: str) -> float:
    """How long a syllable is beside an ordinary one: a neutral tone is short, a nasal long."""
    parts = parts_of(pinyin)
    if parts is None:
        return 1.0
    _, final, tone = parts
    nasal = 0.1 if final.endswith(("n", "ng")) else 0.0
    return (0.65 if tone == 5 else 1.0) + nasal + (0.05 if len(final) > 2 else 0.0)


def _of_boundaries(
    text: SpokenText, places: Sequence[int], sound: Sound
) -> list[tuple[float, float]]:
    """Each boundary divided over its characters; what has none lies between its neighbours."""
    found: dict[int, tuple[float, float]] = {}
    for mark in sound.marks:
        inside = [place for place in places if mark.first <= place < mark.last]
        found |= zip(inside, _divided(text, inside, mark.start, mark.end), strict=True)
    return _filled(text, places, found, sound.seconds)


def _filled(
    text: SpokenText,
    places: Sequence[int],
    found: dict[int, tuple[float, float]],
    seconds: float,
) -> list[tuple[float, float]]:
    runs: list[list[int]] = []
    for place in places:
        if place in found:
            runs.append([])
        elif runs and runs[-1]:
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in filter(None, runs):
        before = [found[place][1] for place in places if place < run[0] and place in found]
        after = [found[place][0] for place in places if place > run[-1] and place in found]
        start, end = max(before, default=0.0), min(after, default=seconds)
        found |= zip(run, _divided(text, run, start, max(start, end)), strict=True)
    return [found[place] for place in places]


def _divided(
    text: SpokenText, places: Sequence[int], start: float, end: float
) -> list[tuple[float, float]]:
    """A stretch of time shared by its characters according to their weights."""
    weights = [weight(text.pinyin[place]) for place in places]
    edges = np.cumsum([0.0, *weights]) / (sum(weights) or 1.0) * (end - start) + start
    return [(float(a), float(b)) for a, b in pairwise(edges)]


def _of_loudness(
    text: SpokenText, places: Sequence[int], sound: Sound
) -> list[tuple[float, float]]:
    """Clauses onto the stretches between audible pauses, where there are as many of both.

    Otherwise all characters share what sounds.
    """
    clauses, stretches = _clauses(text, places), _stretches(sound, len(_clauses(text, places)))
    if len(clauses) == len(stretches):
        spans = [_divided(text, c, *s) for c, s in zip(clauses, stretches, strict=True)]
        return [span for each in spans for span in each]
    return _divided(text, places, stretches[0][0], stretches[-1][1])


def _clauses(text: SpokenText, places: Sequence[int]) -> list[list[int]]:
    made: list[list[int]] = [[]]
    for before, place in pairwise([places[0], *places]):
        if any(text.spoken[at] in PAUSE for at in range(before, place)) and made[-1]:
            made.append([])
        made[-1].append(place)
    return made


def _stretches(sound: Sound, wanted: int) -> list[tuple[float, float]]:
    """What sounds, divided at its `wanted` - 1 longest pauses."""
    levels = sounds.frames(sounds.samples_of(sound), sound.sample_rate)
    heard = np.flatnonzero(levels >= sounds.SILENT)
    if not len(heard):
        return [(0.0, sound.seconds)]
    gaps = sorted(
        ((b - a - 1, a, b) for a, b in pairwise(heard.tolist()) if _long(b - a - 1)), reverse=True
    )
    cuts = sorted((a, b) for _, a, b in gaps[: wanted - 1])
    starts = [int(heard[0]), *(b for _, b in cuts)]
    ends = [*(a for a, _ in cuts), int(heard[-1])]
    frame = sounds.FRAME
    return [(s * frame, (e + 1) * frame) for s, e in zip(starts, ends, strict=True)]


def _long(frames: int) -> bool:
    return frames * sounds.FRAME >= AUDIBLE_PAUSE


def _ordered(spans: Sequence[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """Within the sound, and none before the end of the one before it."""
    made: list[tuple[float, float]] = []
    at = 0.0
    starts = [start for start, _ in spans]
    for (wanted, until), following in zip(spans, [*starts[1:], seconds], strict=True):
        start = min(max(wanted, at), seconds)
        end = min(max(min(until, following), start), seconds)
        made.append((start, end))
        at = end
    return made
