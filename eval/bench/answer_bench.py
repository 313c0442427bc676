"""Question → answer: p50, p95, questions a second by two workers, peak memory.

    python -m eval.bench.answer_bench [--passages 5000 200000] [--quick] [--out FILE.json]

The index is built by one process and asked by another, so that the memory is that of answering.
The baseline, at the smaller size, is Haystack's InMemoryBM25Retriever over the same passages: with
its own tokenisation (a token for each Chinese character), and with text and question cut by jieba
(cutting the question is timed, cutting the passages is not). For the comparison one process asks
all of them each question in turn, so that another program's load falls on all alike; `cpu ms` is
the processor time of a question over all threads. Ours is warmed as `assistant serve` warms it
(Haystack holds everything in memory anyway); what is in memory by then, the rivals' too, is taken
out of the garbage collector's sight for all.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from assistant.retrieval.formats import write_jsonl
from eval.bench import bench_corpus
from eval.bench.bench_table import Figures, peak_mib, percentile, report

WORKERS = 2
WARM_UP = 20
DAY = date(2025, 6, 1)


def main() -> None:
    """Run every stage, or, as a child process, one of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[5000, 200_000])
    parser.add_argument("--questions", type=int, default=600)
    parser.add_argument("--quick", action="store_true", help="2,000 passages, 100 questions")
    parser.add_argument("--data", type=Path, help="keep the built indexes here, and reuse them")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--stage", choices=("build", "ask", "compare"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.quick:
        given.passages, given.questions = [2000], 100
    if given.stage:
        stage = {"build": build, "ask": ask, "compare": compare}[given.stage]
        print(json.dumps(stage(given.data, given.passages[0], given.questions)))
    else:
        run(given.passages, given.questions, given.data, given.out)


def run(sizes: Sequence[int], count: int, kept: Path | None, out: Path | None) -> None:
    """All sizes, and the baseline at the smallest."""
    rows: dict[str, Figures] = {}
    with folder(kept) as data:
        for size in sorted(sizes):
            place = data / str(size)
            built = place / "built.json"
            if not built.exists():
                built.write_text(json.dumps(_child("build", place, size, count)), encoding="utf-8")
            rows[f"ours, {size:,}"] = _child("ask", place, size, count)
        small = min(sizes)
        place = data / str(small)
        for name, figures in _child("compare", place, small, min(count, 100)).items():
            rows[f"{name}, {small:,}, in turn"] = figures
    report("question → answer", rows, out)


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that is gone afterwards."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="answer-bench-") as made:
        yield Path(made)


def _child(stage: str, data: Path, size: int, count: int) -> Any:
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "eval.bench.answer_bench", "--stage", stage]
    command += ["--data", str(data), "--passages", str(size), "--questions", str(count)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def build(data: Path, size: int, count: int) -> Figures:
    """Ingest a corpus of that many passages."""
    del count
    taken, passages = bench_corpus.take(size)
    write_jsonl(data / "corpus.jsonl", taken)
    began = time.perf_counter()
    asyncio.run(_ingest(data))
    return {"passages": passages, "seconds": time.perf_counter() - began}


async def _ingest(data: Path) -> None:
    from assistant.bootstrap import open_assistant

    async with open_assistant(settings(data)) as assistant:
        await assistant.ingest([data / "corpus.jsonl"])


def settings(data: Path) -> Any:
    """The built-in defaults with all state in a folder."""
    from assistant.bootstrap import Settings

    for name in [name for name in os.environ if name.startswith(("ASSISTANT_", "OPENAI_"))]:
        del os.environ[name]
    return Settings(data_dir=data / "state")


def ask(data: Path, size: int, count: int) -> Figures:
    """Ask one by one for the times, then by two workers for the rate."""
    del size
    return asyncio.run(_ask(data, bench_corpus.questions(count + WARM_UP)))


async def _ask(data: Path, texts: Sequence[str]) -> Figures:
    from assistant.bootstrap import open_assistant
    from assistant.domain.question import Question

    async with open_assistant(settings(data)) as assistant:
        await assistant.warm()
        asked = [Question(text=text, as_of=DAY) for text in texts]
        for question in asked[:WARM_UP]:
            await assistant.answer(question)
        watch = Watch()
        for question in asked[WARM_UP:]:
            with watch:
                await assistant.answer(question)
        rate = await _rate(assistant, asked[WARM_UP:])
    return watch.figures() | {"questions/s": rate, "peak MiB": peak_mib()}


class Watch:
    """Takes the time of each block that it is entered for."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.cpu = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *error: object) -> None:
        self.times.append((time.perf_counter() - self._began[0]) * 1000)
        self.cpu += (time.process_time() - self._began[1]) * 1000

    def figures(self) -> Figures:
        """In milliseconds."""
        p50, p95 = percentile(self.times, 0.5), percentile(self.times, 0.95)
        return {"p50 ms": p50, "p95 ms": p95, "cpu ms": self.cpu / len(self.times)}


async def _rate(assistant: Any, asked: Sequence[Any]) -> float:
    waiting = iter(asked)

    async def work() -> None:
        for question in waiting:
            await assistant.answer(question)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return len(asked) / (time.perf_counter() - began)


def compare(data: Path, size: int, count: int) -> dict[str, Figures]:
    """Ours and the baseline, each question in turn."""
    import jieba

    jieba.setLogLevel(60)
    taken, _ = bench_corpus.take(size)
    texts = bench_corpus.texts(taken)
    words = [" ".join(jieba.lcut(text)) for text in texts]
    plain, cut = _retriever(texts, None), _retriever(words, r"\S+")
    rivals: dict[str, Callable[[str], object]] = {
        "haystack": lambda question: plain.run(query=question),
        "haystack, jieba": lambda question: cut.run(query=" ".join(jieba.lcut(question))),
    }
    return asyncio.run(_compare(data, bench_corpus.questions(count + WARM_UP), rivals))


async def _compare(
    data: Path, texts: Sequence[str], rivals: Mapping[str, Callable[[str], object]]
) -> dict[str, Figures]:
    from assistant.bootstrap import open_assistant
    from assistant.domain.question import Question

    watches = {name: Watch() for name in ("ours", *rivals)}
    async with open_assistant(settings(data)) as assistant:
        await assistant.warm()
        for text in texts[:WARM_UP]:
            await assistant.answer(Question(text=text, as_of=DAY))
        for text in texts[WARM_UP:]:
            with watches["ours"]:
                await assistant.answer(Question(text=text, as_of=DAY))
            for name, ask_rival in rivals.items():
                with watches[name]:
                    ask_rival(text)
    ours = percentile(watches["ours"].times, 0.5)
    slower = {name: percentile(watch.times, 0.5) / ours for name, watch in watches.items()}
    return {name: w.figures() | {"times ours": slower[name]} for name, w in watches.items()}


def _retriever(texts: Sequence[str], pattern: str | None) -> Any:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    options: Any = {"bm25_tokenization_regex": pattern} if pattern else {}
    store = InMemoryDocumentStore(shared=False, **options)
    store.write_documents([Document(id=str(i), content=text) for i, text in enumerate(texts)])
    return InMemoryBM25Retriever(store, top_k=10)


if __name__ == "__main__":
    main()
