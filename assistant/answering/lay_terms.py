"""Lay terms with the official ones that they stand for: `lay_terms.jsonl` of a lexicon folder.

One sense a line: `{"lay", "official": […], "weight", "note", "domain"}` and, where a sense must be
guarded, `"unless": […]`: words beside which the term means something else. Data that an office may
edit. A term of weight 1 always means its official terms; one of 0.3 seldom does.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.folding import fold

_SHORTEST = 2
"""A single character stands for too much."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What a lay term may stand for: official terms, the best first, folded."""

    official: tuple[str, ...]
    weight: float
    domain: str = ""
    unless: tuple[str, ...] = ()

    def holds(self, folded: str) -> bool:
        """Whether nothing beside it in a text gives the term another sense."""
        return not any(word in folded for word in self.unless)


@dataclass(frozen=True, slots=True)
class LayHit:
    """A lay term in a folded text (`text[start:end]`), with the senses that hold there."""

    term: str
    start: int
    end: int
    senses: tuple[Sense, ...]

    @property
    def weight(self) -> float:
        """How surely it means its likeliest sense."""
        return max(sense.weight for sense in self.senses)


class LayTerms:
    """The thesaurus; looked up by length, so that its size costs a question nothing."""

    def __init__(self, senses: Mapping[str, Sequence[Sense]], digest: str = "") -> None:
        """`digest` names the file that the terms were read from."""
        self.digest = digest
        self.senses = {term: tuple(of) for term, of in senses.items() if len(term) >= _SHORTEST}

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, object]], digest: str = "") -> "LayTerms":
        """Put lines together; the senses of one term follow each other, the likeliest first."""
        found: dict[str, list[Sense]] = {}
        for row in rows:
            found.setdefault(_folded(str(row["lay"])), []).append(_sense(row))
        senses = {t: sorted(of, key=lambda one: -one.weight) for t, of in found.items()}
        return cls(senses, digest)

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """The lengths of the terms by their first two characters, longest first."""
        found: dict[str, set[int]] = {}
        for term in self.senses:
            found.setdefault(term[:_SHORTEST], set()).add(len(term))
        return {start: tuple(sorted(of, reverse=True)) for start, of in found.items()}

    def found(self, folded: str) -> tuple[LayHit, ...]:
        """All terms within a text, also those that overlap, from left to right."""
        return tuple(self._found(folded))

    def _found(self, folded: str) -> Iterator[LayHit]:
        for start in range(len(folded) - 1):
            for length in self._lengths.get(folded[start : start + _SHORTEST], ()):
                term = folded[start : start + length]
                held = tuple(s for s in self.senses.get(term, ()) if s.holds(folded))
                if held and len(term) == length:
                    yield LayHit(term, start, start + length, held)

    def longest(self, folded: str) -> tuple[LayHit, ...]:
        """The terms within a text that do not overlap, longer ones first."""
        kept: list[LayHit] = []
        for hit in sorted(self.found(folded), key=lambda one: (one.start - one.end, one.start)):
            if all(hit.end <= other.start or other.end <= hit.start for other in kept):
                kept.append(hit)
        return tuple(kept)


def _sense(row: Mapping[str, object]) -> Sense:
    return Sense(
        tuple(map(_folded, _texts(row["official"]))),
        float(str(row["weight"])),
        str(row.get("domain") or ""),
        tuple(map(_folded, _texts(row.get("unless") or []))),
    )


def _folded(text: str) -> str:
    """`fold`, at once for what is folded already: nearly all of fifteen thousand words."""
    plain = text.isalnum() and text == text.lower() and unicodedata.is_normalized("NFKC", text)
    return text if plain else fold(text)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


NO_TERMS = LayTerms({})
