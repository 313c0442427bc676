"""One state of the index, as a search sees it from beginning to end; never changed in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import SourceHeader, SourceKind
from assistant.retrieval.eligibility import Eligibility
from assistant.retrieval.lexical import Flags, Floats, Level, Rows
from assistant.retrieval.segments import Segment
from assistant.retrieval.weights import Weights, shipped

_MOST = 0.3


@dataclass(frozen=True)
class View:
    """Segments side by side: passages are rows 0..n-1, sources are places 0..m-1.

    `guides` has one flag a source.
    """

    segments: tuple[Segment, ...]
    headers: tuple[SourceHeader | None, ...]
    keys: NDArray[np.int64]
    document: NDArray[np.int64]
    passages: Level
    documents: Level
    eligibility: Eligibility
    guides: Flags
    weights: Weights
    generation: int

    @classmethod
    def of(
        cls,
        segments: Sequence[Segment],
        live: Sequence[Flags],
        headers: Mapping[str, SourceHeader],
        regions: RegionTree,
        generation: int,
        weights: Weights | None = None,
    ) -> "View":
        """Put segments together; `live[i]` has one flag a source of `segments[i]`."""
        weights = weights or shipped()
        starts = np.cumsum([0, *(len(segment.sources) for segment in segments)])
        document = _joined(
            [s.document.astype(np.int64) + b for s, b in zip(segments, starts[:-1], strict=True)]
        )
        flags = np.concatenate([np.empty(0, np.bool_), *live])
        ids = [source_id for segment in segments for source_id, _ in segment.sources]
        found = tuple(headers.get(i) if ok else None for i, ok in zip(ids, flags, strict=True))
        return cls(
            tuple(segments),
            found,
            _joined([segment.keys for segment in segments]),
            document,
            Level.of([segment.passages for segment in segments], flags[document], weights.passage),
            Level.of([segment.documents for segment in segments], flags, weights.document),
            Eligibility(found, regions),
            np.array([h is not None and h.kind is SourceKind.GUIDE for h in found], np.bool_),
            weights,
            generation,
        )

    def eligible_rows(self, scope: Scope) -> Flags:
        """One flag a passage."""
        return self.eligibility.mask(scope)[self.document]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each source that counts, by id."""
        return {h.id: place for place, h in enumerate(self.headers) if h is not None}

    @cached_property
    def _by_key(self) -> tuple[Rows, NDArray[np.int64]]:
        rows = np.flatnonzero(self.passages.live)
        order = np.argsort(self.keys[rows], kind="stable")
        return rows[order], self.keys[rows[order]]

    def rows_of(self, keys: NDArray[np.int64]) -> Rows:
        """The live rows that have these keys, ascending; unknown keys are left out."""
        rows, ordered = self._by_key
        if not len(ordered):
            return np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
        return np.sort(rows[places[ordered[places] == keys]])

    def cosines(self, rows: Rows, query: Floats) -> Floats:
        """Cosine of the query (a unit vector) with each of the ascending rows, exactly."""
        cuts = np.searchsorted(rows, self.passages.starts)
        found = [np.empty(0, np.float32)]
        for number, segment in enumerate(self.segments):
            wanted = rows[cuts[number] : cuts[number + 1]] - self.passages.starts[number]
            if len(wanted) > _MOST * len(segment.keys):  # copying the rows would cost more
                found.append((segment.vectors @ query)[wanted])
            else:
                found.append(segment.vectors[wanted] @ query)
        return np.concatenate(found)


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *parts])
