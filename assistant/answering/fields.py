"""Which fields of a guide a question asks for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.field_cues import CUES, HOURS, ITEM, OTHER

__all__ = ["HOURS", "ITEM", "OTHER", "Asked", "FieldsFound", "find_fields"]

Span = tuple[int, int]

_USED = "■"
_STOPS = ",。;?!、"
_HOW = 0.9
"""How sure a plain 怎么办 is; anything less is no question of its own."""
_RULES = tuple((field, surety, re.compile(pattern)) for field, surety, pattern in CUES)
_LIMITS = ("statutory_limit", "promised_limit")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field that is asked: how surely (0..1), and where in the text the cue begins."""

    field: str
    surety: float
    start: int


@dataclass(frozen=True, slots=True)
class FieldsFound:
    """The fields, in the order of the question, and the text with their cues blanked out.

    `rest` has the same length as the text searched; used-up characters are spaces.
    """

    asked: tuple[Asked, ...]
    rest: str

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names."""
        return tuple(one.field for one in self.asked)

    @property
    def surety(self) -> float:
        """How surely all of them were understood; 0 where none was."""
        return min((one.surety for one in self.asked), default=0.0)


@lru_cache(maxsize=1024)
def find_fields(text: str) -> FieldsFound:
    """Read the fields asked from cleaned text (see `folding.clean`).

    Kept, because several steps of one answer read the same text.
    """
    hits: list[tuple[Asked, Sequence[Span]]] = []
    left = text
    for field, surety, pattern in _RULES:
        while hit := _match(pattern, left):
            hits.append((Asked(field, surety, hit.start()), _spans(hit)))
            left = _without(left, _spans(hit))
    hits.sort(key=lambda one: one[0].start)
    kept = _without_echo([_alone(asked, spans, text) for asked, spans in hits])
    first = {one.field: one for one in reversed(kept)}
    used = [span for asked, spans in hits if asked.field in first for span in spans]
    rest = _without(text, used).replace(_USED, " ")
    return FieldsFound(tuple(one for one in kept if first[one.field] is one), rest)


def _spans(hit: re.Match[str]) -> list[Span]:
    """What a match uses up: its groups, where the pattern has some, else all of it."""
    groups = [hit.span(number) for number in range(1, hit.re.groups + 1)]
    return [span for span in groups if span != (-1, -1)] or [hit.span()]


def _without(text: str, spans: Iterable[Span]) -> str:
    """Blank spans out, but leave the item's place where it stands."""
    for start, end in spans:
        blank = "".join(ITEM if char == ITEM else _USED for char in text[start:end])
        text = text[:start] + blank + text[end:]
    return text


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    if pattern.search(text) is None:  # most cues; quicker than an iterator
        return None
    return next((m for m in pattern.finditer(text) if m.group().strip(" " + _USED + ITEM)), None)


def _alone(asked: Asked, spans: Sequence[Span], text: str) -> Asked:
    """怎么办 is a wish of its own, no echo, where its clause ends with it."""
    end = max(end for _, end in spans)
    after = text[end:].lstrip(f"{ITEM} ")
    ends = after[:1] in _STOPS if after else False
    own = asked.field == "steps" and asked.surety >= _HOW and ends
    return replace(asked, surety=1.0) if own else asked


def _without_echo(asked: list[Asked]) -> tuple[Asked, ...]:
    """Drop what only echoes another field: 怎么办 beside a real field, 其他 beside a known one."""
    sure = [one for one in asked if one.field not in {OTHER, "steps"} and one.surety >= 0.8]
    kept = [one for one in asked if one.field != OTHER or not sure]
    if sure:
        kept = [
            one for one in kept if one.surety >= 0.8 and (one.field != "steps" or one.surety == 1)
        ]
    return tuple(kept)
