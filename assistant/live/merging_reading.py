"""A question read for merging: its slots, its words without politeness and cues, its vectors."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from sys import intern
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.answering.fields import find_fields
from assistant.answering.folding import clean, fold
from assistant.answering.mention import is_weak
from assistant.answering.sounds import syllable
from assistant.live.merging_aspects import USED, Aspects, find_aspects, of_hall
from assistant.live.merging_concepts import Concepts, find_concepts, thesaurus
from assistant.live.merging_marks import Marks, find_marks, in_digits

Floats = NDArray[np.float32]
Embeds = Callable[[Sequence[str]], Floats]
"""Unit vectors of texts, one row each."""

HASHED = 256
"""Width of each of the two hashed parts of a vector."""

_HALL = "政务大厅"
"""The sense of the thesaurus for the hall itself."""
_NOTHING = "未说事项"


@dataclass(frozen=True, slots=True)
class Slots:
    """What the question desk reads in a question.

    `standard`: the text in standard speech, cleaned. `fields`: the fields of a guide that it asks
    for. `items`: keys of the items that it names for certain, empty where none. `places`: codes or
    names of the regions that it names; the region it is asked in, where it names none.
    """

    standard: str
    fields: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


class Understands(Protocol):
    """Reads the slots of a question that is asked in a region. Pure; about 1 ms."""

    def __call__(self, text: str, region: str | None) -> Slots:
        """The slots."""
        ...


def plain_slots(text: str, region: str | None) -> Slots:
    """The slots without a desk: no items; the only place is where the question is asked."""
    standard = clean(text)
    places = frozenset() if region is None else frozenset({region})
    return Slots(standard, frozenset(find_fields(standard).names), places=places)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as merging compares it.

    `exact`: folded, without what surrounds a question (请问, 谢谢, 啊, 的); equal ones are equal
    questions. `heard`: its sounds. `core`: also without words of asking and wishing.
    `left`: of each character that neither a cue nor a sense of the thesaurus accounts for, the
    sounds that speak for it in another text; `named`: the characters of the thing asked about, and
    `unknown`: the same, blank where a sense accounts for it; `said`: as `left`, of all characters
    of the core.
    `pairs`: character pairs of the core. `sounds`, `core_sounds`: sounds and pairs of them in the
    whole text, in the core. `vectors`: the unit vectors of the core, of its senses and fields
    hashed, and of its hashed pairs; of a remembered reading the first alone.
    """

    slots: Slots
    concepts: Concepts
    marks: Marks
    exact: str
    heard: tuple[str, ...]
    core: str
    left: tuple[tuple[str, ...], ...]
    named: str
    unknown: str
    said: tuple[tuple[str, ...], ...]
    pairs: frozenset[str]
    sounds: frozenset[str]
    core_sounds: frozenset[str]
    vectors: tuple[Floats, ...]


def read(text: str, region: str | None, understands: Understands, embed: Embeds) -> Reading:
    """Read a question that is asked in a region."""
    slots = understands(text, region)
    folded = in_digits(fold(slots.standard))
    aspects = find_aspects(folded, slots.fields)
    concepts = find_concepts(folded, aspects.left)
    left = _left(folded, concepts.covered, aspects.left)
    if not _says_something(left) and not slots.items:
        concepts = _of_no_item(concepts, aspects)
    fields = aspects.names
    core = fold(thesaurus().aside.sub("", folded)) or folded
    sounds = _sounds(folded)
    senses = [*concepts.subjects, *concepts.acts, *(f"{field}?" for field in fields)]
    return Reading(
        replace(slots, fields=fields),
        concepts,
        find_marks(folded),
        exact := _exact(folded),
        tuple(map(syllable, exact)),
        core,
        _by_ear(left, folded),
        *_named(folded, aspects.left, left),
        _by_ear(core, core),
        frozenset(_pairs(core)),
        sounds,
        sounds if core == folded else _sounds(core),
        (embed([core])[0], _hashed(senses), _hashed(_pairs(core))),
    )


def _exact(folded: str) -> str:
    return thesaurus().polite.sub("", folded.replace("办理", "办")) or folded


def _pairs(core: str) -> list[str]:
    return [core[i : i + 2] for i in range(len(core) - 1)] or [core]


def _hashed(words: Iterable[str]) -> Floats:
    """Words as a unit vector of fixed width, the same in every process."""
    vector = np.zeros(HASHED, np.float32)
    for word in set(words):
        vector[crc32(word.encode()) % HASHED] += 1
    norm = float(np.linalg.norm(vector))
    return vector / np.float32(norm or 1.0)


def _sounds(folded: str) -> frozenset[str]:
    heard = [syllable(char) for char in folded]
    return frozenset((*heard, *(_pair(a, b) for a, b in pairwise(heard))))


def _pair(one: str, other: str) -> str:
    """Two sounds in a row; one string for all readings that have them."""
    return intern(f"{one} {other}")


def _of_no_item(concepts: Concepts, aspects: Aspects) -> Concepts:
    """A question that names no item has a subject of its own: the hall, or nothing in particular.

    So 几点上班 and 办公时间 are one, and 要多少钱 is never one with a question about an item.
    """
    if concepts.subjects or not aspects.names:
        return concepts
    return replace(concepts, subjects=frozenset({_HALL if of_hall(aspects.names) else _NOTHING}))


def _left(folded: str, covered: Sequence[bool], unasked: str) -> str:
    """The text, blank where a cue, a sense or a word that tells nothing apart accounts for it."""
    words = thesaurus()
    rest = zip(folded, covered, unasked, strict=True)
    open_ = "".join(" " if taken or cue == USED else char for char, taken, cue in rest)
    return _blanked(words.general, _blanked(words.aside, open_))


def _named(folded: str, unasked: str, left: str) -> tuple[str, str]:
    """What names the thing asked about, cues and empty words gone; the same, blank where known."""
    words = thesaurus()
    open_ = "".join(" " if cue == USED else char for char, cue in zip(folded, unasked, strict=True))
    told = _blanked(words.general, _blanked(words.aside, open_))
    kept = [(char, rest) for char, rest in zip(told, left, strict=True) if not _is_empty(char)]
    return "".join(char for char, _ in kept), "".join(rest for _, rest in kept)


def _says_something(left: str) -> bool:
    return not all(map(_is_empty, left))


def _is_empty(char: str) -> bool:
    return char == " " or is_weak(char)


def _by_ear(bare: str, text: str) -> tuple[tuple[str, ...], ...]:
    """The characters of `bare` that say something, by the pairs of sounds around them in `text`."""
    heard = [syllable(char) for char in text]
    return tuple(_around(heard, i) for i, char in enumerate(bare) if not _is_empty(char))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), text)


def _around(heard: Sequence[str], place: int) -> tuple[str, ...]:
    before = [_pair(heard[place - 1], heard[place])] if place else []
    after = [_pair(heard[place], heard[place + 1])] if place + 1 < len(heard) else []
    return (*before, *after) or (heard[place],)
