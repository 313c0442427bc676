"""Written text → units: each a few written characters and what is said for them.

Own rules come first, in the order of `_FIRST`: who comes first keeps its characters. Then wetext,
then single marks. What none of them reads is silent, and still there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.voice.reading import (
    backstop,
    calendar,
    documents,
    latin,
    links,
    marks,
    phones,
    quantities,
)
from assistant.voice.reading.folding import folded
from assistant.voice.reading.leftovers import leftovers
from assistant.voice.reading.pieces import Claims, Kind, Piece, Rule, rule
from assistant.voice.reading.pinyin import is_readable

_FIRST: tuple[Rule, ...] = (
    *links.RULES,
    *links.PRIVATE,
    *documents.RULES,
    *marks.LISTS,
)
_THEN: tuple[Rule, ...] = (
    *phones.RULES,
    *calendar.RULES,
    *documents.ROOMS,
    *phones.BARE,
    *quantities.RULES,
    *marks.RULES,
)
_LATIN = rule(r"[A-Za-z]+", lambda found: latin.said(found.group()), Kind.WORD)
_STRANGE = re.compile(
    r"\d[\d.,]*\s?(?:[A-Za-z]*[a-zμΩ][A-Za-zμΩ/]*)(?![A-Za-z])|[€£μΩ′″√∞][\d.]+|\d[\d.]*[μΩ′″]"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Written characters and what is said for them. Units of one `whole` stay in one sentence."""

    shown: str
    said: str
    whole: int
    kind: Kind


def units(text: str) -> list[Unit]:
    """The units of a text, in order; their `shown` joined are the text."""
    plain = folded(text)
    claims = Claims(len(text))
    for one in _FIRST:
        claims.add(one.pieces(plain))
    claims.add(Piece(start, parts) for start, parts in documents.codes(plain))
    for one in _THEN:
        claims.add(one.pieces(plain))
    claims.add(_strange(plain, claims))
    for one in (*quantities.PLAIN, _LATIN):
        claims.add(one.pieces(plain))
    return _paused(list(_units(text, plain, claims)))


def characters(text: str) -> list[Unit]:
    """Each character for itself, without rules: digits are silent."""
    return [
        Unit(char, _char(char, plain), place, Kind.WORD)
        for place, (char, plain) in enumerate(zip(text, folded(text), strict=True))
    ]


def _strange(plain: str, claims: Claims) -> Iterator[Piece]:
    for found in _STRANGE.finditer(plain):
        if not all(map(claims.is_free, range(*found.span()))):
            continue
        for piece in backstop.pieces(found.group(), found.start()):
            if not leftovers("".join(said for _, said in piece.parts)):
                yield piece


def _units(text: str, plain: str, claims: Claims) -> Iterator[Unit]:
    place, whole = 0, 0
    for piece in claims.in_order():
        for at in range(place, piece.start):
            whole += 1
            yield Unit(text[at], _char(text[at], plain[at]), whole, Kind.WORD)
        place, whole = piece.start, whole + 1
        for length, said in piece.parts:
            yield Unit(text[place : place + length], _clean(said), whole, piece.kind)
            place += length
    for at in range(place, len(text)):
        whole += 1
        yield Unit(text[at], _char(text[at], plain[at]), whole, Kind.WORD)


def _char(char: str, plain: str) -> str:
    if char == "〇":
        return "零"
    return char if is_readable(char) else marks.mark(plain)


def _clean(said: str) -> str:
    """What a rule says, without what nobody could say (a strange character inside a match)."""
    return said if not leftovers(said) else "".join(c for c in said if not leftovers(c))


_STRENGTH = {mark: place for place, mark in enumerate("、，：；？！。")}


def _paused(read: list[Unit]) -> list[Unit]:
    """One pause where several marks meet, the strongest; none before the first word."""
    kept: list[Unit] = []
    last = -1  # the unit that holds the pause since the last word; -1 before the first word
    waiting = False
    for unit in read:
        said = unit.said
        if "\n" in unit.shown:
            _soft_end(kept, last)
            last = -1
        if said and said[0] in _STRENGTH and (last < 0 or waiting):
            said = _weaker_dropped(kept, last, said)
        kept.append(Unit(unit.shown, said, unit.whole, unit.kind))
        if said:
            last, waiting = len(kept) - 1, said[-1] in _STRENGTH
    _soft_end(kept, last)
    return kept


def _soft_end(kept: list[Unit], last: int) -> None:
    """A bracket that closes at the end is no pause there."""
    if last >= 0 and kept[last].kind is Kind.PAUSE and kept[last].said == "，":
        kept[last] = Unit(kept[last].shown, "", kept[last].whole, Kind.PAUSE)


def _weaker_dropped(kept: list[Unit], last: int, said: str) -> str:
    """Drop this pause, or the one before it where this is the stronger."""
    if last < 0:
        return said.lstrip("".join(_STRENGTH))
    before = kept[last]
    if _STRENGTH[said[0]] <= _STRENGTH[before.said[-1]]:
        return said[1:]
    kept[last] = Unit(before.shown, before.said[:-1], before.whole, before.kind)
    return said
