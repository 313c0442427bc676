"""Nested cross-fitting: no case is scored by a calibrator that saw it or its source.

    python -m eval.crossfit collect ROWS.jsonl [--data ../shared/data] [--only ncp gd …]
    python -m eval.crossfit report ROWS.jsonl [--bound 0.02] [--confidence 0.95] [--out FILE.json]
    python -m eval.crossfit refit ROWS.jsonl
    python -m eval.crossfit all ROWS.jsonl       # the three, one after the other

`collect` drafts every case by every route (`eval.training.verdict`). `report` cuts the cases into
five folds by source document: for each, the weights come from some sources of the other four and
the threshold from the rest of them, and the fold is answered by both.
`refit` writes the product's `calibration.json` from all rows, with `--weights` after new clause
weights (`verdict.json`): needed where the ranking or the features changed.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answering.promise import Promise, Scored, promise
from assistant.domain.answer import Route
from assistant.domain.verdict import Action
from assistant.evaluation.cases import read_cases
from eval.crossfit_groups import Row, Rows, fold, groups
from eval.training import verdict as fitting

ROOT = Path(__file__).parents[1]
FOLDS = 5
_HELD = 2
"""Of five parts of what may be seen so many choose the threshold; the others fit the weights."""
KINDS = (Route.GUIDE, Route.FAQ, Route.POLICY)
SETS = {
    "sets": (ROOT / "eval" / "sets", ROOT / "knowledge"),
    "gd": ("gd_cases.jsonl", "gd_guides.jsonl"),
    "ncp": ("ncp_cases.jsonl", "ncp_docs.jsonl"),
    "stard": ("stard_cases.jsonl", "stard_docs.jsonl"),
    "drug": ("drug_cases.jsonl", "drug_docs.jsonl"),
    "drug_faq": ("drug_faq_paraphrase_cases.jsonl", "drug_faq.jsonl"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a case out of fold: its surest draft, and whether that was said."""

    set: str
    id: str
    kind: str
    probability: float
    right: bool
    answerable: bool
    said: bool


def collect(path: Path, data: Path, only: Sequence[str]) -> None:
    """Draft every case by every route; one row a draft."""
    with path.open("w", encoding="utf-8") as out:
        for name, (cases, corpus) in SETS.items():
            files = [one if isinstance(one, Path) else data / one for one in (cases, corpus)]
            if (only and name not in only) or not all(one.exists() for one in files):
                continue
            rows = asyncio.run(fitting.collect(read_cases(files[0]), [files[1]], name))
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            print(name, len(rows), file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Model:
    """One route's weights."""

    names: tuple[str, ...]
    bias: float
    weights: np.ndarray

    def chances(self, rows: Rows) -> np.ndarray:
        """The probability of each row."""
        return np.round(fitting.chances(rows, self.names, self.bias, self.weights), 4)


def fitted(route: Route, rows: Rows) -> Model:
    """Weights of a route from rows; those in use where there are too few mistakes to learn from."""
    names = fitting.NAMES[route]
    if sum(not row["right"] for row in rows) < fitting.MISTAKES:
        return shipped(route)
    return Model(names, *fitting.fit(rows, names, fitting.set_weights(rows)))


def shipped(route: Route) -> Model:
    """The weights in use."""
    from assistant.answering.decide import default_policy

    rules = default_policy().routes[route]
    return Model(tuple(rules.weights), rules.bias, np.array(list(rules.weights.values())))


def surest(rows: Rows, chances: Mapping[int, float]) -> dict[tuple[str, str], Row]:
    """Of each case (and knowledge base) the surest draft."""
    best: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (str(row["set"]), str(row["id"]))
        if key not in best or chances[id(row)] > chances[id(best[key])]:
            best[key] = row
    return best


@dataclass(frozen=True)
class Calibrator:
    """Weights of each route, and the rows (with probabilities) that they never saw."""

    models: Mapping[Route, Model]
    held: Rows
    chances: Mapping[int, float]

    def scored(self) -> dict[Route, list[Scored]]:
        """The labelled probabilities of each kind, of the drafts that would be said."""
        points: dict[Route, list[Scored]] = {route: [] for route in KINDS}
        for row in surest(self.held, self.chances).values():
            if fitting.withheld(row, self.chances[id(row)]):
                continue
            points[Route(row["route"])].append(Scored(self.chances[id(row)], bool(row["right"])))
        return points


def calibrator(rows: Rows, of: Mapping[str, str], salt: str) -> Calibrator:
    """Weights from three fifths of the sources, and what they make of the other two.

    So the labelled probabilities are of the very weights that will answer.
    """
    parts = {id(row): fold(of[str(row["id"])], FOLDS, salt) for row in rows}
    fit = [row for row in rows if parts[id(row)] >= _HELD]
    held = [row for row in rows if parts[id(row)] < _HELD]
    models = {route: fitted(route, _of(fit, route)) for route in KINDS}
    return Calibrator(models, held, by_models(held, models))


def by_models(rows: Rows, models: Mapping[Route, Model]) -> dict[int, float]:
    """The probability of each row."""
    return {
        id(row): float(p)
        for route, model in models.items()
        if (mine := _of(rows, route))
        for row, p in zip(mine, model.chances(mine), strict=True)
    }


def crossfit(rows: Rows, bounds: Sequence[float], confidence: float) -> dict[float, list[Said]]:
    """Every case answered by a calibrator that saw neither it nor its sources, for each bound."""
    of = groups(rows)
    said: dict[float, list[Said]] = {bound: [] for bound in bounds}
    for part in range(FOLDS):
        there = [row for row in rows if fold(of[str(row["id"])], FOLDS, "outer") != part]
        here = [row for row in rows if fold(of[str(row["id"])], FOLDS, "outer") == part]
        made = calibrator(there, of, f"inner {part}")
        points, chances = made.scored(), by_models(here, made.models)
        for bound in bounds:
            held = {route: promise(of_it, bound, confidence) for route, of_it in points.items()}
            said[bound] += _answered(here, chances, held)
    return said


def _answered(
    here: Rows, chances: Mapping[int, float], held: Mapping[Route, Promise]
) -> Iterator[Said]:
    for (name, case), row in surest(here, chances).items():
        at = held[Route(row["route"])].threshold
        p = chances[id(row)]
        yield Said(
            set=name,
            id=case,
            kind=str(row["route"]),
            probability=p,
            right=bool(row["right"]),
            answerable=row["expected"] == Action.ANSWER,
            said=at is not None and p >= at and not fitting.withheld(row, p),
        )


def refit(rows: Rows, *, weights: bool, stamped: bool) -> None:
    """Write the shipped calibration, and before it new clause weights where they are wanted."""
    from eval.crossfit_write import write, write_weights

    models = {route: shipped(route) for route in KINDS}
    if weights:
        made = calibrator(rows, groups(rows), "refit")
        models[Route.POLICY] = made.models[Route.POLICY]
        held = _of(made.held, Route.POLICY)
        apart = np.array([made.chances[id(row)] for row in held])
        write_weights(models[Route.POLICY], fitting.clause_threshold(apart, held))
        seen = {id(row) for row in held}
        rows = [row for row in rows if row["route"] != Route.POLICY or id(row) in seen]
    write(rows, by_models(rows, models), stamped=stamped)


def _of(rows: Rows, route: Route) -> Rows:
    return [row for row in rows if row["route"] == route]


def read_rows(path: Path) -> Rows:
    """The rows of answers; a question back says nothing that could be wrong.

    What must be refused is left out: the screen decides about it before anything is drafted.
    """
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [row for row in rows if row["route"] in KINDS and row["expected"] != Action.REFUSE]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("collect", "report", "refit", "all"))
    parser.add_argument("rows", type=Path)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--bound", type=float, nargs="*", default=[0.02, 0.05, 0.1])
    parser.add_argument("--confidence", type=float, default=0.95)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--weights", action="store_true", help="refit the clause weights too")
    parser.add_argument("--unstamped", action="store_true", help="refit without a fingerprint")
    given = parser.parse_args()
    if given.what in {"collect", "all"}:
        collect(given.rows, given.data, given.only)
    rows = read_rows(given.rows)
    if given.what in {"report", "all"}:
        from eval.crossfit_report import report, shown

        found = report(rows, given.bound, given.confidence)
        print(shown(found))
        if given.out:
            given.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if given.what in {"refit", "all"}:
        refit(rows, weights=given.weights, stamped=not given.unstamped)


if __name__ == "__main__":
    main()
