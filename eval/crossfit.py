"""Nested cross-fitting: no case is scored by a calibrator that saw it or its source.

    python -m eval.crossfit collect ROWS.jsonl [--data ../shared/data] [--only ncp gd …]
    python -m eval.crossfit report ROWS.jsonl [--bound 0.02] [--confidence 0.95] [--out FILE.json]
    python -m eval.crossfit refit ROWS.jsonl
    python -m eval.crossfit all ROWS.jsonl       # the three, one after the other

`collect` drafts every case by every route (`eval.training.verdict`). `report` cuts the cases into
five folds by source document: for each, weights and threshold come from the other four (the
threshold from probabilities that are themselves out of fold), and the fold is answered by them.
`refit` writes the product's `calibration.json` from all rows, with `--weights` after new clause
weights (`verdict.json`): needed where the ranking or the features changed.
"""

import argparse
import asyncio
import hashlib
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
from eval.training import verdict as fitting

ROOT = Path(__file__).parents[1]
FOLDS = 5
KINDS = (Route.GUIDE, Route.FAQ, Route.POLICY)
SETS = {
    "sets": (ROOT / "eval" / "sets", ROOT / "knowledge"),
    "gd": ("gd_cases.jsonl", "gd_guides.jsonl"),
    "ncp": ("ncp_cases.jsonl", "ncp_docs.jsonl"),
    "stard": ("stard_cases.jsonl", "stard_docs.jsonl"),
    "drug": ("drug_cases.jsonl", "drug_docs.jsonl"),
    "drug_faq": ("drug_faq_paraphrase_cases.jsonl", "drug_faq.jsonl"),
}
Row = dict[str, object]
Rows = list[Row]


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


def groups(rows: Rows) -> dict[str, str]:
    """Case → the group of its sources: those that are right, else the one that was cited."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for row in rows:
        # Half of the guides were taken away once more: the same case, of the same group.
        case = f"case {row['id']}"
        for source in row["references"] or row["cited"][:1]:
            parent[root(case)] = root(f"{set_of(row)} {source}")
    return {str(row["id"]): root(f"case {row['id']}") for row in rows}


def set_of(row: Mapping[str, object]) -> str:
    """The set of a row; with half of the guides taken away it is still the same one."""
    return str(row["set"]).removesuffix(fitting.WITHOUT)


def fold(group: str, parts: int, salt: str) -> int:
    """A stable part by a digest."""
    return int(hashlib.sha256(f"{salt} {group}".encode()).hexdigest(), 16) % parts


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


def out_of_fold(route: Route, rows: Rows, of: Mapping[str, str], salt: str) -> np.ndarray:
    """The probability of each row by weights that saw neither its case nor its sources."""
    parts = np.array([fold(of[str(row["id"])], FOLDS, salt) for row in rows])
    found = np.zeros(len(rows))
    for part in np.unique(parts):
        there = [row for row, its in zip(rows, parts, strict=True) if its != part]
        here = [row for row, its in zip(rows, parts, strict=True) if its == part]
        found[parts == part] = fitted(route, there).chances(here)
    return found


def surest(rows: Rows, chances: Mapping[int, float]) -> dict[tuple[str, str], Row]:
    """Of each case (and knowledge base) the surest draft."""
    best: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (str(row["set"]), str(row["id"]))
        if key not in best or chances[id(row)] > chances[id(best[key])]:
            best[key] = row
    return best


def scored(rows: Rows, of: Mapping[str, str], salt: str) -> dict[Route, list[Scored]]:
    """Labelled probabilities of each kind, out of fold, of the drafts that would be said."""
    chances = probabilities(rows, of, salt)
    found: dict[Route, list[Scored]] = {route: [] for route in KINDS}
    for row in surest(rows, chances).values():
        found[Route(row["route"])].append(Scored(chances[id(row)], bool(row["right"])))
    return found


def probabilities(rows: Rows, of: Mapping[str, str], salt: str) -> dict[int, float]:
    """Row → probability out of fold, each route by itself."""
    found: dict[int, float] = {}
    for route in KINDS:
        mine = [row for row in rows if row["route"] == route]
        if mine:
            numbers = out_of_fold(route, mine, of, salt)
            found |= {id(row): float(p) for row, p in zip(mine, numbers, strict=True)}
    return found


def crossfit(rows: Rows, bounds: Sequence[float], confidence: float) -> dict[float, list[Said]]:
    """Every case answered by a calibrator that saw neither it nor its sources, for each bound."""
    of = groups(rows)
    said: dict[float, list[Said]] = {bound: [] for bound in bounds}
    for part in range(FOLDS):
        there = [row for row in rows if fold(of[str(row["id"])], FOLDS, "outer") != part]
        here = [row for row in rows if fold(of[str(row["id"])], FOLDS, "outer") == part]
        points, chances = scored(there, of, f"inner {part}"), _chances(here, there)
        for bound in bounds:
            held = {route: promise(of_it, bound, confidence) for route, of_it in points.items()}
            said[bound] += _answered(here, chances, held)
    return said


def _chances(here: Rows, there: Rows) -> dict[int, float]:
    """The probability of each row by weights fitted on others."""
    chances: dict[int, float] = {}
    for route in KINDS:
        mine = [row for row in here if row["route"] == route]
        model = fitted(route, [row for row in there if row["route"] == route])
        if mine:
            chances |= {id(r): float(p) for r, p in zip(mine, model.chances(mine), strict=True)}
    return chances


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
            said=at is not None and p >= at,
        )


def refit(rows: Rows, *, weights: bool, stamped: bool) -> None:
    """Write the shipped calibration, and before it new clause weights where they are wanted."""
    from eval.crossfit_write import write, write_weights

    clauses = [row for row in rows if row["route"] == Route.POLICY]
    chances = {
        id(row): float(p)
        for route in KINDS
        for row, p in zip(_of(rows, route), shipped(route).chances(_of(rows, route)), strict=True)
    }
    if weights:
        apart = out_of_fold(Route.POLICY, clauses, groups(rows), "refit")
        write_weights(fitted(Route.POLICY, clauses), fitting.clause_threshold(apart, clauses))
        chances |= {id(row): float(p) for row, p in zip(clauses, apart, strict=True)}
    write(rows, chances, stamped=stamped)


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
