"""One ranked search: BM25 of passage and source, coverage and cosine, as one weighted sum.

Candidates come from the words and from the vectors; every candidate then gets every score, so
that no list has to be trusted for what another found (plain reciprocal-rank fusion lost 12 points
of hit@1 against this).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.domain.evidence import Scores
from assistant.domain.question import Scope
from assistant.retrieval.analysis import QueryTerms
from assistant.retrieval.lexical import Flags, Floats, Rows
from assistant.retrieval.view import View
from assistant.retrieval.weights import Sum

LEXICAL_CANDIDATES = 200
DENSE_CANDIDATES = 100


class Nearest(Protocol):
    """The dense half: eligible rows near a query vector, unordered."""

    def __call__(self, view: View, query: Floats, eligible: Flags, limit: int) -> Rows:
        """At most `limit` rows."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A passage by its row, with its scores."""

    row: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class _Features:
    lexical: Floats
    document: Floats
    dense: Floats
    coverage: Floats

    def total(self, weights: Sum) -> Floats:
        total: Floats = (
            weights.lexical * self.lexical
            + weights.document * self.document
            + weights.dense * self.dense
            + weights.coverage * self.coverage
        )
        return total


@dataclass(frozen=True, slots=True)
class Query:
    """A question as terms and as a unit vector.

    Helping words (official names of services for everyday words) stand among the terms with less
    weight, and in `guide_vector`: they help to find guides, and led astray among policies.
    """

    terms: QueryTerms
    vector: Floats
    guide_vector: Floats


def search(view: View, query: Query, scope: Scope, nearest: Nearest, limit: int) -> list[Found]:
    """The best eligible passages, best first. Ties go to the lower key."""
    eligible = view.eligible_rows(scope)
    passages = view.passages.query(query.terms)
    rows = np.union1d(
        passages.top(LEXICAL_CANDIDATES, eligible),
        nearest(view, query.vector, eligible, DENSE_CANDIDATES),
    )
    places, back = np.unique(view.document[rows], return_inverse=True)
    guides = view.guides[places]
    scores, coverage = passages.weigh(rows, guides[back])
    documents, _ = view.documents.query(query.terms).weigh(places, guides)
    dense = _cosines(view, rows, query, guides[back])
    features = _Features(_share(scores), _share(documents)[back], dense, coverage)
    return _ranked(view, rows, features, limit)


def _cosines(view: View, rows: Rows, query: Query, guides: Flags) -> Floats:
    found = view.cosines(rows, query.vector)
    if query.guide_vector is not query.vector:
        found = np.where(guides, view.cosines(rows, query.guide_vector), found)
    return np.clip(found, 0, 1)


def _share(values: Floats) -> Floats:
    top = values.max(initial=0)
    return values / np.float32(top if top > 0 else 1)


def _ranked(view: View, rows: Rows, features: _Features, limit: int) -> list[Found]:
    total = features.total(view.weights.total)
    order = np.lexsort((view.keys[rows], -total))[:limit]
    order = order[total[order] > 0]
    columns = (features.lexical, features.document, features.dense, features.coverage, total)
    numbers = np.stack([column[order] for column in columns], axis=1).tolist()
    return [
        Found(row, Scores(*each)) for row, each in zip(rows[order].tolist(), numbers, strict=True)
    ]
