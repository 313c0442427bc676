"""Fit the ranker of policy passages: `python -m eval.training.fit_ranker --data DIR [--write]`.

Every set is searched by the product's own code; a question's hits are its choices, and the weights
make the right ones likely (a softmax over the hits, each set counting the same). Questions that
share a right source share a group, and a group is never both fitted on and scored: `fit` takes the
questions of some groups and gives a `Ranker`, `crossed` gives each question one that never saw it.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from assistant.answering.lexicon import Lexicon
from assistant.bootstrap.assistant import helping_of
from assistant.domain.region import RegionTree
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval.formats import read_jsonl
from assistant.retrieval.index import KnowledgeIndex
from assistant.retrieval.rank_features import NAMES, features
from assistant.retrieval.ranker import DEPTH, Ranker
from assistant.retrieval.weights import shipped
from eval.bench.search_bench import MemorySources
from eval.training.fit_weights import SCOPE, SETS

FITTED = ("ncp", "stard", "drug")
FOLDS = 5
PENALTY = 3e-3
TARGET = Path("assistant/retrieval/data/ranker.json")


@dataclass(frozen=True)
class Choice:
    """One question: its group, the features and sources of its hits, the sources that are right."""

    name: str
    group: str
    table: np.ndarray
    sources: tuple[str, ...]
    right: frozenset[str]

    @property
    def fold(self) -> int:
        """By a digest of the group."""
        return hashlib.md5(self.group.encode()).digest()[1] % FOLDS

    @property
    def is_right(self) -> np.ndarray:
        """One flag a hit."""
        return np.array([source in self.right for source in self.sources], np.bool_)

    def rank(self, scores: np.ndarray) -> int:
        """Wrong sources before the first right one."""
        best = np.argsort(-scores, kind="stable").tolist()
        ordered = dict.fromkeys(self.sources[place] for place in best)
        return next((n for n, each in enumerate(ordered) if each in self.right), len(best))


async def choices(data: Path, name: str, embedding: StaticEmbedding) -> list[Choice]:
    """All answerable questions of a set with their hits."""
    documents, cases = SETS[name]
    sources = MemorySources()
    for source in read_jsonl(data / f"{documents}.jsonl"):
        sources.put(source)
    helping = helping_of(Lexicon.load(Path("knowledge/lexicon")))
    lines = (data / f"{cases}.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["expected_action"] == "answer"]
    group = grouped([row["reference_ids"] for row in rows])
    with tempfile.TemporaryDirectory() as folder:
        index = await KnowledgeIndex.open(
            Path(folder), sources, embedding, RegionTree([]), helping=helping
        )
        await index.refresh()
        found = [await _choice(index, name, row, group[row["reference_ids"][0]]) for row in rows]
        await index.close()
    return found


async def _choice(index: KnowledgeIndex, name: str, row: dict[str, object], group: str) -> Choice:
    question = str(row["question"])
    hits = (await index.search(question, SCOPE, DEPTH)).hits
    right = frozenset(map(str, row["reference_ids"]))  # type: ignore[call-overload]  # a list
    return Choice(name, group, features(question, hits), tuple(h.source.id for h in hits), right)


def grouped(references: Sequence[Sequence[str]]) -> dict[str, str]:
    """Source → name of its group: sources that are right for one question are of one group."""
    above: dict[str, str] = {}

    def top(source: str) -> str:
        while above.setdefault(source, source) != source:
            source = above[source]
        return source

    for ids in references:
        for other in ids[1:]:
            above[top(other)] = top(ids[0])
    return {source: top(source) for source in [i for ids in references for i in ids]}


def fit(rows: Sequence[Choice], penalty: float = PENALTY) -> Ranker:
    """Weights that make the right hits likely."""
    rows = [row for row in rows if row.is_right.any()]
    stacked = np.concatenate([row.table for row in rows]).astype(np.float64)
    mean, spread = stacked.mean(axis=0), stacked.std(axis=0) + 1e-6
    table = torch.zeros(len(rows), DEPTH, len(NAMES), dtype=torch.float64)
    absent = torch.ones(len(rows), DEPTH, dtype=torch.bool)
    right = torch.zeros(len(rows), DEPTH, dtype=torch.bool)
    for number, row in enumerate(rows):
        count = len(row.table)
        table[number, :count] = torch.from_numpy((row.table - mean) / spread)
        absent[number, :count] = False
        right[number, :count] = torch.from_numpy(row.is_right)
    counts = {row.name: sum(other.name == row.name for other in rows) for row in rows}
    share = torch.tensor([1 / counts[row.name] / len(counts) for row in rows], dtype=torch.float64)
    found = _minimum(table, absent, right, share, penalty).numpy() / spread
    weights = zip(NAMES, found.tolist(), strict=True)
    return Ranker({name: round(weight, 4) for name, weight in weights})


def _minimum(
    table: torch.Tensor,
    absent: torch.Tensor,
    right: torch.Tensor,
    share: torch.Tensor,
    penalty: float,
) -> torch.Tensor:
    weights = torch.zeros(table.shape[2], dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        scores = (table @ weights).masked_fill(absent, -1e9)
        chosen = torch.logsumexp(scores.masked_fill(~right, -1e9), 1)
        value = -(share * (chosen - torch.logsumexp(scores, 1))).sum()
        value = value + penalty * (weights * weights).sum()
        value.backward()
        return value

    search.step(loss)
    return weights.detach()


def crossed(rows: Sequence[Choice], penalty: float = PENALTY) -> list[np.ndarray]:
    """Scores of each question's hits by a ranker that saw no question of its fold."""
    rankers = [fit([row for row in rows if row.fold != fold], penalty) for fold in range(FOLDS)]
    return [rankers[row.fold].scores(row.table) for row in rows]


def by_sum(row: Choice) -> np.ndarray:
    """The order before: the weighted sum of four numbers."""
    total = shipped().total
    weights = {name: getattr(total, name) for name in ("lexical", "document", "dense", "coverage")}
    return Ranker(weights).scores(row.table)


def figures(rows: Sequence[Choice], scores: Sequence[np.ndarray]) -> str:
    """hit@1/hit@5 of every set."""
    found: dict[str, list[int]] = {}
    for row, each in zip(rows, scores, strict=True):
        found.setdefault(row.name, []).append(row.rank(each))
    ranks = {name: np.array(each) for name, each in found.items()}
    return ", ".join(f"{n} {(r < 1).mean():.3f}/{(r < 5).mean():.3f}" for n, r in ranks.items())


def main() -> None:
    """Search, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--embedding", type=Path, help="folder of another static embedding")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    embedding = StaticEmbedding(given.embedding)
    found = [asyncio.run(choices(given.data, name, embedding)) for name in FITTED]
    rows = [row for each in found for row in each]
    print("sum    ", figures(rows, [by_sum(row) for row in rows]))
    print("crossed", figures(rows, crossed(rows)))
    ranker = fit(rows)
    print("fitted ", figures(rows, [ranker.scores(row.table) for row in rows]))
    if given.write:
        text = json.dumps({"weights": dict(ranker.weights)}, indent=2)
        TARGET.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
