"""Fit the sum that ranks: `python -m eval.training.fit_weights --data DIR`.

Every set is indexed and searched by the product's own code; the hits carry the features, so that
other weights only sort them anew. Questions are split in three by a hash: weights are fitted on
the first part by coordinate search, the best step is chosen on the second, figures are reported
for the third and for all. The result is written by hand into `assistant/retrieval/data/`.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from assistant.answering.lexicon import Lexicon
from assistant.bootstrap.assistant import helping_of
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval.formats import read_jsonl
from assistant.retrieval.index import KnowledgeIndex
from assistant.retrieval.weights import Sum, shipped
from eval.bench.search_bench import MemorySources

SETS = {
    "ncp": ("ncp_docs", "ncp_cases"),
    "stard": ("stard_docs", "stard_cases"),
    "drug": ("drug_docs", "drug_cases"),
    "gd_lay": ("gd_guides", "gd_lay_cases"),
}
GRID = {"document": (0.0, 0.25, 0.5, 0.75, 1.0), "dense": (0.0, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)}
GRID["coverage"] = (0.0, 0.25, 0.5, 0.75, 1.0)
SCOPE = Scope(date(2026, 1, 1))
HITS = 300


@dataclass(frozen=True)
class Asked:
    """One question: features and source of each hit, and the sources that are right."""

    part: int
    features: np.ndarray
    sources: tuple[str, ...]
    right: frozenset[str]

    def rank(self, weights: Sum) -> int:
        """Number of wrong sources before the first right one; HITS where none was found."""
        total = self.features @ np.array(
            [weights.lexical, weights.document, weights.dense, weights.coverage]
        )
        ordered = dict.fromkeys(self.sources[place] for place in np.argsort(-total, kind="stable"))
        return next((n for n, source in enumerate(ordered) if source in self.right), HITS)


def main() -> None:
    """Search all sets, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--report-only", action="store_true", help="only the shipped weights")
    given = parser.parse_args()
    asked = {name: asyncio.run(ask(given.data, *files)) for name, files in SETS.items()}
    best = shipped().total if given.report_only else fit(asked)
    print(json.dumps(asdict(best)))
    for title, parts in (("reported part", (2,)), ("all", (0, 1, 2))):
        print(title, figures(asked, best, parts))


async def ask(data: Path, documents: str, cases: str) -> list[Asked]:
    """Index a corpus, search every answerable question."""
    sources = MemorySources()
    for source in read_jsonl(data / f"{documents}.jsonl"):
        sources.put(source)
    lexicon = Lexicon.load(Path("knowledge/lexicon"))
    with tempfile.TemporaryDirectory() as folder:
        index = await KnowledgeIndex.open(
            Path(folder),
            sources,
            StaticEmbedding(),
            RegionTree([]),
            helping=helping_of(lexicon),
        )
        await index.refresh()
        lines = (data / f"{cases}.jsonl").read_text("utf-8").splitlines()
        rows = [row for row in map(json.loads, lines) if row["expected_action"] == "answer"]
        found = [await _asked(index, row["question"], row["reference_ids"]) for row in rows]
        await index.close()
    return found


async def _asked(index: KnowledgeIndex, text: str, right: Sequence[str]) -> Asked:
    hits = (await index.search(text, SCOPE, HITS)).hits
    scores = [
        (h.scores.lexical, h.scores.document, h.scores.dense, h.scores.coverage) for h in hits
    ]
    part = hashlib.md5(text.encode()).digest()[0] % 3
    features = np.array(scores).reshape(-1, 4)
    return Asked(part, features, tuple(h.source.id for h in hits), frozenset(right))


def fit(asked: dict[str, list[Asked]]) -> Sum:
    """Coordinate search on part 0; of its steps, the one that is best on part 1."""
    current = shipped().total
    steps = [current]
    for _ in range(2):
        for name, values in GRID.items():
            tried = [replace(current, **{name: value}) for value in values]
            current = max(tried, key=lambda weights: objective(asked, weights, (0,)))
            steps.append(current)
            print(asdict(current), f"{objective(asked, current, (0,)):.4f}", flush=True)
    return max(steps, key=lambda weights: objective(asked, weights, (1,)))


def objective(asked: dict[str, list[Asked]], weights: Sum, parts: Sequence[int]) -> float:
    """Mean over the sets of hit@1 + hit@5."""
    rates = [_rates(rows, weights, parts) for rows in asked.values()]
    return float(np.mean([one + five for one, five in rates]))


def _rates(rows: Sequence[Asked], weights: Sum, parts: Sequence[int]) -> tuple[float, float]:
    ranks = np.array([row.rank(weights) for row in rows if row.part in parts])
    return float((ranks < 1).mean()), float((ranks < 5).mean())


def figures(asked: dict[str, list[Asked]], weights: Sum, parts: Sequence[int]) -> str:
    """hit@1 / hit@5 of every set."""
    rates = {name: _rates(rows, weights, parts) for name, rows in asked.items()}
    return ", ".join(f"{name} {one:.3f}/{five:.3f}" for name, (one, five) in rates.items())


if __name__ == "__main__":
    main()
