"""Fakes of the seams of the index: records in memory, and a vector index that is exact."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.domain.passage import Passage
from assistant.domain.source import SourceHeader, SourceKind
from assistant.retrieval.dense import Keys
from assistant.retrieval.lexical import Floats


@dataclass(frozen=True)
class Row:
    seq: int
    source_id: str
    version: int


@dataclass
class MemorySources:
    """`SourceReader` in memory: `put` and `retire` as the records do it."""

    current: dict[str, SourceHeader] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    stored: dict[int, Passage] = field(default_factory=dict)
    outbox: list[Row] = field(default_factory=list)

    def put(self, source_id: str, *texts: str, **header: object) -> None:
        version = self.versions[source_id] = self.versions.get(source_id, 0) + 1
        made = SourceHeader(source_id, SourceKind.POLICY, version, title=f"标题{source_id}")
        made = replace(made, **header)  # type: ignore[arg-type]  # tests name real fields
        self.current[source_id] = made
        for ordinal, text in enumerate(texts):
            key = len(self.stored) + 1
            self.stored[key] = Passage(
                source_id, made.kind, ordinal, f"第{ordinal}条", text, made.title, None, key
            )
        self.announce(source_id, version)

    def retire(self, source_id: str) -> None:
        self.current.pop(source_id)
        self.announce(source_id, self.versions[source_id])

    def announce(self, source_id: str, version: int) -> None:
        self.outbox.append(Row(len(self.outbox) + 1, source_id, version))

    async def header(self, source_id: str) -> SourceHeader | None:
        return self.current.get(source_id)

    async def headers(self) -> list[SourceHeader]:
        return list(self.current.values())

    async def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        return {key: self.stored[key] for key in keys}

    async def passages_of(self, source_id: str) -> list[Passage]:
        mine = [p for p in self.stored.values() if p.source_id == source_id]
        newest = max((p.key for p in mine if p.ordinal == 0), default=0)
        return [p for p in mine if p.key >= newest]

    async def changes(self, after: int, limit: int = 1000) -> Sequence[Row]:
        return [row for row in self.outbox if row.seq > after][:limit]


class HashEmbeddings(Embeddings):
    """Character pairs hashed into 64 dimensions: no model, but like texts are near."""

    def __init__(self, fingerprint: str = "hash-64") -> None:
        self.fingerprint = fingerprint

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(64)
        for pair in pairwise(text):
            vector[hashlib.md5("".join(pair).encode()).digest()[0] % 64] += 1
        return [float(v) for v in vector]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]


@dataclass
class MemoryIndex:
    """`VectorIndex` in memory, exact."""

    vectors: dict[int, Floats] = field(default_factory=dict)

    def add(self, keys: Keys, vectors: Floats) -> None:
        self.vectors |= dict(zip(keys.tolist(), vectors, strict=True))

    def remove(self, keys: Keys) -> None:
        for key in keys.tolist():
            self.vectors.pop(key, None)

    def ready(self, query: Floats) -> bool:
        return bool(query.any())

    def near(self, query: Floats, limit: int) -> Keys:
        ranked = sorted(self.vectors, key=lambda key: -float(self.vectors[key] @ query))
        return np.array(ranked[:limit], np.int64)

    def drop_others(self) -> None:
        pass

    def close(self) -> None:
        pass
