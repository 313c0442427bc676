"""What search found: ranked passages with the numbers that ranked them."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain.passage import Passage
from assistant.domain.source import SourceHeader


@dataclass(frozen=True, slots=True)
class Scores:
    """The features of one passage for one query; all but `total` lie in 0..1.

    `lexical`, `document`: BM25 of the passage and of its whole document, divided by the best of
    this query. `dense`: cosine, negative values cut to 0. `coverage`: the share of the query's
    idf weight that occurs in the passage or its context. `total` orders the hits.
    """

    lexical: float = 0.0
    document: float = 0.0
    dense: float = 0.0
    coverage: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found."""

    passage: Passage
    source: SourceHeader
    scores: Scores


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits, best first."""

    hits: tuple[Hit, ...] = ()

    def source_ids(self, limit: int = 20) -> tuple[str, ...]:
        """Ids of the sources, best first, each once."""
        return tuple(_unique(hit.source.id for hit in self.hits))[:limit]


def _unique(ids: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(ids)
