"""Nearest passages: Chroma for large corpora, exact cosines for what is small.

Chroma holds every vector, by passage key, and is asked without `where` (at 200,000 vectors a
filter costs a second): more are fetched than needed and the eligible ones kept. Up to
`EXACT_ROWS` eligible passages, and for the first questions of a process, cosines are computed
exactly, so that a cold `assistant ask` need not load Chroma (1 s and more). See
decisions/0006-chroma-for-large-corpora.md.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import numpy as np
import structlog
from langchain_core.embeddings import Embeddings

from assistant.errors import Unavailable
from assistant.retrieval.lexical import Flags, Floats, Rows
from assistant.retrieval.view import View

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from langchain_chroma import Chroma

log = structlog.get_logger()

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]

EXACT_ROWS = 20_000
OVERFETCH = 1.5
MAX_FETCH = 1_000
"""Also the breadth of the search: recall@50 of 200,000 vectors is 0.994, with 100 it is 0.935."""
LOAD_AFTER = 3
"""Exact searches after which Chroma is loaded beside them: one `assistant ask` never waits."""
_BATCH = 4_000


class VectorIndex(Protocol):
    """Approximate nearest neighbours by passage key."""

    def add(self, keys: Keys, vectors: Floats) -> None:
        """Write vectors; the same key again replaces its vector."""

    def remove(self, keys: Keys) -> None:
        """Take vectors out."""

    def ready(self, query: Floats) -> bool:
        """Whether `near` answers quickly; where it does not yet, it may begin to get ready."""
        ...

    def near(self, query: Floats, limit: int) -> Keys:
        """Keys of about `limit` nearest vectors, nearest first."""
        ...

    def drop_others(self) -> None:
        """Delete older collections of this index."""

    def close(self) -> None:
        """Let go of files and connections."""


class ChromaIndex:
    """A Chroma collection, embedded in a folder or on a server; opened at the first use."""

    def __init__(self, folder: Path, url: str | None, name: str, embeddings: Embeddings) -> None:
        self._folder = folder
        self._url = url
        self._name = name
        self._embeddings = embeddings
        self._opening = Lock()
        self._opened: Collection | None = None
        self._ready = False
        self._asked = 0

    @cached_property
    def _client(self) -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        with self._reached():
            if self._url is None:
                return chromadb.PersistentClient(str(self._folder), settings)
            at = urlsplit(self._url)
            secure = at.scheme == "https"
            port = at.port or (443 if secure else 8000)
            return chromadb.HttpClient(at.hostname or "localhost", port, secure, settings=settings)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Translates whatever Chroma raises, which has no common class. Raises Unavailable."""
        try:
            yield
        except Unavailable:
            raise
        except Exception as error:
            where = self._url or str(self._folder)
            raise Unavailable(f"Chroma 不可用：{where}", hint=str(error)[:200]) from error

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

    @property
    def _collection(self) -> "Collection":
        with self._opening:
            if self._opened is None:
                self.store()  # creates it; writing through LangChain would embed every text again
                self._opened = self._client.get_collection(self._name, embedding_function=None)
            return self._opened

    def add(self, keys: Keys, vectors: Floats) -> None:
        """Write vectors; the same key again replaces its vector."""
        for start in range(0, len(keys), _BATCH):
            part = slice(start, start + _BATCH)
            ids = [str(key) for key in keys[part]]
            with self._reached():
                self._collection.upsert(ids, embeddings=vectors[part])

    def remove(self, keys: Keys) -> None:
        """Take vectors out."""
        for start in range(0, len(keys), _BATCH):
            ids = [str(key) for key in keys[start : start + _BATCH]]
            with self._reached():
                self._collection.delete(ids)

    def ready(self, query: Floats) -> bool:
        """Whether the collection is loaded; it is, in a thread, after `LOAD_AFTER` questions."""
        self._asked += not self._ready
        if self._asked == LOAD_AFTER and not self._ready:
            Thread(target=self._load, args=(query,), name="load-chroma").start()
        return self._ready

    def _load(self, query: Floats) -> None:
        try:
            self.near(query, 1)
            self._ready = True
        except Exception:  # exact search goes on answering; a thread has no caller
            log.exception("chroma_not_loaded", folder=str(self._folder), url=self._url)

    def near(self, query: Floats, limit: int) -> Keys:
        """Keys of about `limit` nearest vectors, nearest first."""
        with self._reached():
            found = self._collection.query(query[None], n_results=limit, include=["distances"])
        return np.array([int(key) for key in found["ids"][0]], np.int64)

    def close(self) -> None:
        """Let go of files and connections; the next use opens them again."""
        with self._opening:
            client = self.__dict__.pop("_client", None)
            if client is not None:
                client.close()
            self._opened, self._ready, self._asked = None, False, 0

    def drop_others(self) -> None:
        """Delete older collections of this index."""
        prefix = self._name.rsplit("-", 2)[0] + "-"
        for collection in self._client.list_collections():
            if collection.name != self._name and collection.name.startswith(prefix):
                self._client.delete_collection(collection.name)


def nearest(index: VectorIndex, view: View, query: Floats, eligible: Flags, limit: int) -> Rows:
    """The `limit` eligible rows with the highest cosine, unordered."""
    count = int(np.count_nonzero(eligible))
    if not query.any() or not count:
        return np.empty(0, np.int64)
    if count > EXACT_ROWS and index.ready(query):
        found = _approximate(index, view, query, eligible, limit)
        if found is not None:
            return found
    return _best(view, np.flatnonzero(eligible), query, limit)


def _approximate(
    index: VectorIndex, view: View, query: Floats, eligible: Flags, limit: int
) -> Rows | None:
    """The same from the vector index; None where it gives too few or is out of order."""
    share = np.count_nonzero(eligible) / max(int(view.passages.live.sum()), 1)
    try:
        for fetch in _fetches(limit, share):
            rows = view.rows_of(index.near(query, fetch))
            rows = rows[eligible[rows]]
            if len(rows) >= limit:
                return _best(view, rows, query, limit)
    except Unavailable as error:
        log.warning("searched_without_chroma", reason=str(error))
    return None


def _fetches(limit: int, share: float) -> Iterable[int]:
    """Numbers to ask for: what the eligible share suggests, then the most that is allowed."""
    wanted = int(OVERFETCH * limit / share)
    return [wanted, MAX_FETCH] if wanted < MAX_FETCH else [MAX_FETCH]


def _best(view: View, rows: Rows, query: Floats, limit: int) -> Rows:
    if len(rows) <= limit:
        return rows
    return rows[np.argpartition(view.cosines(rows, query), -limit)[-limit:]]
