"""Cold starts: the command's help, one answer from a ready index, the server, `make run` again.

    python -m eval.bench.startup_bench [--rounds 5] [--quick] [--out FILE.json]

Each is a new process. The baseline is what other stacks spend on imports alone: Haystack's
in-memory retriever and, where they are installed, sentence-transformers with torch.
"""

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.bench.bench_table import Figures, percentile, report
from eval.bench.ingest_bench import ROOT, serving, wait_until_ready

ASSISTANT = str(Path(sys.executable).parent / "assistant")
QUESTION = "居住证要带什么材料"
IMPORTS = {
    "python -c pass": "pass",
    "import haystack retriever": (
        "from haystack.components.retrievers.in_memory import InMemoryBM25Retriever"
    ),
    "import sentence_transformers": "import sentence_transformers",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, no `make run`")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rounds = 1 if given.quick else given.rounds
    rows: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="startup-bench-") as made:
        state = Path(made) / "state"
        rows["assistant --help"] = _timed(rounds, [ASSISTANT, "--help"], state)
        _run([ASSISTANT, "ingest", str(ROOT / "knowledge")], state)
        _run([ASSISTANT, "ask", QUESTION, "--json"], state)
        rows["assistant ask, ready index"] = _timed(
            rounds, [ASSISTANT, "ask", QUESTION, "--json"], state
        )
        rows["assistant serve until ready"] = _times(rounds, lambda: _serve(state))
        if not given.quick:
            rows["make run until ready, again"] = _times(2, lambda: _make_run(state))
    for name, code in IMPORTS.items():
        if _installed(code):
            rows[f"baseline: {name}"] = _timed(rounds, [sys.executable, "-c", code], Path(made))
    report("start-up", rows, given.out)


def _installed(code: str) -> bool:
    words = code.split()
    return len(words) < 2 or importlib.util.find_spec(words[1].split(".")[0]) is not None


def _timed(rounds: int, command: Sequence[str], state: Path) -> Figures:
    return _times(rounds, lambda: _run(command, state))


def _times(rounds: int, measure: Callable[[], float]) -> Figures:
    seconds = [measure() for _ in range(rounds)]
    return {"median s": percentile(seconds, 0.5), "worst s": max(seconds)}


def _run(command: Sequence[str], state: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=_environment(state), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _environment(state: Path) -> dict[str, str]:
    return os.environ | {"ASSISTANT_DATA_DIR": str(state)}


def _serve(state: Path) -> float:
    began = time.perf_counter()
    with serving(state):
        return time.perf_counter() - began


def _make_run(state: Path) -> float:
    """`make run` on a knowledge base that is there already, until it is ready; then stopped."""
    port = "8765"
    began = time.perf_counter()
    command = ["make", "--silent", "run", f"PORT={port}"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(state),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as make:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", make)
            return time.perf_counter() - began
        finally:
            os.killpg(make.pid, signal.SIGTERM)


if __name__ == "__main__":
    main()
