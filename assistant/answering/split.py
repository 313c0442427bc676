"""Several questions in one: cut before each item that is named after another."""

import itertools
import re
from collections.abc import Sequence

from assistant.answering.folding import clean, fold
from assistant.answering.items import Catalogue
from assistant.answering.surface_index import Occurrence

_LEAST = 4
"""A shorter name (变更, 查询) does not begin a question of its own."""
_JOINS = re.compile(r"[,，。;；?？!！、\s]|(?:和|与|跟|及|以及|还有|另外|同时|或者|或)")


def split_questions(text: str, catalogue: Catalogue) -> list[str]:
    """The text cut into questions about one item each; joined they give the text back."""
    names = _side_by_side(text, catalogue)
    if len(names) < 2:
        return [text]
    places = [place for place, char in enumerate(text) if _stands(char)]
    if len(places) != len(fold(clean(text))):
        return [text]
    cuts = [_cut(text, places[a.end - 1] + 1, places[b.start]) for a, b in _pairs(names)]
    if None in cuts:
        return [text]
    bounds = [0, *(cut for cut in cuts if cut is not None), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(bounds)]


def _side_by_side(text: str, catalogue: Catalogue) -> list[Occurrence]:
    """Names that do not overlap, in the order of the text; one item named twice counts once."""
    kept: list[Occurrence] = []
    for hit in catalogue.named(fold(clean(text))):
        apart = all(hit.end <= one.start or one.end <= hit.start for one in kept)
        if hit.end - hit.start >= _LEAST and apart and all(hit.number != k.number for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


def _pairs(names: Sequence[Occurrence]) -> list[tuple[Occurrence, Occurrence]]:
    return list(itertools.pairwise(names))


def _cut(text: str, after: int, before: int) -> int | None:
    """The last joint between two names; None where they are not joined but one expression."""
    joints = list(_JOINS.finditer(text, after, before))
    return joints[-1].start() if joints else None


def _stands(char: str) -> bool:
    return bool(fold(char))
