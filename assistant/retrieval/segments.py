"""An immutable piece of the index on disk: some sources with their passages, terms and vectors."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.passage import Passage
from assistant.retrieval import postings
from assistant.retrieval.analysis import terms_of
from assistant.retrieval.postings import Postings

Vectors = NDArray[np.float32]
"""Not float16, which numpy widens so slowly that exact search took ten times longer."""


@dataclass(frozen=True, slots=True)
class SourcePassages:
    """What is indexed of one version of a source."""

    source_id: str
    version: int
    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows are passages; `document[row]` is the place of its source in `sources`."""

    name: str
    sources: tuple[tuple[str, int], ...]
    keys: NDArray[np.int64]
    document: NDArray[np.uint32]
    vectors: Vectors
    passages: Postings
    documents: Postings

    def save(self, folder: Path) -> None:
        """Write all files below `folder/name` and sync them; nothing refers to them yet."""
        target = folder / self.name
        target.mkdir(parents=True, exist_ok=True)
        np.save(target / "keys.npy", self.keys)
        np.save(target / "document.npy", self.document)
        np.save(target / "vectors.npy", self.vectors)
        self.passages.save(target, "passages")
        self.documents.save(target, "documents")
        (target / "sources.json").write_text(json.dumps(self.sources), "utf-8")
        for path in (*target.iterdir(), target):
            _sync(path)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Segment":
        """Map a saved segment into memory. Raises OSError or ValueError where files are broken."""
        source = folder / name
        sources = tuple((i, v) for i, v in json.loads((source / "sources.json").read_text("utf-8")))
        keys = np.load(source / "keys.npy")
        return cls(
            name,
            sources,
            keys,
            np.load(source / "document.npy"),
            np.asarray(np.load(source / "vectors.npy", mmap_mode="r")),
            Postings.load(source, "passages"),
            Postings.load(source, "documents"),
        )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def build(name: str, batch: Sequence[SourcePassages], vectors: Vectors) -> Segment:
    """Index the passages of some sources; `vectors` holds one row a passage, in order."""
    rows = [(place, p) for place, source in enumerate(batch) for p in source.passages]
    document = np.array([place for place, _ in rows], np.uint32)
    texts, owners = terms_of([p.text for _, p in rows])
    contexts, context_owners = terms_of([p.context for _, p in rows])
    titles, title_owners = terms_of([source.title for source in batch])
    return Segment(
        name,
        tuple((source.source_id, source.version) for source in batch),
        np.array([p.key for _, p in rows], np.int64),
        document,
        vectors,
        postings.build(
            np.concatenate([texts, contexts]),
            np.concatenate([owners, context_owners]),
            len(rows),
        ),
        postings.build(
            np.concatenate([texts, titles, titles]),
            np.concatenate([document[owners], title_owners, title_owners]),
            len(batch),
        ),
    )


def merge(name: str, parts: Sequence[Segment], live: Sequence[NDArray[np.bool_]]) -> Segment:
    """One segment of the live sources of all parts; `live[i]` has one flag a source."""
    rows = [flags[part.document] for part, flags in zip(parts, live, strict=True)]
    sources = [s for part, flags in zip(parts, live, strict=True) for s in _kept(part, flags)]
    starts = np.cumsum([0, *(int(flags.sum()) for flags in live)])
    numbers = [np.cumsum(flags) - 1 + start for flags, start in zip(live, starts, strict=False)]
    document = [n[p.document][r] for n, p, r in zip(numbers, parts, rows, strict=True)]
    return Segment(
        name,
        tuple(sources),
        np.concatenate([part.keys[r] for part, r in zip(parts, rows, strict=True)]),
        np.concatenate(document).astype(np.uint32),
        np.concatenate([part.vectors[r] for part, r in zip(parts, rows, strict=True)]),
        postings.merge([part.passages for part in parts], rows),
        postings.merge([part.documents for part in parts], live),
    )


def _kept(part: Segment, flags: NDArray[np.bool_]) -> list[tuple[str, int]]:
    return [source for source, keep in zip(part.sources, flags, strict=True) if keep]
