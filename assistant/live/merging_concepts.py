"""What a question is about, as senses of a thesaurus: subject, act, and words that tell apart.

The thesaurus is data (`data/merging_concepts.json`): everyday and official ways to say one thing
are one sense (个体户不干了, 注销个体工商户), so that two wordings without a common word compare.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.live.merging_aspects import USED

_DATA = files("assistant.live") / "data" / "merging_concepts.json"
_VAGUE = "~"
_NONE = frozenset[str]()
"""The one empty set of all texts: most have next to no senses, and a room remembers many."""

Pattern = re.Pattern[str]
Senses = tuple[tuple[str, Pattern], ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Senses that exclude each other: where both texts have some, one must include the other's.

    `one_sided`: said by one side only, it tells apart as well. `equal`: it must be said of both
    alike; this is looked for outside of subjects and cues.
    """

    name: str
    one_sided: bool
    equal: bool
    senses: Senses

    def of(self, folded: str) -> frozenset[str]:
        """The senses that a text has."""
        found = frozenset(name for name, pattern in self.senses if pattern.search(folded))
        return found or _NONE

    def differ(self, mine: frozenset[str], its: frozenset[str]) -> bool:
        """Whether two texts with these senses differ."""
        if mine == its:
            return False
        if self.equal or not (mine and its):
            return self.one_sided
        return not (mine <= its or its <= mine)


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """The data, compiled. Earlier subjects and acts take their words before later ones.

    `implied`: acts and senses that a subject includes. `polite`: what surrounds a question.
    `aside` and `general`: words that tell no two questions apart.
    """

    subjects: Senses
    acts: Senses
    contrasts: tuple[Contrast, ...]
    negation: Pattern
    no_negation: Pattern
    polite: Pattern
    aside: Pattern
    general: Pattern
    implied: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Concepts:
    """What was found in a folded text; `covered` marks the characters that said so."""

    subjects: frozenset[str]
    acts: frozenset[str]
    contrasts: tuple[frozenset[str], ...]
    negated: bool
    covered: tuple[bool, ...]


def find_concepts(folded: str, unasked: str = "") -> Concepts:
    """The senses of a folded text; pure, about 0.3 ms.

    `unasked`: the text without the cues of what is asked, as long; negation is looked for there.
    """
    told = unasked or folded
    words = thesaurus()
    covered = [False] * len(folded)
    subjects, left = _taken(folded, words.subjects, covered)
    apart = "".join(USED if USED in pair else pair[0] for pair in zip(left, told, strict=True))
    acts, _ = _taken(apart, words.acts, covered)
    implied = {sense for one in subjects for sense in words.implied.get(one, ())}
    return Concepts(
        subjects=_sure(subjects),
        acts=frozenset(acts) - implied,
        contrasts=tuple(
            (one.of(apart if one.equal else folded) - implied) or _NONE for one in words.contrasts
        ),
        negated=_is_negated(folded, told),
        covered=tuple(covered),
    )


def _is_negated(folded: str, unasked: str) -> bool:
    """Whether something is denied outside of what is asked (有没有 and names deny nothing)."""
    words = thesaurus()
    plain = words.no_negation.sub(lambda found: " " * len(found[0]), folded)
    return any(unasked[found.start()] != USED for found in words.negation.finditer(plain))


def _sure(names: Sequence[str]) -> frozenset[str]:
    """Senses marked `~` count only where no other is found (照 of a shop, 领证 of a wedding)."""
    sure = frozenset(name for name in names if not name.startswith(_VAGUE))
    return sure or frozenset(name.removeprefix(_VAGUE) for name in names)


def _taken(folded: str, senses: Senses, covered: list[bool]) -> tuple[list[str], str]:
    """The senses found, each taking its characters from those after it, and the text left."""
    names, left = [], folded
    for name, pattern in senses:
        spans = [found.span() for found in pattern.finditer(left)]
        for start, end in spans:
            covered[start:end] = [True] * (end - start)
            left = left[:start] + USED * (end - start) + left[end:]
        names += [name] if spans else []
    return names, left


def senses_differ(one: Concepts, other: Concepts) -> str:
    """The name of the first contrast by which two texts differ, empty where none does."""
    if one.contrasts == other.contrasts:
        return ""
    for contrast, mine, its in zip(
        thesaurus().contrasts, one.contrasts, other.contrasts, strict=True
    ):
        if contrast.differ(mine, its):
            return contrast.name
    return ""


@cache
def thesaurus() -> Thesaurus:
    """The shipped thesaurus, compiled once."""
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return Thesaurus(
        subjects=_senses(data["subjects"]),
        acts=_senses(data["acts"]),
        contrasts=tuple(
            Contrast(c["name"], c["rule"] != "both", c["rule"] == "one", _senses(c["senses"]))
            for c in data["contrasts"]
        ),
        negation=re.compile(data["negation"]),
        no_negation=re.compile(data["no_negation"]),
        polite=re.compile(data["polite"]),
        aside=re.compile(data["aside"]),
        general=re.compile(data["general"]),
        implied=data["implied"],
    )


def _senses(rows: Sequence[Sequence[str]]) -> Senses:
    return tuple((name, re.compile(pattern)) for name, pattern in rows)
