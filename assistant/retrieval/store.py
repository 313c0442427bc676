"""The index on disk and in memory, without sources or searches: apply, publish, merge, load.

Not safe for two writers: `KnowledgeIndex` lets one in at a time. Everything here may take long
and runs in a worker thread.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.retrieval import manifest as manifests
from assistant.retrieval import segments as pieces
from assistant.retrieval import vectors
from assistant.retrieval.dense import Keys, VectorIndex
from assistant.retrieval.lexical import Flags
from assistant.retrieval.manifest import Manifest, SegmentEntry
from assistant.retrieval.segments import Segment, SourcePassages

Place = tuple[int, int]

QUICK_ROWS = 30_000
"""Merges up to this size take about a second and happen as changes come."""
LARGEST_ROWS = 500_000
"""No segment grows beyond this."""
_RATIO = 2
_DEAD_SHARE = 0.3


class IndexStore:
    """Segments with their live sources, as the manifest `name` says."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        embeddings: Embeddings,
        dense: VectorIndex,
        name: str = manifests.SERVING,
    ) -> None:
        """Map all segments. Raises OSError or ValueError where files are missing or broken."""
        self._folder = folder
        self._embeddings = embeddings
        self._name = name
        self.dense = dense
        self.manifest = manifest
        self.segments = [Segment.load(folder, entry.name) for entry in manifest.segments]
        self._index_places()

    def _index_places(self) -> None:
        self.live = [
            _alive(len(segment.sources), entry.dead)
            for segment, entry in zip(self.segments, self.manifest.segments, strict=True)
        ]
        self._places: dict[str, Place] = {
            source_id: (number, place)
            for number, segment in enumerate(self.segments)
            for place, (source_id, _) in enumerate(segment.sources)
            if self.live[number][place]
        }

    @property
    def source_ids(self) -> Collection[str]:
        """Ids of all live sources."""
        return self._places.keys()

    def version(self, source_id: str) -> int | None:
        """The indexed version of a source."""
        place = self._places.get(source_id)
        return self.segments[place[0]].sources[place[1]][1] if place else None

    def apply(self, batch: Sequence[SourcePassages], gone: Collection[str], applied: int) -> None:
        """Index new versions, drop those that are gone, and publish both as one step."""
        old = {source.source_id for source in batch} | set(gone)
        removed = [self._places[i] for i in sorted(old) if i in self._places]
        manifest = replace(self.manifest, applied=applied, generation=self.manifest.generation + 1)
        segment = None
        if batch:
            manifest, name = manifest.named()
            segment = self._built(name, batch)
            manifest = replace(manifest, segments=(*manifest.segments, SegmentEntry(name)))
        self._forget_vectors(removed, segment)
        self._publish(_buried(manifest, removed), segment)

    def _built(self, name: str, batch: Sequence[SourcePassages]) -> Segment:
        texts = [f"{p.context}\n{p.text}" for source in batch for p in source.passages]
        made = vectors.embed_documents(self._embeddings, texts)
        segment = pieces.build(name, batch, made)
        segment.save(self._folder)
        self.dense.add(segment.keys, made)
        return Segment.load(self._folder, name)

    def _forget_vectors(self, removed: Sequence[Place], added: Segment | None) -> None:
        """Before publishing: a crash in between repeats it, and no vector stays for ever."""
        keys: list[Keys] = []
        for number, place in removed:
            segment = self.segments[number]
            keys.append(segment.keys[segment.document == place])
        if keys:
            gone = np.concatenate(keys)
            self.dense.remove(gone if added is None else np.setdiff1d(gone, added.keys))

    def _publish(self, manifest: Manifest, added: Segment | None) -> None:
        manifests.write(self._folder, manifest, self._name)
        self.manifest = manifest
        if added is not None:
            self.segments = [*self.segments, added]
        self._index_places()

    def merge(self, limit: int = QUICK_ROWS) -> bool:
        """Merge neighbours of like size and thin out segments; False where nothing was to do.

        Sizes then fall by `_RATIO` from each segment to the next, so that there are few.
        """
        chosen = self._to_merge(limit)
        if not chosen:
            return False
        first, last = chosen[0], chosen[-1] + 1
        manifest, name = self.manifest.named()
        merged = pieces.merge(name, self.segments[first:last], self.live[first:last])
        merged.save(self._folder)
        entries = list(manifest.segments)
        entries[first:last] = [SegmentEntry(name)]
        segments = list(self.segments)
        segments[first:last] = [Segment.load(self._folder, name)]
        manifest = replace(manifest, segments=tuple(entries))
        manifests.write(self._folder, manifest, self._name)
        self.manifest, self.segments = manifest, segments
        self._index_places()
        return True

    def _to_merge(self, limit: int) -> list[int]:
        """Places of segments to be merged into one: two neighbours, or one that is mostly dead."""
        rows = [self._live_rows(number) for number in range(len(self.segments))]
        for number, segment in enumerate(self.segments):
            dead = len(segment.keys) - rows[number]
            if dead > _DEAD_SHARE * len(segment.keys) and rows[number] <= limit:
                return [number]
        for left, right in reversed(list(pairwise(range(len(rows))))):
            together = rows[left] + rows[right]
            if rows[left] < _RATIO * rows[right] and together <= min(limit, LARGEST_ROWS):
                return [left, right]
        return []

    def _live_rows(self, number: int) -> int:
        return int(np.count_nonzero(self.live[number][self.segments[number].document]))

    def sweep(self) -> None:
        """Remove files that neither this nor the other manifest names."""
        other = manifests.REBUILDING if self._name == manifests.SERVING else manifests.SERVING
        manifests.sweep(self._folder, [self.manifest, manifests.read(self._folder, other)])


def _alive(count: int, dead: Sequence[int]) -> Flags:
    flags = np.ones(count, np.bool_)
    flags[list(dead)] = False
    return flags


def _buried(manifest: Manifest, removed: Sequence[Place]) -> Manifest:
    """The manifest with more dead sources."""
    entries = list(manifest.segments)
    for number, place in removed:
        entries[number] = SegmentEntry(entries[number].name, (*entries[number].dead, place))
    return replace(manifest, segments=tuple(entries))
