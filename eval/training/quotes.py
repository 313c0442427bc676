"""Fit the quote model: where an answer begins and ends in the evidence.

    python -m eval.training.quotes report CASES CORPUS     # five-fold cross-validation
    python -m eval.training.quotes fit    CASES CORPUS [--write MODEL.json]

CASES with `reference` texts, CORPUS of policy documents (FORMATS §1 and §4). Needs torch.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import torch

from assistant.answering.asked import AnswerKind, read_question
from assistant.answering.clause_features import (
    Columns,
    Floats,
    Grid,
    end_columns,
    grid_of,
    span_columns,
    start_columns,
)
from assistant.answering.clauses import clauses_of
from assistant.answering.span_model import SpanModel, best_window
from assistant.bootstrap import Settings, open_assistant
from assistant.domain.evidence import Ranking
from assistant.domain.question import Scope

START_L2, END_L2 = 1e-2, 1e-2
LONGEST_ANSWER = 40


@dataclass(frozen=True)
class Example:
    """A question's evidence, its features and the spans of clauses that hold the reference."""

    case: dict[str, object]
    grid: Grid
    start: Columns
    end: Columns
    spans: list[tuple[int, int]]


def example(case: dict[str, object], ranking: Ranking) -> Example | None:
    """Features of one case; None where search found nothing."""
    clauses = clauses_of(ranking.hits)
    if not clauses:
        return None
    grid = grid_of(read_question(str(case["question"])), clauses)
    start = start_columns(grid)
    spans = list(_spans(grid, str(case.get("reference") or "")))
    return Example(case, grid, start, end_columns(grid, start), spans)


def bare(text: str) -> str:
    """NFKC without white space and punctuation, as the evaluation compares."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "PZC")


def _spans(grid: Grid, reference: str) -> Iterator[tuple[int, int]]:
    wanted = bare(reference)
    for begin in sorted(set(grid.first.tolist())):
        owners: list[int] = []
        text = ""
        for i in range(begin, int(grid.final[begin]) + 1):
            clause = grid.clauses[i]
            own = bare(clause.hit.passage.text[clause.piece.start : clause.piece.end])
            text += own
            owners += [i] * len(own)
        place = text.find(wanted) if wanted else -1
        while place >= 0:
            yield owners[place], owners[place + len(wanted) - 1]
            place = text.find(wanted, place + 1)


def names_of(rows: Sequence[Columns]) -> list[str]:
    """All column names, those of every answer kind included."""
    plain = [name for name in rows[0] if ":" not in name]
    kinds = [name.split(":")[1] for name in rows[0] if ":" in name]
    return plain + [f"{kind}:{name}" for kind in AnswerKind for name in kinds]


def matrix(columns: Columns, names: Sequence[str], count: int) -> Floats:
    """The columns in the order of the names; a missing one is 0."""
    return np.stack([columns.get(name, np.zeros(count)) for name in names], axis=1)


def fit(examples: Sequence[Example], version: str) -> SpanModel:
    """Fit both models on the examples whose evidence holds the reference."""
    usable = [one for one in examples if one.spans]
    names = names_of([one.start for one in usable])
    start = dict(zip(names, _fit_start(usable, names), strict=True))
    end, bias = _fit_end(usable)
    return SpanModel(version, _rounded(start), _rounded(end), round(bias, 4))


def _rounded(weights: dict[str, float]) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in weights.items() if weight}


def _fit_start(examples: Sequence[Example], names: Sequence[str]) -> Floats:
    """Maximise the softmax mass on the clauses where a reference begins."""
    parts = [matrix(one.start, names, one.grid.count) for one in examples]
    rows = np.vstack(parts)
    spread = rows.std(0) + 1e-3
    x = torch.tensor((rows - rows.mean(0)) / spread)
    owner = torch.repeat_interleave(torch.arange(len(parts)), torch.tensor([len(p) for p in parts]))
    gold = torch.cat([_beginnings(one) for one in examples])
    weights = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        score = x @ weights
        mass = torch.exp(score - score.detach().max())
        zero = torch.zeros(len(parts), dtype=torch.float64)
        all_mass = zero.index_add(0, owner, mass)
        right = zero.index_add(0, owner, mass * gold)
        return (
            -(torch.log(right + 1e-300) - torch.log(all_mass)).mean()
            + START_L2 * weights.square().sum()
        )

    _minimise(loss, [weights])
    return weights.detach().numpy() / spread


def _beginnings(one: Example) -> torch.Tensor:
    gold = torch.zeros(one.grid.count, dtype=torch.float64)
    gold[[begin for begin, _ in one.spans]] = 1.0
    return gold


def _fit_end(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """Logistic regression: does the answer end with this clause, given that it has not yet."""
    end_names = names_of([one.end for one in examples])
    rows: list[Floats] = []
    ended: list[float] = []
    span_names: list[str] = []
    for one in examples:
        begin, end = one.spans[0]
        end = min(end, begin + LONGEST_ANSWER - 1)
        ends = np.arange(begin, end + 1)[None, :]
        spans = span_columns(one.grid, one.start, one.end, np.array([[begin]]), ends)
        span_names = list(spans)
        static = matrix(one.end, end_names, one.grid.count)[ends[0]]
        rows.append(np.hstack([static, np.stack([c[0] for c in spans.values()], axis=1)]))
        ended += [0.0] * (len(ends[0]) - 1) + [1.0]
    weights, bias = _logistic(np.vstack(rows), np.array(ended))
    return dict(zip([*end_names, *span_names], weights, strict=True)), bias


def _logistic(rows: Floats, hits: Floats) -> tuple[Floats, float]:
    centre, spread = rows.mean(0), rows.std(0) + 1e-3
    x, y = torch.tensor((rows - centre) / spread), torch.tensor(hits)
    weights = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        fit = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights + bias, y)
        return fit + END_L2 * weights.square().mean()

    _minimise(loss, [weights, bias])
    raw = weights.detach().numpy() / spread
    return raw, float(bias.detach()) - float(centre @ raw)


def _minimise(loss: object, parameters: list[torch.Tensor]) -> None:
    optimiser = torch.optim.LBFGS(parameters, max_iter=120, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        value = loss()  # type: ignore[operator]  # a closure over the data
        value.backward()
        return value

    optimiser.step(step)


def part_of(case: dict[str, object], parts: int = 5) -> int:
    """A stable random part of the cases, by id."""
    return int(hashlib.md5(str(case["id"]).encode()).hexdigest(), 16) % parts


def contained(one: Example, model: SpanModel) -> tuple[bool, int, bool]:
    """Whether the window holds the reference, its size, and whether its source is right."""
    window = best_window(one.grid, model)
    inside = any(window.begin <= a and b <= window.end for a, b in one.spans)
    size = int(one.grid.sizes[window.begin : window.end + 1].sum())
    source = one.grid.clauses[window.begin].hit.source.id
    return inside and size <= 150, size, source in one.case.get("reference_ids", [])


def cross_validate(examples: Sequence[Example]) -> Floats:
    """Mean of (contained, size, source right); no example is judged by a model fitted on it."""
    rows = []
    for part in range(5):
        model = fit([one for one in examples if part_of(one.case) != part], "fold")
        rows += [contained(one, model) for one in examples if part_of(one.case) == part]
    return np.mean(rows, axis=0)


async def examples_of(lines: list[dict[str, object]], corpus: Path) -> list[Example]:
    """Search every case with a reference in a throw-away knowledge base."""
    scope = Scope(as_of=date(2026, 11, 20))
    with tempfile.TemporaryDirectory() as folder:
        async with open_assistant(Settings(data_dir=Path(folder), region=None)) as assistant:
            await assistant.ingest([corpus])
            asked = [line for line in lines if line.get("reference")]
            found = [(c, await assistant.search(str(c["question"]), scope)) for c in asked]
    return [one for one in (example(case, ranking) for case, ranking in found) if one]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("report", "fit"))
    parser.add_argument("cases", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    lines = [json.loads(line) for line in args.cases.read_text("utf-8").splitlines() if line]
    examples = asyncio.run(examples_of(lines, args.corpus))
    held, size, source = cross_validate(examples)
    print(f"{len(examples)} cases: contained {held:.3f}, mean size {size:.0f}, source {source:.3f}")
    if args.command == "fit" and args.write:
        model = asdict(fit(examples, f"{datetime.now(UTC):%Y-%m-%d}"))
        args.write.write_text(json.dumps(model, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
