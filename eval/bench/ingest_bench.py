"""Files → answers: sources and passages a second, and how soon a change is answered while serving.

    python -m eval.bench.ingest_bench [--passages 20000] [--quick] [--out FILE.json]

The baseline is bm25s, a quick in-memory BM25, over the same passages cut by jieba: it keeps
nothing on disk, has no vectors and must be built anew for every change.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from assistant.domain.source import LimitUnit, ServiceGuide, TimeLimit
from assistant.retrieval.formats import write_jsonl
from eval.bench import bench_corpus
from eval.bench.answer_bench import settings
from eval.bench.bench_table import Figures, peak_mib, percentile, report

ROOT = Path(__file__).parents[2]
GUIDE = ServiceGuide(
    id="bench-guide",
    name="云端图书角借阅证办理",
    promised_limit=TimeLimit(3, LimitUnit.WORKDAY),
    consult_phone="0980-7100003",
)
QUESTION = "云端图书角借阅证办理承诺几个工作日办好"
PATIENCE = 30.0
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--quick", action="store_true", help="2,000 passages")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    size = 2000 if given.quick else given.passages
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as made:
        folder = Path(made)
        taken, passages = bench_corpus.take(size)
        write_jsonl(folder / "corpus.jsonl", taken)
        rows: dict[str, Figures] = {
            f"ours, {passages:,} passages": _ingest(folder, len(taken), passages),
            "ours, the same again": _ingest(folder, len(taken), passages),
            "bm25s in memory": _bm25s(bench_corpus.texts(taken), len(taken)),
        }
        rows |= _while_serving(folder)
    report("ingest", rows, given.out)


def _ingest(folder: Path, sources: int, passages: int) -> Figures:
    began = time.perf_counter()
    asyncio.run(_take_in(folder))
    seconds = time.perf_counter() - began
    return _rates(sources, passages, seconds) | {"peak MiB": peak_mib()}


async def _take_in(folder: Path) -> None:
    from assistant.bootstrap import open_assistant

    async with open_assistant(settings(folder)) as assistant:
        await assistant.ingest([folder / "corpus.jsonl"])


def _bm25s(texts: list[str], sources: int) -> Figures:
    import bm25s
    import jieba

    jieba.setLogLevel(60)
    began = time.perf_counter()
    retriever = bm25s.BM25()
    retriever.index([jieba.lcut_for_search(text) for text in texts], show_progress=False)
    return _rates(sources, len(texts), time.perf_counter() - began)


def _rates(sources: int, passages: int, seconds: float) -> Figures:
    rates = {"sources/s": sources / seconds, "passages/s": passages / seconds}
    return {"seconds": seconds, **rates}


def _while_serving(folder: Path) -> dict[str, Figures]:
    """How long after the end of `assistant ingest` the server answers from what it read."""
    new, changed = [], []
    with serving(folder / "state") as url:
        httpx.post(f"{url}/api/v1/questions", json={"question": QUESTION}, timeout=60)
        for number in range(ROUNDS):
            guide = replace(GUIDE, id=f"{GUIDE.id}-{number}", name=f"{GUIDE.name}{number}号")
            question = QUESTION.replace("办理承诺", f"办理{number}号承诺")
            new.append(_visible(folder, url, guide, question, "3个工作日"))
            later = replace(guide, promised_limit=TimeLimit(9, LimitUnit.WORKDAY))
            changed.append(_visible(folder, url, later, question, "9个工作日"))
    return {
        "new guide answers after": _spread(new),
        "changed guide answers after": _spread(changed),
    }


def _spread(seconds: list[float]) -> Figures:
    return {"seconds": percentile(seconds, 0.5), "worst": max(seconds)}


def _visible(folder: Path, url: str, guide: ServiceGuide, question: str, fact: str) -> float:
    path = folder / f"{guide.id}.jsonl"
    write_jsonl(path, [guide])
    _command(folder / "state", "ingest", str(path))
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE:
        reply = httpx.post(f"{url}/api/v1/questions", json={"question": question}, timeout=30)
        if fact in reply.json().get("answer", ""):
            return time.perf_counter() - began
        time.sleep(0.02)
    return float("inf")


def _command(state: Path, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "assistant"), *arguments]
    environment = os.environ | {"ASSISTANT_DATA_DIR": str(state)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def serving(state: Path) -> Iterator[str]:
    """A server on a free port over the state in a folder, ready; stopped afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "assistant"), "serve", "--port", str(port)]
    environment = os.environ | {"ASSISTANT_DATA_DIR": str(state)}
    url = f"http://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as server:
        try:
            wait_until_ready(url, server)
            yield url
        finally:
            server.terminate()


def wait_until_ready(url: str, server: "subprocess.Popen[Any]") -> None:
    """Return when the server says that it is ready.

    Raises:
        RuntimeError: it ended, or took more than two minutes.
    """
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{url}/ready", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError("the server is not ready")


if __name__ == "__main__":
    main()
