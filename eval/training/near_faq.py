"""Fit when an approved answer is to a question in other words (`answering/data/near_faq.json`).

    python -m eval.training.near_faq [--write NEAR.json] [--answer-from 0.65]

The cases of `eval/sets` over `knowledge/`: those whose id has an even digest are for fitting, the
others only for counting. A candidate is right where its FAQ is among the references and its answer
holds all that must be contained. Weights are never negative.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answering.faq_answer import Beside
from assistant.answering.near_faq import NOTE, NearFaqs
from assistant.bootstrap import Assistant, Settings, open_assistant
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case, read_cases

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 30)
_RIDGE = 0.0005
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate: its case, its numbers, whether it is right, and whether none else is said."""

    case: str
    numbers: dict[str, float]
    right: bool
    open: bool

    @property
    def is_for_fitting(self) -> bool:
        """By the digest of the case's id."""
        return int(hashlib.sha256(self.case.encode()).hexdigest(), 16) % 2 == 0


def is_right(case: Case, beside: Beside) -> bool:
    """Whether the approved answer is what the case wants."""
    if case.expected_action is not Action.ANSWER or beside.faq.id not in case.reference_ids:
        return False
    return all(
        any(one in beside.faq.answer for one in fact.split("|")) for fact in case.must_contain
    )


async def rows_of(cases: Sequence[Case], desk: Assistant) -> list[Row]:
    """Ask all cases and keep the candidates of each."""
    found: list[Row] = []
    for case in cases:
        question = case.asked(TODAY)
        outcome = await desk.answer(question)
        said = outcome.verdict.action is not Action.REVIEW and NOTE not in outcome.draft.notes
        guides, search = desk.desk.guides, desk.desk.services.search
        reading = guides.understand(question)
        ranking = await search(reading.in_context(question).text, reading.scope(question))
        for beside, numbers in NearFaqs(desk.desk.faqs).candidates(question, ranking):
            found.append(Row(case.id, dict(numbers), is_right(case, beside), not said))
    return found


def fit(rows: Sequence[Row]) -> tuple[float, dict[str, float]]:
    """Bias and weights of a logistic model with weights from 0 on."""
    names = list(rows[0].numbers)
    x = np.array([[row.numbers[name] for name in names] for row in rows])
    y = np.array([float(row.right) for row in rows])

    def loss(w: Floats) -> float:
        score = x @ w[1:] + w[0]
        return float((np.logaddexp(0, score) - y * score).mean() + _RIDGE * (w[1:] ** 2).sum())

    begin = np.r_[-3.0, np.ones(len(names))]
    bounds = [(None, None)] + [(0.0, None)] * len(names)
    w = minimize(loss, begin, bounds=bounds, method="L-BFGS-B").x
    return float(w[0]), {n: round(float(v), 3) for n, v in zip(names, w[1:], strict=True)}


def told(rows: Sequence[Row], bias: float, weights: dict[str, float]) -> Iterator[str]:
    """Right and said of the cases of which nothing else is said, by threshold."""
    best: dict[str, tuple[float, bool]] = {}
    for row in rows:
        score = bias + sum(w * row.numbers[name] for name, w in weights.items())
        chance = 1.0 / (1.0 + float(np.exp(-score)))
        if row.open and chance > best.get(row.case, (0.0, False))[0]:
            best[row.case] = chance, row.right
    for least in (0.5, 0.55, 0.6, 0.65, 0.7, 0.8):
        said = [right for chance, right in best.values() if chance >= least]
        yield f"  from {least}: {sum(said)} right of {len(said)}"


async def _collected() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_assistant(Settings(data_dir=Path(folder), database_url=None)) as desk:
            await desk.ingest([ROOT / "knowledge"])
            return await rows_of(read_cases(ROOT / "eval" / "sets"), desk)


def main() -> None:
    """Fit, print both halves, and write where that is wished."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--answer-from", type=float, default=0.65)
    given = parser.parse_args()
    rows = asyncio.run(_collected())
    bias, weights = fit([row for row in rows if row.is_for_fitting])
    for name, half in (("fitted on", True), ("counted only", False)):
        print(name, *told([r for r in rows if r.is_for_fitting is half], bias, weights), sep="\n")
    if given.write:
        note = "Fitted by eval/training/near_faq.py on one half of eval/sets, see there."
        data = {"note": note, "answer_from": given.answer_from, "bias": round(bias, 3)}
        text = json.dumps(data | {"weights": weights}, ensure_ascii=False, indent=2)
        given.write.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
