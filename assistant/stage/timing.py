"""When each character of a caption is heard: the voice's marks on the display text."""

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.domain.speech import Mark, Span, Speech, SpokenText

CHARACTERS_A_SECOND = 4.0
"""Of speech without a voice (DOMAIN §5: 240 a minute)."""
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;\n]*|[。！？；!?;\n]+")


def starts(speech: Speech) -> tuple[float, ...]:
    """Seconds at which each display character begins to be heard; never decreasing.

    Within a span that reads character by character each has its own time; else its display
    characters share the span's time evenly. What is not read (a bracket) goes with what follows.
    """
    if not speech.marks:
        return _even(0.0, speech.seconds, len(speech.text.display))
    times: list[float | None] = []
    for span in speech.text.spans:
        times += _of_span(span, speech.marks)
    return _filled(times, speech.seconds)


def _of_span(span: Span, marks: tuple[Mark, ...]) -> list[float | None]:
    shown = span.display_end - span.display_start
    if shown == span.spoken_end - span.spoken_start:
        return [_start_of(span.spoken_start + at, marks) for at in range(shown)]
    inside = [m for m in marks if m.last > span.spoken_start and m.first < span.spoken_end]
    if not inside:
        return [None] * shown
    return list(_even(inside[0].start, inside[-1].end - inside[0].start, shown))


def _start_of(spoken: int, marks: tuple[Mark, ...]) -> float | None:
    """When a spoken character begins; those that share a mark divide its time."""
    for mark in marks:
        if mark.first <= spoken < mark.last:
            step = (mark.end - mark.start) / (mark.last - mark.first)
            return mark.start + step * (spoken - mark.first)
    return None


def _even(start: float, length: float, count: int) -> tuple[float, ...]:
    return tuple(start + length * at / count for at in range(count))


def _filled(times: list[float | None], end: float) -> tuple[float, ...]:
    """What has no time of its own gets the time of what follows, in order."""
    found: list[float] = []
    following = end
    for one in reversed(times):
        following = min(following, one) if one is not None else following
        found.append(following)
    return tuple(reversed(found))


def plain(text: str, region: str | None = None) -> tuple[SpokenText, ...]:
    """`Reading` without a voice: sentences as they are written."""
    del region
    return tuple(_plain(piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        if piece := found.group().strip():
            yield piece


def _plain(piece: str) -> SpokenText:
    span = Span(0, len(piece), 0, len(piece))
    return SpokenText(piece, piece, (span,), ("",) * len(piece))


def captions(text: SpokenText) -> Speech:
    """A sentence that is only shown, in the time that saying it would take."""
    return Speech(text, max(0.6, len(text.spoken) / CHARACTERS_A_SECOND), (), ())


def is_rising(times: tuple[float, ...]) -> bool:
    """Whether no character comes before the one in front of it."""
    return all(one <= other for one, other in pairwise(times))
