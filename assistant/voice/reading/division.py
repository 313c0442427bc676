"""Units → sentences: short ones, cut where a speaker would breathe."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from assistant.voice.reading.marks import PUNCTUATION, STOPS
from assistant.voice.reading.normalise import Unit
from assistant.voice.reading.pieces import Kind

LONGEST = 25
"""Spoken characters of a sentence, where it can be divided (DOMAIN §6)."""
_LEAST = 4
"""No part of a clause without marks is shorter, where there is a choice."""
Stretch = list[Unit]
_OPENING = frozenset("“‘「『《〈【〔（([")
_CLOSING = frozenset("/”’」』）)】》〉\"' \u3000，。；：、！？,.;:!?")
_BREATH = re.compile(
    "以及|或者|并且|但是|而且|如果|应当|可以|需要|必须|不得|按照|根据|通过|对于|关于|其中|包括|携带|提交|"
    "(?<![合兼归])并(?![非购入轨列])|(?<![饱缓温柔总])和(?![谐解平气睦])|(?<![涉以普波顾])及(?![时格其])|"
    "(?<![参赠授])与(?!会)|或(?!许)|(?<![理自缘事经])由(?!于)|(?<![方意面导动倾])向(?!导)|"
    "(?<![正所存现实内旨])在(?![线职校籍册建岗外逃押])|(?<![服听])从(?![业事而未严轻重])|"
    "(?<![应针绝核相面反])对(?![象外应方比])|按(?![时期钮揭])|"
    "(?<![收得达遇等感见想看办拿领做受直])到(?![期账位达场底访])"
)
"""Words before which a long clause may be cut; not where the character is part of a longer word."""


def sentences(read: Sequence[Unit]) -> list[Stretch]:
    """The stretches that are said as one, in order; joined they are the units."""
    parts = [part for whole in _ended(_wholes(read)) for part in _short(whole)]
    return _with_words(parts)


def _wholes(read: Sequence[Unit]) -> list[Stretch]:
    """What stays together: the units of one piece; a 《name》 that one sentence can hold."""
    pieces = [list(group) for _, group in groupby(read, key=lambda unit: unit.whole)]
    joined: list[Stretch] = []
    place = 0
    while place < len(pieces):
        end = _name_end(pieces, place)
        joined.append([unit for piece in pieces[place:end] for unit in piece])
        place = end
    return list(_with_marks(joined))


def _with_marks(wholes: Sequence[Stretch]) -> Iterator[Stretch]:
    """An opening mark stays with what follows it, a closing one with what is before it."""
    now: Stretch = []
    for whole in wholes:
        closes = set(said(whole)) <= PUNCTUATION and shown(whole) in _CLOSING
        opened = now and shown(now[-1:]) in _OPENING and not now[-1].said
        if now and not closes and not opened:
            yield now
            now = []
        now = now + whole
    if now:
        yield now


def _name_end(pieces: Sequence[Stretch], start: int) -> int:
    if shown(pieces[start]) != "《":
        return start + 1
    length = 0
    for end in range(start + 1, len(pieces)):
        length += len(said(pieces[end]))
        if length >= LONGEST:  # with the mark after it
            return start + 1
        if shown(pieces[end]) == "》":
            return end + 1
    return start + 1


def _ended(wholes: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Cut after what ends a sentence, with the closing marks that follow it."""
    now: list[Stretch] = []
    ended = False
    for whole in wholes:
        if ended and not (shown(whole) in _CLOSING and not said(whole)):
            yield now
            now, ended = [], False
        now.append(whole)
        ended = ended or said(whole)[-1:] in set(STOPS) or "\n" in shown(whole)
    if now:
        yield now


def _short(wholes: list[Stretch]) -> list[Stretch]:
    """A sentence in parts that are short enough."""
    if _size(wholes) <= LONGEST:
        return [_flat(wholes)]
    clauses = _cut_after(wholes, "，：；")
    fine = [part for clause in clauses for part in _fitting(clause, "、")]
    packed = _packed(_labelled([part for clause in fine for part in _fitting(clause, "")]))
    return [_flat(part) for part in packed]


def _fitting(clause: list[Stretch], marks: str) -> list[list[Stretch]]:
    if _size(clause) <= LONGEST:
        return [clause]
    return _cut_after(clause, marks) if marks else list(_breathing(clause))


def _cut_after(wholes: list[Stretch], marks: str) -> list[list[Stretch]]:
    parts: list[list[Stretch]] = [[]]
    for whole in wholes:
        opens = "，" in marks and shown(whole) in {"（", "("} and said(whole) == "，"
        if opens:  # the pause goes with what is before it, the bracket with what it encloses
            pause = [replace(whole[0], shown="")]
            parts[-1] = [*parts[-1][:-1], [*parts[-1][-1], *pause]] if parts[-1] else [pause]
            parts.append([[replace(whole[0], said="")]])
            continue
        if parts[-1] and _pauses(parts[-1], marks) and not _hangs(whole):
            parts.append([])
        parts[-1].append(whole)
    return [part for part in parts if part]


def _pauses(part: list[Stretch], marks: str) -> bool:
    """Whether a part ends in one of the marks; silent characters may follow it."""
    return said(_flat(part))[-1:] in set(marks)


def _labelled(parts: Sequence[list[Stretch]]) -> list[list[Stretch]]:
    """A label and what it names (咨询电话：…) together, where that is short enough."""
    joined: list[list[Stretch]] = []
    for part in parts:
        label = joined and said(_flat(joined[-1])).endswith("：")
        if label and _size(joined[-1]) + _size(part) <= LONGEST:
            joined[-1] = joined[-1] + part
        else:
            joined.append(part)
    return joined


def _hangs(whole: Stretch) -> bool:
    return shown(whole) in _CLOSING and not said(whole)


def _packed(parts: Sequence[list[Stretch]]) -> list[list[Stretch]]:
    """Neighbours together as far as they fit, two numbers not in one where they need not be."""
    packed: list[list[Stretch]] = []
    for part in parts:
        together = packed and _size(packed[-1]) + _size(part) <= LONGEST
        if together and not (_has_number(packed[-1]) and _has_number(part)):
            packed[-1] = packed[-1] + part
        else:
            packed.append(part)
    return packed


def _breathing(clause: list[Stretch]) -> Iterator[list[Stretch]]:
    """A clause without marks in parts: before a conjunction, else between words."""
    while _size(clause) > LONGEST and len(clause) > 1:
        cut = _best_cut(clause)
        yield clause[:cut]
        clause = clause[cut:]
    yield clause


def _best_cut(clause: list[Stretch]) -> int:
    """Where to cut; `places[i]` characters are said before the i-th whole."""
    places, text = [0], ""
    for whole in clause:
        text += said(whole)
        places.append(len(text))
    fits = [i for i in range(1, len(clause)) if places[i] <= LONGEST] or [1]
    good = [i for i in fits if places[i] >= _LEAST and len(text) - places[i] >= _LEAST] or fits
    inside = _inside_words(text)
    between = [i for i in good if places[i] not in inside and not _in_value(clause, i)] or good
    words = {found.start() for found in _BREATH.finditer(text)}
    breaths = [i for i in between if places[i] in words]
    return max(breaths or between)


def _in_value(clause: list[Stretch], cut: int) -> bool:
    """Between a number and what it counts, or inside a date: 二零二五年 | 五月."""
    before, after = clause[cut - 1], clause[cut]
    if before[-1].kind is Kind.NUMBER:
        return True
    return after[0].kind is Kind.NUMBER and said(before)[-1:] in set("年月日时点分第")


def _inside_words(text: str) -> set[int]:
    """Places in the middle of a word that pypinyin's dictionary of phrases knows."""
    inside, place = set(), 0
    for word in _segment()(text):
        inside |= set(range(place + 1, place + len(word)))
        place += len(word)
    return inside


@cache
def _segment() -> Callable[[str], Sequence[str]]:
    from pypinyin.seg.mmseg import Seg, p_set  # its trie of phrases is loaded with it

    segment = Seg(p_set)
    return lambda text: list(segment.cut(text))


def _with_words(parts: Sequence[Stretch]) -> list[Stretch]:
    """What says nothing goes with what is said before it, or after it at the beginning."""
    joined: list[Stretch] = []
    silent: Stretch = []
    for part in parts:
        if set(said(part)) <= PUNCTUATION:
            if joined:
                joined[-1] = joined[-1] + part
            else:
                silent = silent + part
        else:
            joined.append(silent + part)
            silent = []
    return [*joined, silent] if silent else joined


def _has_number(wholes: Sequence[Stretch]) -> bool:
    return any(unit.kind in {Kind.NUMBER, Kind.PHONE} for whole in wholes for unit in whole)


def _flat(wholes: Sequence[Stretch]) -> Stretch:
    return [unit for whole in wholes for unit in whole]


def _size(wholes: Sequence[Stretch]) -> int:
    return sum(len(said(whole)) for whole in wholes)


def said(stretch: Sequence[Unit]) -> str:
    """The spoken text."""
    return "".join(unit.said for unit in stretch)


def shown(stretch: Sequence[Unit]) -> str:
    """The display text."""
    return "".join(unit.shown for unit in stretch)
