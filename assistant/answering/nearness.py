"""How near a question is in meaning to names and lay terms, by the built-in embedding.

The passage search compares whole texts. Here each piece of a name looks for its nearest piece in
the question and the other way round (Khattab and Zaharia 2020, late interaction), and the lay
terms and official terms of the lexicon are compared with the question's stretches.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from assistant.answering.items import Catalogue, Profile
from assistant.answering.lexicon import Lexicon
from assistant.answering.mention import Mention
from assistant.answering.official_words import Weighted
from assistant.models.static_embedding import StaticEmbedding

Floats = NDArray[np.float32]

_NAMES = 3
"""So many names of an item are compared."""


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms of a lexicon with their unit vectors."""

    lay: dict[str, int]
    lay_vectors: Floats
    official_vectors: Floats


class Nearness:
    """Made once; keeps the vectors of a lexicon's terms."""

    def __init__(self, embedding: StaticEmbedding) -> None:
        self._embedding = embedding
        self._terms: WeakKeyDictionary[Lexicon, Terms] = WeakKeyDictionary()
        self._making = threading.Lock()

    def terms(self, lexicon: Lexicon) -> Terms:
        """The vectors of a lexicon's terms (about 0.1 s the first time)."""
        with self._making:
            if lexicon not in self._terms:
                lay = list(lexicon.lay.senses)
                official = lexicon.guide_words.official.terms
                self._terms[lexicon] = Terms(
                    {term: number for number, term in enumerate(lay)},
                    self._embedding.embed_array(lay),
                    self._embedding.embed_array(official),
                )
            return self._terms[lexicon]

    def __call__(
        self, mention: Mention, profiles: Sequence[Profile], catalogue: Catalogue
    ) -> list[dict[str, float]]:
        """The numbers of each item, 0..1; see `linker_features`."""
        if not profiles:
            return []
        terms = self.terms(catalogue.lexicon)
        stretches = [mention.folded, " ".join(mention.parts), *mention.parts]
        said = self._embedding.embed_array([text for text in stretches if text])
        known = float((terms.official_vectors @ said[:2].T).max(initial=0.0))
        lay = _lay_near(said, [catalogue.lay_words(each) for each in profiles], terms)
        names = self._names(mention, profiles)
        return [
            {**numbers, "lay_near": near, "known": known}
            for numbers, near in zip(names, lay, strict=True)
        ]

    def _names(self, mention: Mention, profiles: Sequence[Profile]) -> list[dict[str, float]]:
        names = [(p.name, *p.aliases)[:_NAMES] for p in profiles]
        flat = [name for of in names for name in of]
        asked, *pieces = self._embedding.embed_pieces([" ".join(mention.parts), *flat])
        found = _compared(asked, pieces)
        ends = np.cumsum([0, *map(len, names)])
        best = [found[a:b].max(axis=0) for a, b in pairwise(ends)]
        return [
            {"held": float(held), "holds": float(holds), "name_near": float(near)}
            for held, holds, near in best
        ]


def _compared(asked: Floats, pieces: Sequence[Floats]) -> Floats:
    """A row a name: share of its pieces near the question, of the question's near it, cosine."""
    counts = np.array([len(of) for of in pieces])
    rows = np.zeros((len(pieces), 3), np.float32)
    full = np.flatnonzero(counts)
    if not len(asked) or not len(full):
        return rows
    flat = np.concatenate([of for of in pieces if len(of)])
    starts = np.cumsum([0, *counts[full][:-1]])
    mine, theirs = _lengths(asked), _lengths(flat)
    near = (asked / mine[:, None]) @ (flat / theirs[:, None]).T
    whole = np.add.reduceat(theirs, starts)
    rows[full, 0] = np.add.reduceat(near.max(axis=0) * theirs, starts) / whole
    rows[full, 1] = mine @ np.maximum.reduceat(near, starts, axis=1) / mine.sum()
    sums = np.add.reduceat(flat, starts, axis=0)
    whole_asked = asked.sum(axis=0)
    rows[full, 2] = sums @ whole_asked / (_lengths(sums) * _lengths(whole_asked[None])[0])
    return np.maximum(rows, 0)


def _lengths(vectors: Floats) -> Floats:
    lengths: Floats = np.maximum(np.linalg.norm(vectors, axis=1), np.float32(1e-9))
    return lengths


def _lay_near(said: Floats, words: Sequence[Weighted], terms: Terms) -> list[float]:
    """How near a stretch of the question is to a lay term of each item, by the term's weight."""
    places = sorted({terms.lay[word] for of in words for word, _ in of if word in terms.lay})
    if not places or not len(said):
        return [0.0] * len(words)
    near = dict(zip(places, (terms.lay_vectors[places] @ said.T).max(axis=1).tolist(), strict=True))
    return [
        max((near[terms.lay[word]] * w for word, w in of if word in terms.lay), default=0.0)
        for of in words
    ]
