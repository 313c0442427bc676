"""What the built-in embedding learns by: pairs of texts that belong together, as piece ids.

Three sources: clauses of laws and documents (title ↔ clause, clause ↔ next, part ↔ rest), everyday
questions of the services to fit on (question ↔ official name, question ↔ question), and lay terms
(lay ↔ official).
"""

from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from eval.training.everyday_corpus import LayTerm, Service
from eval.training.texts import Document

Ids = np.ndarray[tuple[int], np.dtype[np.int64]]
Pair = tuple[Ids, Ids]


def encoded(tokenizer: Tokenizer, texts: Sequence[str], longest: int = 400) -> list[Ids]:
    """Piece ids of each text; the unknown piece is left out."""
    found = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [np.array([i for i in each.ids[:longest] if i], np.int64) for each in found]


def thinned(ids: Ids, drop: float, rng: np.random.Generator) -> Ids:
    """Some pieces left out at random, never all."""
    kept = ids[rng.random(len(ids)) >= drop]
    return kept if len(kept) else ids


class Clauses:
    """Pairs of texts from the documents."""

    def __init__(
        self, docs: Sequence[Document], tokenizer: Tokenizer, drop: float, longest: int
    ) -> None:
        self._drop = drop
        self._longest = longest
        self._clauses: list[Ids] = []
        self._titles: list[Ids] = []
        self._next: list[int] = []
        for doc in docs:
            self._add(doc, tokenizer)

    def _add(self, doc: Document, tokenizer: Tokenizer) -> None:
        titles = encoded(tokenizer, [f"{doc.title} {heading}" for heading in doc.headings], 64)
        clauses = encoded(tokenizer, doc.clauses)
        for title, clause in zip(titles, clauses, strict=True):
            if len(clause) and len(title):
                self._next.append(len(self._clauses) + 1)
                self._clauses.append(clause)
                self._titles.append(title)
        if doc.clauses and self._next:
            self._next[-1] = len(self._clauses) - 1

    def batch(self, size: int, rng: np.random.Generator) -> list[Pair]:
        """Pairs of different clauses."""
        chosen = rng.choice(len(self._clauses), size, replace=False)
        return [self._pair(int(place), rng) for place in chosen]

    def _pair(self, place: int, rng: np.random.Generator) -> Pair:
        clause, draw = self._clauses[place], rng.random()
        if draw < 0.25:
            return thinned(self._titles[place], self._drop, rng), self._crop(clause, rng)
        if draw < 0.4:
            follows = self._clauses[self._next[place]]
            return self._crop(clause, rng), self._crop(follows, rng)
        return self._split(clause, rng)

    def _split(self, clause: Ids, rng: np.random.Generator) -> Pair:
        """A short, thinned part as the question, what is left as its answer."""
        length = int(rng.integers(3, max(4, min(24, len(clause) // 2 + 1))))
        start = int(rng.integers(0, max(1, len(clause) - length)))
        question = thinned(clause[start : start + length], self._drop, rng)
        rest = np.concatenate([clause[:start], clause[start + length :]])
        return question, self._crop(rest if len(rest) > 3 else clause, rng)

    def _crop(self, ids: Ids, rng: np.random.Generator) -> Ids:
        length = int(rng.integers(8, self._longest))
        start = int(rng.integers(0, max(1, len(ids) - length)))
        return ids[start : start + length]


class Named:
    """Pairs under one heading each: ways to ask for a service, lay terms of an official one.

    All headings take part in each batch, so that every service is told from every other.
    """

    def __init__(self, names: Sequence[Sequence[Ids]], asks: Sequence[Sequence[Ids]]) -> None:
        self._names = names
        self._asks = asks

    @classmethod
    def of_services(cls, services: Sequence[Service], tokenizer: Tokenizer) -> "Named":
        """Questions beside official names and aliases."""
        return cls(
            [encoded(tokenizer, [s.service, *s.aliases]) for s in services],
            [encoded(tokenizer, s.asks) for s in services],
        )

    @classmethod
    def of_terms(cls, terms: Sequence[LayTerm], tokenizer: Tokenizer) -> "Named":
        """Lay terms beside their official ones, grouped by the first of these."""
        groups: dict[str, list[LayTerm]] = {}
        for term in terms:
            groups.setdefault(term.official[0], []).append(term)
        return cls(
            [
                encoded(tokenizer, sorted({o for t in g for o in t.official}))
                for g in groups.values()
            ],
            [encoded(tokenizer, [t.lay for t in g]) for g in groups.values()],
        )

    def batch(self, most: int, drop: float, rng: np.random.Generator) -> list[Pair]:
        """A pair each of at most so many headings; one in five is question ↔ question."""
        chosen = rng.permutation(len(self._names))[:most]
        pairs = (self._pair(int(place), drop, rng) for place in chosen)
        return [pair for pair in pairs if len(pair[0]) and len(pair[1])]

    def _pair(self, place: int, drop: float, rng: np.random.Generator) -> Pair:
        names, asks = self._names[place], self._asks[place]
        ask = thinned(asks[rng.integers(len(asks))], drop, rng)
        if rng.random() < 0.2:
            return ask, thinned(asks[rng.integers(len(asks))], drop, rng)
        return ask, names[rng.integers(len(names))]
