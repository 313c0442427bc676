"""The knowledge index: follows the outbox of the sources, survives crashes, answers searches.

SQL is the truth. A change is read from the outbox, indexed as a new segment and published by
replacing the manifest; what a crash leaves unpublished is done again at the next `refresh`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from langchain_core.embeddings import Embeddings

from assistant.domain.evidence import Hit, Ranking
from assistant.domain.passage import Passage
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import SourceHeader, SourceKind
from assistant.errors import IndexMismatch
from assistant.retrieval import manifest as manifests
from assistant.retrieval import vectors
from assistant.retrieval.analysis import query_terms
from assistant.retrieval.dense import ChromaIndex, nearest
from assistant.retrieval.guide_passages import with_lay_words
from assistant.retrieval.index_lock import IndexLock
from assistant.retrieval.manifest import Manifest
from assistant.retrieval.passage_cache import PassageCache
from assistant.retrieval.ranker import DEPTH, Judge, judged, shipped_ranker
from assistant.retrieval.search import Found, Query, search
from assistant.retrieval.segments import SourcePassages
from assistant.retrieval.store import LARGEST_ROWS, QUICK_ROWS, IndexStore
from assistant.retrieval.view import View

CHANGES = 4_000
BATCH_PASSAGES = 16_384
_FEW = 32
_SAME, _CHANGED = "与索引一致", "已改动，请运行 assistant index rebuild"


class Change(Protocol):
    """One row of the outbox."""

    @property
    def seq(self) -> int:
        """Its number."""
        ...

    @property
    def source_id(self) -> str:
        """The source that changed."""
        ...

    @property
    def version(self) -> int:
        """The version that was current then."""
        ...


class SourceReader(Protocol):
    """What the index reads of the records."""

    async def header(self, source_id: str) -> SourceHeader | None:
        """The header of a source in use."""

    async def headers(self) -> list[SourceHeader]:
        """The headers of all sources in use."""
        ...

    async def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Passages by key."""
        ...

    async def passages_of(self, source_id: str) -> list[Passage]:
        """The passages of a source in use, in order."""
        ...

    async def changes(self, after: int, limit: int = 1000) -> Sequence[Change]:
        """Outbox rows after a number, in order."""
        ...


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What `assistant index status` shows."""

    model: str
    sources: int
    passages: int
    segments: int
    replaced: int
    generation: int
    applied: int
    pending: int
    lexicon: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def _no_words(text: str) -> str:
    del text
    return ""


def _no_lay_words(header: SourceHeader, passages: Sequence[Passage]) -> Sequence[str]:
    del header, passages
    return ()


async def _nothing_proposed(source_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    del source_ids
    return {}


@dataclass(frozen=True, slots=True)
class Helping:
    """Words of a lexicon that help to find, and never count as asked or as said.

    `official` gives official words for the everyday words of a question, or an empty text.
    `lay` gives what people call the item of a guide: searched with the guide, no part of its text.
    `proposed` gives further such words by guide, stored beside it (a chat model's).
    `digest` names the lexicon: an index made with another is told to be out of date.
    """

    official: Callable[[str], str] = _no_words
    lay: Callable[[SourceHeader, Sequence[Passage]], Sequence[str]] = _no_lay_words
    digest: str = ""
    proposed: Callable[[Sequence[str]], Awaitable[Mapping[str, Sequence[str]]]] = _nothing_proposed


class KnowledgeIndex:
    """Made by `open`, which takes the index lock; `close` gives it back."""

    def __init__(
        self,
        folder: Path,
        lock: IndexLock,
        sources: SourceReader,
        embeddings: Embeddings,
        regions: RegionTree,
        chroma_url: str | None,
        helping: Helping,
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._sources = sources
        self._passages = PassageCache(sources.passages)
        self._embeddings = embeddings
        self._regions = regions
        self._chroma_url = chroma_url
        self._helping = helping
        self.ranker = shipped_ranker()
        self.judge: Judge | None = None
        """A cross-encoder that orders the first hits, where one is set."""
        self._headers: Mapping[str, SourceHeader] = {}
        self._writing = asyncio.Lock()
        self.renewed = False
        self.replaced: str | None = None
        """The other embedding model that made the index which this one takes the place of."""
        self._store: IndexStore
        self._view: View

    @classmethod
    async def open(
        cls,
        folder: Path,
        sources: SourceReader,
        embeddings: Embeddings,
        regions: RegionTree,
        *,
        chroma_url: str | None = None,
        renew: bool = False,
        helping: Helping = Helping(),
    ) -> Self:
        """Open or begin the index of a folder; `refresh` then brings it up to date.

        Raises IndexLocked where another process holds the index, IndexMismatch where it was made by
        another embedding model (with `renew` it begins anew instead).
        """
        lock = await asyncio.to_thread(IndexLock.acquire, folder)
        try:
            index = cls(folder, lock, sources, embeddings, regions, chroma_url, helping)
            index._headers = {header.id: header for header in await sources.headers()}
            await asyncio.to_thread(index._begin, renew)
        except BaseException:
            lock.release()
            raise
        return index

    def _begin(self, renew: bool) -> None:
        model = vectors.fingerprint(self._embeddings)
        found = manifests.read(self._folder)
        if found and found.model != model and not renew:
            raise IndexMismatch(
                f"索引由另一个向量模型建立（{found.model}，现用 {model}）",
                hint="请运行 assistant index rebuild",
            )
        self.renewed = found is None or found.model != model
        if found is None or found.model != model:
            self.replaced = found.model if found else None
            words = self._helping.digest
            found = found.rebuilt(model, words) if found else Manifest.fresh(model, words)
        self._store = self._opened(found)
        self._store.sweep()
        self._view = self._seen()

    def _opened(self, manifest: Manifest, name: str = manifests.SERVING) -> IndexStore:
        try:
            return IndexStore(
                self._folder, manifest, self._embeddings, self._chroma(manifest), name
            )
        except (OSError, EOFError, ValueError, KeyError):  # damaged: made anew
            manifest = manifest.rebuilt(manifest.model, self._helping.digest)
            return IndexStore(
                self._folder, manifest, self._embeddings, self._chroma(manifest), name
            )

    def _chroma(self, manifest: Manifest) -> ChromaIndex:
        name = manifest.collection
        return ChromaIndex(self._folder / "chroma", self._chroma_url, name, self._embeddings)

    def _seen(self) -> View:
        store = self._store
        generation = store.manifest.generation
        return View.of(store.segments, store.live, self._headers, self._regions, generation)

    async def close(self) -> None:
        """Give the lock back, after a write under way."""
        async with self._writing:
            await asyncio.to_thread(self._store.dense.close)
            self._lock.release()

    def announce(self, url: str) -> None:
        """Tell other processes, through the lock file, where this one serves."""
        self._lock.announce(url)

    @property
    def generation(self) -> int:
        """Grows with every published change."""
        return self._view.generation

    @property
    def headers(self) -> Mapping[str, SourceHeader]:
        """The sources that the index knows, by id."""
        return self._headers

    def eligible(self, source_id: str, scope: Scope) -> bool:
        """Whether a source may answer in a scope: in force, visible, tagged, of its kinds."""
        view = self._view
        place = view.places.get(source_id)
        return place is not None and bool(view.eligibility.mask(scope)[place])

    async def search(self, text: str, scope: Scope, limit: int = 50) -> Ranking:
        """The best passages for a text, best first: the one search of answers and hit tests."""
        view = self._view
        found = await asyncio.to_thread(self._found, view, text, scope, max(limit, DEPTH))
        keys = [int(view.keys[each.row]) for each in found]
        passages = await self._passages.get(keys)
        hits = _hits(view, found, keys, passages)
        return Ranking(tuple((await asyncio.to_thread(self._ordered, text, hits))[:limit]))

    def _ordered(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        made = self.ranker.ranked(text, hits)
        return judged(self.judge, text, made) if self.judge else made

    def _found(self, view: View, text: str, scope: Scope, limit: int) -> list[Found]:
        helping, factor = self._helping.official(text), view.weights.helping
        vector = for_guides = vectors.embed_query(self._embeddings, text)
        if helping:
            extra = vectors.embed_query(self._embeddings, helping)
            for_guides = vectors.unit(vector + factor * extra)
        query = Query(query_terms(text, helping, factor), vector, for_guides)
        return search(view, query, scope, partial(nearest, self._store.dense), limit)

    async def warm(self) -> None:
        """Read the newest passages into memory (about 0.1 ms each): for a process that serves."""
        view = self._view
        await self._passages.warm(sorted(view.keys[view.passages.live].tolist()))

    async def refresh(self, progress: Callable[[int], None] | None = None) -> int:
        """Apply all committed changes; gives their number. `progress` gets sources done."""
        async with self._writing:
            applied = await self._catch_up(self._store, progress)
            if applied and self.replaced:
                await asyncio.to_thread(self._store.dense.drop_others)
            if applied:
                await asyncio.to_thread(
                    self._tidy, LARGEST_ROWS if applied > CHANGES else QUICK_ROWS
                )
            return applied

    async def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Build everything anew beside the index in use, then change over; gives the sources.

        An interrupted rebuild goes on where it stopped.
        """
        async with self._writing:
            name = manifests.REBUILDING
            begun = manifests.read(self._folder, name)
            current = self._store.manifest
            words = self._helping.digest
            same = begun and (begun.model, begun.words) == (current.model, words)
            if begun is None or not same or begun.build <= current.build:
                begun = current.rebuilt(current.model, words)
            fresh = await asyncio.to_thread(self._opened, begun, name)
            await self._catch_up(fresh, progress)
            await asyncio.to_thread(self._change_over, fresh)
            return len(fresh.source_ids)

    def _change_over(self, fresh: IndexStore) -> None:
        while fresh.merge(LARGEST_ROWS):
            pass
        manifests.write(self._folder, fresh.manifest)
        (self._folder / manifests.REBUILDING).unlink(missing_ok=True)
        self._store = self._opened(fresh.manifest)
        self._view = self._seen()
        self._store.sweep()
        self._store.dense.drop_others()

    def _tidy(self, limit: int) -> None:
        merged = False
        while self._store.merge(limit):
            merged = True
        if merged:
            self._view = self._seen()
            self._store.sweep()

    async def _catch_up(self, store: IndexStore, progress: Callable[[int], None] | None) -> int:
        """Replay the outbox from the last applied row, in batches that are published one by one."""
        total = 0
        while changes := await self._sources.changes(store.manifest.applied, CHANGES):
            headers = await self._current({change.source_id for change in changes})
            proposed = await self._helping.proposed(
                sorted({c.source_id for c in changes} & headers.keys())
            )
            pending = _Pending()
            for change in changes:
                header = headers.get(change.source_id)
                if header is None:
                    pending.gone.add(change.source_id)
                elif header.version <= change.version:
                    pending.put[header.id] = await self._read(header, proposed.get(header.id, ()))
                pending.applied = change.seq
                if pending.size >= BATCH_PASSAGES:
                    await self._apply(store, pending, headers)
                    pending = _Pending()
            if pending.applied:
                await self._apply(store, pending, headers)
            total += len(changes)
            if progress:
                progress(total)
        return total

    async def _current(self, ids: set[str]) -> dict[str, SourceHeader]:
        if len(ids) > _FEW:
            return {header.id: header for header in await self._sources.headers()}
        found = [await self._sources.header(source_id) for source_id in sorted(ids)]
        return {header.id: header for header in found if header}

    async def _read(self, header: SourceHeader, proposed: Sequence[str]) -> SourcePassages:
        passages = tuple(await self._sources.passages_of(header.id))
        if header.kind is SourceKind.GUIDE:
            words = dict.fromkeys((*self._helping.lay(header, passages), *proposed))
            passages = with_lay_words(passages, tuple(words))
        return SourcePassages(header.id, header.version, header.title, passages)

    async def _apply(
        self, store: IndexStore, pending: "_Pending", headers: Mapping[str, SourceHeader]
    ) -> None:
        batch = list(pending.put.values())
        await asyncio.to_thread(store.apply, batch, pending.gone, pending.applied)
        if store is self._store:
            known = {i: h for i, h in self._headers.items() if i not in pending.gone}
            self._headers = known | {i: headers[i] for i in pending.put}
            self._view = await asyncio.to_thread(self._seen)

    async def status(self) -> IndexStatus:
        """Counts for people; `pending` is the number of outbox rows not yet applied."""
        view, manifest = self._view, self._store.manifest
        return IndexStatus(
            model=manifest.model,
            sources=int(view.documents.live.sum()),
            passages=int(view.passages.live.sum()),
            segments=len(view.segments),
            replaced=int((~view.passages.live).sum()),
            generation=view.generation,
            applied=manifest.applied,
            pending=len(await self._sources.changes(manifest.applied, CHANGES)),
            lexicon=_SAME if manifest.words == self._helping.digest else _CHANGED,
        )


class _Pending:
    """Changes that will be published together."""

    def __init__(self) -> None:
        self.put: dict[str, SourcePassages] = {}
        self.gone: set[str] = set()
        self.applied = 0

    @property
    def size(self) -> int:
        return sum(len(source.passages) for source in self.put.values())


def _hits(
    view: View, found: Sequence[Found], keys: Sequence[int], passages: Mapping[int, Passage]
) -> list[Hit]:
    """A passage that was replaced and purged in the meantime is left out."""
    hits = []
    for each, key in zip(found, keys, strict=True):
        header = view.headers[view.document[each.row]]
        if header is not None and key in passages:
            hits.append(Hit(passages[key], header, each.scores))
    return hits
