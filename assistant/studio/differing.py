"""Two versions side by side for people: what was put in, taken out, and worded otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant.domain.studio import StreamDraft
from assistant.studio.places import Spot, part_of, spots

_ALIKE = 0.35
"""From this share of common characters on, a sentence is the old one worded otherwise."""


class Op(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters: the SAME and IN pieces are the new text, SAME and OUT the old one."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs; `place` is that of the new version, or of the old one if gone."""

    place: str
    pieces: tuple[Piece, ...]


def differences(old: StreamDraft, new: StreamDraft) -> list[Difference]:
    """All places that differ, in the new version's order; what is gone stands where it stood."""
    before, after = _by_part(old), _by_part(new)
    parts = [*after, *(part for part in before if part not in after)]
    return [one for part in parts for one in _in_part(before.get(part, []), after.get(part, []))]


def _by_part(draft: StreamDraft) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    for one in spots(draft):
        found.setdefault(part_of(one.place), []).append(one)
    return found


def _in_part(old: Sequence[Spot], new: Sequence[Spot]) -> Iterator[Difference]:
    matcher = SequenceMatcher(
        None, [one.text for one in old], [one.text for one in new], autojunk=False
    )
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op != "equal":
            yield from _paired(old[i1:i2], new[j1:j2])


def _paired(old: Sequence[Spot], new: Sequence[Spot]) -> Iterator[Difference]:
    """Each new text with the first old one that it is like; the others are new or gone."""
    left = list(old)
    for one in new:
        mate = next((other for other in left if _alike(other, one)), None)
        for gone in left[: left.index(mate)] if mate else []:
            yield Difference(gone.place, pieces(gone.text, ""))
        if mate:
            left = left[left.index(mate) + 1 :]
        yield Difference(one.place, pieces(mate.text if mate else "", one.text))
    for gone in left:
        yield Difference(gone.place, pieces(gone.text, ""))


def _alike(old: Spot, new: Spot) -> bool:
    if old.place == new.place and not (old.spoken and new.spoken):
        return True
    return SequenceMatcher(None, old.text, new.text, autojunk=False).ratio() >= _ALIKE


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Character by character, in runs."""
    found = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            found.append(Piece(Op.SAME, old[i1:i2]))
            continue
        if i2 > i1:
            found.append(Piece(Op.OUT, old[i1:i2]))
        if j2 > j1:
            found.append(Piece(Op.IN, new[j1:j2]))
    return tuple(found)
