"""Nearest passages: Chroma for large corpora, exact cosines for what is small.

Chroma holds every vector, by passage key, and is asked without `where` (at 200,000 vectors a
filter costs a second): more are fetched than needed and the eligible ones kept. Up to
`EXACT_ROWS` eligible passages exact cosines are as quick, so that a cold `assistant ask` on an
ordinary knowledge base need not import chromadb (1 s). See decisions/dense-search.md.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.errors import Unavailable
from assistant.retrieval.lexical import Flags, Floats, Rows
from assistant.retrieval.view import View

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from langchain_chroma import Chroma

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]

EXACT_ROWS = 20_000
OVERFETCH = 4
MAX_FETCH = 2_000
_BATCH = 4_000


class VectorIndex(Protocol):
    """Approximate nearest neighbours by passage key."""

    def add(self, keys: Keys, vectors: Floats) -> None:
        """Write vectors; the same key again replaces its vector."""

    def remove(self, keys: Keys) -> None:
        """Take vectors out."""

    def near(self, query: Floats, limit: int) -> Keys:
        """Keys of about `limit` nearest vectors, nearest first."""
        ...

    def drop_others(self) -> None:
        """Delete older collections of this index."""


class ChromaIndex:
    """A Chroma collection, embedded in a folder or on a server; opened at the first use."""

    def __init__(self, folder: Path, url: str | None, name: str, embeddings: Embeddings) -> None:
        self._folder = folder
        self._url = url
        self._name = name
        self._embeddings = embeddings

    @cached_property
    def _client(self) -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        try:
            if self._url is None:
                return chromadb.PersistentClient(str(self._folder), settings)
            at = urlsplit(self._url)
            secure = at.scheme == "https"
            port = at.port or (443 if secure else 8000)
            return chromadb.HttpClient(at.hostname or "localhost", port, secure, settings=settings)
        except Exception as error:
            raise Unavailable("Chroma 无法打开", hint=self._url or str(self._folder)) from error

    def store(self) -> "Chroma":
        """The LangChain vector store over the collection, which is made if need be."""
        from langchain_chroma import Chroma

        return Chroma(
            self._name,
            self._embeddings,
            client=self._client,
            collection_configuration={
                "hnsw": {
                    "space": "cosine",
                    "max_neighbors": 32,
                    "ef_construction": 128,
                    "ef_search": MAX_FETCH,
                }
            },
        )

    @cached_property
    def _collection(self) -> "Collection":
        self.store()  # creates the collection; writing by it would embed every text again
        return self._client.get_collection(self._name, embedding_function=None)

    def add(self, keys: Keys, vectors: Floats) -> None:
        """Write vectors; the same key again replaces its vector."""
        for start in range(0, len(keys), _BATCH):
            part = slice(start, start + _BATCH)
            ids = [str(key) for key in keys[part]]
            self._collection.upsert(ids, embeddings=vectors[part])

    def remove(self, keys: Keys) -> None:
        """Take vectors out."""
        for start in range(0, len(keys), _BATCH):
            self._collection.delete([str(key) for key in keys[start : start + _BATCH]])

    def near(self, query: Floats, limit: int) -> Keys:
        """Keys of about `limit` nearest vectors, nearest first."""
        limit = min(limit, self._collection.count())
        if not limit:
            return np.empty(0, np.int64)
        found = self._collection.query(query[None], n_results=limit, include=["distances"])
        return np.array([int(key) for key in found["ids"][0]], np.int64)

    def drop_others(self) -> None:
        """Delete older collections of this index."""
        prefix = self._name.rpartition("-")[0]
        for collection in self._client.list_collections():
            if collection.name != self._name and collection.name.startswith(prefix):
                self._client.delete_collection(collection.name)


def nearest(index: VectorIndex, view: View, query: Floats, eligible: Flags, limit: int) -> Rows:
    """The `limit` eligible rows with the highest cosine, unordered."""
    count = int(np.count_nonzero(eligible))
    if not query.any() or not count:
        return np.empty(0, np.int64)
    if count > EXACT_ROWS:
        share = count / max(int(view.passages.live.sum()), 1)
        for fetch in _fetches(limit, share):
            rows = view.rows_of(index.near(query, fetch))
            rows = rows[eligible[rows]]
            if len(rows) >= limit:
                return _best(view, rows, query, limit)
    return _best(view, np.flatnonzero(eligible), query, limit)


def _fetches(limit: int, share: float) -> Iterable[int]:
    """Numbers to ask for: what the eligible share suggests, then the most that is allowed."""
    wanted = int(OVERFETCH * limit / share)
    return [wanted, MAX_FETCH] if wanted < MAX_FETCH else [MAX_FETCH]


def _best(view: View, rows: Rows, query: Floats, limit: int) -> Rows:
    if len(rows) <= limit:
        return rows
    return rows[np.argpartition(view.cosines(rows, query), -limit)[-limit:]]
