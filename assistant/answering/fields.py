"""Which fields of a guide a question asks for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answering.field_cues import CUES, HOURS, ITEM, OTHER

__all__ = ["HOURS", "ITEM", "OTHER", "Asked", "FieldsFound", "find_fields"]

_USED = "■"
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


def find_fields(text: str) -> FieldsFound:
    """Read the fields asked from cleaned text (see `folding.clean`)."""
    hits: list[tuple[Asked, int]] = []
    left = text
    for field, surety, pattern in _RULES:
        while hit := _match(pattern, left):
            start, end = hit.span()
            hits.append((Asked(field, surety, start), end))
            left = left[:start] + _blank(left[start:end]) + left[end:]
    hits.sort(key=lambda one: one[0].start)
    kept = _without_echo([asked for asked, _ in hits])
    fields = {one.field for one in kept}
    rest = _blanked(text, [(a.start, end) for a, end in hits if a.field in fields])
    first = {one.field: one for one in reversed(kept)}
    return FieldsFound(tuple(one for one in kept if first[one.field] is one), rest)


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _blank(text[start:end]) + text[end:]
    return text.replace(_USED, " ")


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((m for m in pattern.finditer(text) if m.group().strip(" " + _USED + ITEM)), None)


def _blank(matched: str) -> str:
    """Use a match up, but leave the item's place where it stands."""
    return "".join(ITEM if char == ITEM else _USED for char in matched)


def _without_echo(asked: list[Asked]) -> tuple[Asked, ...]:
    """Drop what only echoes another field: 怎么办 beside a real field, 其他 beside a known one."""
    sure = [one for one in asked if one.field not in {OTHER, "steps"} and one.surety >= 0.8]
    kept = [one for one in asked if one.field != OTHER or not sure]
    if sure:
        kept = [
            one for one in kept if one.surety >= 0.8 and (one.field != "steps" or one.surety == 1)
        ]
    return tuple(kept)
