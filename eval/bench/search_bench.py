"""Search alone: p50, p95, searches a second by two workers, peak memory, passages indexed a second.

    python -m eval.bench.search_bench [--passages 5000 200000] [--out FILE.json]

The records are in memory, so that the figures are those of the index; built by one process and
searched by another. The baseline, at the smallest size, is Haystack's InMemoryBM25Retriever over
the same passages, text and question cut by jieba (cutting the passages is not timed).
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.domain.passage import Passage
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import Faq, PolicyDocument, Source, SourceHeader, SourceKind
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval.index import KnowledgeIndex
from assistant.retrieval.sections import passages_of
from eval.bench import bench_corpus
from eval.bench.answer_bench import folder
from eval.bench.bench_table import Figures, peak_mib, percentile, report

WARM_UP = 20
WORKERS = 2
SCOPE = Scope(date(2025, 6, 1))


@dataclass(frozen=True)
class Row:
    """A row of the outbox."""

    seq: int
    source_id: str
    version: int = 1


@dataclass
class MemorySources:
    """Records in memory."""

    known: dict[str, SourceHeader] = field(default_factory=dict)
    texts: dict[str, list[Passage]] = field(default_factory=dict)
    by_key: dict[int, Passage] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def put(self, source: Source) -> None:
        """Add one source."""
        first = len(self.by_key) + 1
        found = [replace(p, key=first + n) for n, p in enumerate(passages_of(source))]
        self.known[source.id] = _header(source)
        self.texts[source.id] = found
        self.by_key |= {p.key: p for p in found}
        self.rows.append(Row(len(self.rows) + 1, source.id))

    async def header(self, source_id: str) -> SourceHeader | None:
        """One header."""
        return self.known.get(source_id)

    async def headers(self) -> list[SourceHeader]:
        """All headers."""
        return list(self.known.values())

    async def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Passages by key."""
        return {key: self.by_key[key] for key in keys if key in self.by_key}

    async def passages_of(self, source_id: str) -> list[Passage]:
        """Passages of a source."""
        return self.texts[source_id]

    async def changes(self, after: int, limit: int = 1000) -> Sequence[Row]:
        """Rows of the outbox."""
        return self.rows[after : after + limit]


def _header(source: Source) -> SourceHeader:
    match source:
        case PolicyDocument():
            kind, title = SourceKind.POLICY, source.title
        case Faq():
            kind, title = SourceKind.FAQ, source.question
        case _:
            kind, title = SourceKind.GUIDE, source.name
    return SourceHeader(source.id, kind, 1, title, source.region)


def main() -> None:
    """Run every stage, or, as a child process, one of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[5000, 200_000])
    parser.add_argument("--questions", type=int, default=600)
    parser.add_argument("--data", type=Path, help="keep the built indexes here, and reuse them")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--stage", choices=("build", "search", "compare"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        stage = {"build": build, "search": search, "compare": compare}[given.stage]
        print(json.dumps(asyncio.run(stage(given.data, given.passages[0], given.questions))))
    else:
        run(given.passages, given.questions, given.data, given.out)


def run(sizes: Sequence[int], count: int, kept: Path | None, out: Path | None) -> None:
    """All sizes, and the baseline at the smallest."""
    rows: dict[str, Figures] = {}
    with folder(kept) as data:
        for size in sorted(sizes):
            place = data / str(size)
            if not (place / "manifest.json").exists():
                rows[f"build, {size:,}"] = _child("build", place, size, count)
            rows[f"search, {size:,}"] = _child("search", place, size, count)
        small = min(sizes)
        rows |= _child("compare", data / str(small), small, min(count, 60))
    report("search", rows, out)


def _child(stage: str, data: Path, size: int, count: int) -> Any:
    command = [sys.executable, "-m", "eval.bench.search_bench", "--stage", stage]
    command += ["--data", str(data), "--passages", str(size), "--questions", str(count)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _corpus(size: int) -> MemorySources:
    sources = MemorySources()
    for source in bench_corpus.take(size)[0]:
        sources.put(source)
    return sources


async def build(data: Path, size: int, count: int) -> Figures:
    """Index the corpus."""
    del count
    sources = _corpus(size)
    before = peak_mib()
    began = time.perf_counter()
    index = await KnowledgeIndex.open(data, sources, StaticEmbedding(), RegionTree([]))
    await index.refresh()
    seconds = time.perf_counter() - began
    await index.close()
    rate = len(sources.by_key) / seconds
    return {"passages": len(sources.by_key), "passages/s": rate, "grown MiB": peak_mib() - before}


async def search(data: Path, size: int, count: int) -> Figures:
    """Search one by one for the times, then by two workers for the rate."""
    sources = _corpus(size)
    before = peak_mib()
    index = await KnowledgeIndex.open(data, sources, StaticEmbedding(), RegionTree([]))
    asked = bench_corpus.questions(count + WARM_UP)
    for text in asked[:WARM_UP]:
        await index.search(text, SCOPE)
    times = [await _timed(index, text) for text in asked[WARM_UP:]]
    rate = await _rate(index, asked[WARM_UP:])
    await index.close()
    return {
        "passages": len(sources.by_key),
        "p50 ms": percentile(times, 0.5),
        "p95 ms": percentile(times, 0.95),
        "searches/s": rate,
        "grown MiB": peak_mib() - before,
    }


async def compare(data: Path, size: int, count: int) -> dict[str, Figures]:
    """Ours and Haystack's, each question in turn, so that other load falls on both."""
    import jieba

    jieba.setLogLevel(60)
    sources = _corpus(size)
    retriever = _haystack(" ".join(jieba.lcut(p.text)) for p in sources.by_key.values())
    index = await KnowledgeIndex.open(data, sources, StaticEmbedding(), RegionTree([]))
    ours, theirs = [], []
    for text in bench_corpus.questions(count):
        ours.append(await _timed(index, text))
        began = time.perf_counter()
        retriever.run(query=" ".join(jieba.lcut(text)))
        theirs.append((time.perf_counter() - began) * 1000)
    await index.close()
    rows = {"in turn: ours": ours, "in turn: haystack, jieba": theirs}
    return {
        f"{name}, {size:,}": {"p50 ms": percentile(t, 0.5), "p95 ms": percentile(t, 0.95)}
        for name, t in rows.items()
    }


def _haystack(texts: Iterable[str]) -> Any:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(shared=False, bm25_tokenization_regex=r"\S+")
    store.write_documents([Document(id=str(i), content=text) for i, text in enumerate(texts)])
    return InMemoryBM25Retriever(store, top_k=10)


async def _timed(index: KnowledgeIndex, text: str) -> float:
    began = time.perf_counter()
    await index.search(text, SCOPE)
    return (time.perf_counter() - began) * 1000


async def _rate(index: KnowledgeIndex, asked: Sequence[str]) -> float:
    waiting = iter(asked)

    async def work() -> None:
        for text in waiting:
            await index.search(text, SCOPE)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return len(asked) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
