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

from assistant.answering.fields import OTHER

_DATA = files("assistant.live") / "data" / "merging_concepts.json"
_USED = "■"
_VAGUE = "~"

Pattern = re.Pattern[str]
Senses = tuple[tuple[str, Pattern], ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Senses that exclude each other. `strict`: said by one side only, it tells apart as well."""

    name: str
    strict: bool
    senses: Senses

    def of(self, folded: str) -> frozenset[str]:
        """The senses that a text has."""
        return frozenset(name for name, pattern in self.senses if pattern.search(folded))


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """The data, compiled. Earlier subjects and acts take their words before later ones.

    `implied`: acts that a subject includes. `aspects`: what no guide has a field for; `fallback`:
    plainer cues of fields. `polite`: what
    surrounds a question. `aside` and `general`: words that tell no two questions apart.
    """

    subjects: Senses
    acts: Senses
    contrasts: tuple[Contrast, ...]
    negation: Pattern
    no_negation: Pattern
    polite: Pattern
    aside: Pattern
    general: Pattern
    aspects: Senses
    fallback: Senses
    implied: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Concepts:
    """What was found in a folded text; `covered` marks the characters that said so."""

    subjects: frozenset[str]
    acts: frozenset[str]
    contrasts: tuple[frozenset[str], ...]
    negated: bool
    covered: tuple[bool, ...]


def find_concepts(folded: str) -> Concepts:
    """The senses of a folded text; pure, about 0.3 ms."""
    words = thesaurus()
    covered = [False] * len(folded)
    subjects, left = _taken(folded, words.subjects, covered)
    acts, _ = _taken(left, words.acts, covered)
    plain = words.no_negation.sub(" ", folded)
    return Concepts(
        subjects=_sure(subjects),
        acts=frozenset(acts).difference(*(words.implied.get(one, ()) for one in subjects)),
        contrasts=tuple(one.of(left if one.strict else folded) for one in words.contrasts),
        negated=bool(words.negation.search(plain)),
        covered=tuple(covered),
    )


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
            left = left[:start] + _USED * (end - start) + left[end:]
        names += [name] if spans else []
    return names, left


def find_aspects(folded: str, fields: frozenset[str]) -> frozenset[str]:
    """What is asked: a guide's fields as given; where there are none, by plainer words."""
    if fields - {OTHER}:
        return fields
    words = thesaurus()
    found = _names(words.aspects, folded) or _names(words.fallback, folded)
    return frozenset(found[:1]) or fields


def _names(senses: Senses, folded: str) -> list[str]:
    return [name for name, pattern in senses if pattern.search(folded)]


def senses_differ(one: Concepts, other: Concepts) -> str:
    """The name of the first contrast by which two texts differ, empty where none does."""
    for contrast, mine, its in zip(
        thesaurus().contrasts, one.contrasts, other.contrasts, strict=True
    ):
        if mine == its:
            continue
        if contrast.strict or (mine and its and not (mine <= its or its <= mine)):
            return contrast.name
    return ""


@cache
def thesaurus() -> Thesaurus:
    """The shipped thesaurus, compiled once."""
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return Thesaurus(
        subjects=_senses(data["subjects"]),
        acts=_senses(data["acts"]),
        contrasts=(
            *(
                Contrast(c["name"], c["rule"] == "one", _senses(c["senses"]))
                for c in data["contrasts"]
            ),
            Contrast("aspect", strict=False, senses=_senses(data["aspects"])),
        ),
        negation=re.compile(data["negation"]),
        no_negation=re.compile(data["no_negation"]),
        polite=re.compile(data["polite"]),
        aside=re.compile(data["aside"]),
        general=re.compile(data["general"]),
        aspects=_senses(data["aspects"]),
        fallback=_senses(data["fallback"]),
        implied=data["implied"],
    )


def _senses(rows: Sequence[Sequence[str]]) -> Senses:
    return tuple((name, re.compile(pattern)) for name, pattern in rows)
