"""How surely two questions ask the same: vetoes first, then a weighted sum (weights are data)."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.answering.sounds import syllable
from assistant.live.merging_aspects import agree
from assistant.live.merging_concepts import senses_differ
from assistant.live.merging_reading import Reading

_DATA = files("assistant.live") / "data" / "merging.json"

_EXCHANGED = {"item": 8, "sense": 3, "words": 1}
"""So many characters may be foreign to both sides, by what makes them alike: on the fitted and
choosing parts, same questions had up to 4, 3 (97 %) and 0 of them, different ones from 1 on."""
_ADDED = {"item": 8, "sense": 3, "words": 3}
"""So many characters one of two near wordings may have beyond the other."""
_BEYOND = 8
"""So many characters one side may have beyond senses that are the same; own pairs had up to 6."""
_HEARD, _SLIPS = 5, 2
"""A text this long may differ by so many characters that sound alike."""
_MOST = 6
"""So many characters that the other has not count as 1."""

_FRAME, _NAME = 2, 4
"""So many characters around two names make them names of one kind of thing; a name has so many."""

_APART = 0.4
"""Wordings that share less of their pairs are not compared letter by letter."""


def veto(one: Reading, other: Reading) -> str:
    """What of the two certainly differs, empty where nothing does. The names go into reports."""
    if one.slots.places != other.slots.places:
        return "region"
    if one.exact == other.exact:
        return ""
    return (
        _other_marks(one, other)
        or senses_differ(one.concepts, other.concepts)
        or _other_asked(one, other)
        or ("" if sounds_equal(one, other) else _other_item(one, other))
        or _other_words(one, other)
        or _other_name(one, other)
    )


def sounds_equal(one: Reading, other: Reading) -> bool:
    """Whether the two differ by one or two characters that sound alike (社宝卡 for 社保卡)."""
    if one.heard != other.heard or len(one.heard) < _HEARD:
        return False
    return sum(a != b for a, b in zip(one.exact, other.exact, strict=True)) <= _SLIPS


def _other_marks(one: Reading, other: Reading) -> str:
    if one.marks.differ(other.marks):
        return "number"
    return "negation" if one.concepts.negated != other.concepts.negated else ""


def _other_asked(one: Reading, other: Reading) -> str:
    mine, its = one.slots.fields, other.slots.fields
    if mine and its:
        return "" if agree(mine, its) else "field"
    open_ = 0 if bool(mine) == bool(its) else foreign(other, one) if mine else foreign(one, other)
    return "field" if open_ and _near(one, other) > 0 else ""


def _nested(mine: frozenset[str], its: frozenset[str]) -> bool:
    return bool(mine and its) and (mine <= its or its <= mine)


def _other_item(one: Reading, other: Reading) -> str:
    """Another act (补办, 注销), another item, or another subject."""
    a, b = one.concepts, other.concepts
    mine, its = one.slots.items, other.slots.items
    if a.acts != b.acts and not (_nested(a.acts, b.acts) and mine & its):
        return "act"
    if mine and its and not mine & its:
        return "item"
    return "subject" if a.subjects and b.subjects and not a.subjects & b.subjects else ""


def _other_words(one: Reading, other: Reading) -> str:
    """Both say something that the other does not.

    Two wordings far apart may: they share their senses. Where the words are nearly the same, what
    is exchanged is what differs (大额医保, 门诊医保), and so is the order (农村转城镇).
    """
    kind = _kind(one, other)
    if sounds_equal(one, other):
        return ""
    less, more = sorted((foreign(one, other), foreign(other, one)))
    unasked = kind != "item" and not (one.slots.fields or other.slots.fields)
    if less > (0 if unasked else _EXCHANGED[kind]) or (kind == "sense" and more > _BEYOND):
        return "words"
    if _near(one, other) <= 0.0:
        return ""
    same_subjects = one.concepts.subjects == other.concepts.subjects or kind == "item"
    turned = one.core != other.core and sorted(one.core) == sorted(other.core)
    return "words" if less or turned or not same_subjects or more > _ADDED[kind] else ""


def _other_name(one: Reading, other: Reading) -> str:
    """One frame around two unknown names (云杉便民卡, 白桦便民卡): two things, not two wordings.

    Whether a name stands elsewhere in the other text too (云杉云杉便民卡) is no matter, nor, where
    nobody knows what the two are about, how short the frame is; `_other_words` asks for both.
    Where they share an item or senses and are worded far apart, what is exchanged is padding.
    """
    if _kind(one, other) != "words" and _near(one, other) <= 0.0:
        return ""
    a, b = _heard(one.named), _heard(other.named)
    before = _alike(a, b)
    after = _alike(a[before:][::-1], b[before:][::-1])
    mine = _unknown(one, before, len(a) - after)
    its = _unknown(other, before, len(b) - after)
    are_names = 0 < len(mine) <= _NAME and 0 < len(its) <= _NAME
    return "name" if are_names and mine - its and its - mine and before + after >= _FRAME else ""


def _heard(text: str) -> list[str]:
    return [syllable(char) for char in text]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many equal ones two sequences begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _unknown(one: Reading, start: int, end: int) -> frozenset[str]:
    """The sounds of a part of the name that nothing accounts for."""
    return frozenset(syllable(char) for char in one.unknown[start:end] if char != " ")


def _near(one: Reading, other: Reading) -> float:
    """How near two wordings are, 0..1, by the pairs of the shorter."""
    shared = len(one.pairs & other.pairs) / min(len(one.pairs), len(other.pairs))
    return max(0.0, (shared - _APART) / (1 - _APART))


def _kind(one: Reading, other: Reading) -> str:
    """What makes two questions alike: the same item, the same senses, or words alone."""
    if one.slots.items & other.slots.items:
        return "item"
    mine, its = one.concepts.subjects, other.concepts.subjects
    return "sense" if mine and mine == its else "words"


def features(one: Reading, other: Reading) -> dict[str, float]:
    """The numbers that the score is made of, each 0..1; the same both ways round.

    They are told apart by what makes the two alike, as each counts otherwise there: the same
    senses of the thesaurus (`sense`), the same item of the desk (`item`), or words alone (`words`).
    """
    kind = _kind(one, other)
    numbers = {"is": 1.0, **_likeness(one, other), **_difference(one, other)}
    return {f"{kind}.{name}": value for name, value in numbers.items()}


def _likeness(one: Reading, other: Reading) -> dict[str, float]:
    cosine = float((one.vectors[0] * other.vectors[0]).sum())
    shared = len(one.pairs & other.pairs)
    mine, its = one.concepts.subjects, other.concepts.subjects
    return {
        "cosine": max(0.0, cosine),
        "dice": 2 * shared / (len(one.pairs) + len(other.pairs)),
        "share": shared / min(len(one.pairs), len(other.pairs)),
        "subjects": len(mine & its) / len(mine | its) if mine | its else 0.0,
        "fields": float(bool(one.slots.fields) and one.slots.fields == other.slots.fields),
    }


def _difference(one: Reading, other: Reading) -> dict[str, float]:
    fewer, more = sorted((foreign(one, other), foreign(other, one)))
    less, most = sorted((_unsaid(one, other), _unsaid(other, one)))
    near = _near(one, other)
    return {
        "exchanged": min(fewer, _MOST) / _MOST,
        "added": min(more, _MOST) / _MOST,
        "added_share": more / max(4, len(one.core), len(other.core)),
        "near_exchanged": near * min(less, _MOST) / _MOST,
        "near_added": near * min(most, _MOST) / _MOST,
        "field_open": float(bool(one.slots.fields) != bool(other.slots.fields)),
        "number_open": float(one.marks != other.marks),
    }


def foreign(one: Reading, other: Reading) -> int:
    """How many characters of one, beyond cues and known senses, the other has not, by ear."""
    return sum(not any(pair in other.sounds for pair in pairs) for pairs in one.left)


def _unsaid(one: Reading, other: Reading) -> int:
    """How many characters of one's core the other's core has not, by ear."""
    return sum(not any(pair in other.core_sounds for pair in pairs) for pairs in one.said)


def score(one: Reading, other: Reading) -> float:
    """The estimated probability that two questions ask the same; 0 where a veto stands."""
    return 0.0 if veto(one, other) else plain_score(one, other)


def plain_score(one: Reading, other: Reading) -> float:
    """The same without vetoes."""
    if one.exact == other.exact or sounds_equal(one, other):
        return 1.0
    weights = _weights()
    total = sum(weights.get(name, 0.0) * value for name, value in features(one, other).items())
    return 1.0 / (1.0 + math.exp(-float(np.clip(total + weights["bias"], -30, 30))))


def threshold() -> float:
    """From this score on, two questions are one."""
    return float(_data()["threshold"])


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return data


@cache
def _weights() -> Mapping[str, float]:
    return {name: float(weight) for name, weight in _data()["weights"].items()}
