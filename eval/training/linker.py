"""Train the linker of everyday questions (`assistant/answering/data/linker.json`).

    python -m eval.training.linker collect ROWS.jsonl [--guides GUIDES.jsonl] [--seed N]
    python -m eval.training.linker fit ROWS.jsonl [--write LINKER.json]

`collect` asks the everyday corpus over a made-up catalogue (`linker_world`). `fit` learns small
boosted trees on the services of the part `fit`, chooses how scores become probabilities and from
where on an item is answered on `choose`, and prints what that gives on `report`.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier

from eval.training.everyday_corpus import services
from eval.training.linker_world import World, collect

Floats = NDArray[np.float64]
Row = dict[str, Any]

PARTS = ("fit", "choose", "report")
SEED = 1
TREES, LEAVES, RATE, LEAST_IN_LEAF, RIDGE = 100, 8, 0.08, 40, 5.0
WRONG = 0.03
"""At most this share of all questions of `choose` may be answered by a wrong item."""
OFFERED, LEAST_OFFERED = 4, 0.08
"""So many items are asked back at most, none less likely, where together they are as sure."""
SHIPPED = 0.95
"""Shipped instead of what `choose` allows: over a small knowledge base, where any item leads, the
probabilities are too high (README)."""
VERSION = "2026-11-30"
NOTE = (
    "Made by eval/training/linker.py: boosted trees over the numbers of linker_features, fitted on"
    " everyday questions by service; sharpness, none and thresholds chosen on other services."
)


@dataclass(frozen=True)
class Table:
    """Candidates of questions as arrays: question × candidate (× number).

    `right` is the place of the right candidate, -1 for none.
    """

    rows: Sequence[Row]
    numbers: Floats
    held: NDArray[np.bool_]
    right: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Row], names: Sequence[str]) -> "Table":
        """Leave out what may be right by another name, and questions that then tell nothing."""
        kept = [(row, list(_plain(row))) for row in rows]
        kept = [(row, of) for row, of in kept if of and (row["present"] or not _doubtful(row))]
        most = max(len(of) for _, of in kept)
        numbers = np.zeros((len(kept), most, len(names)))
        held, right = np.zeros((len(kept), most), bool), np.full(len(kept), -1)
        for i, (_, of) in enumerate(kept):
            held[i, : len(of)] = True
            for j, (values, is_right, _) in enumerate(of):
                numbers[i, j] = [values.get(name, 0.0) for name in names]
                right[i] = j if is_right else right[i]
        return cls([row for row, _ in kept], numbers, held, right)

    @property
    def labels(self) -> Floats:
        """1 for the right candidate of each question."""
        found = np.zeros(self.held.shape)
        has = self.right >= 0
        found[np.flatnonzero(has), self.right[has]] = 1
        return found


def _plain(row: Row) -> Iterator[tuple[dict[str, float], bool, bool]]:
    return (each for each in row["candidates"] if not each[2])


def _doubtful(row: Row) -> bool:
    return any(alike for *_, alike in row["candidates"])


def names_of(rows: Sequence[Row]) -> list[str]:
    """The names of all numbers, in order."""
    return sorted({name for row in rows for values, *_ in row["candidates"] for name in values})


def boosted(table: Table) -> HistGradientBoostingClassifier:
    """Trees that tell the right candidate from the others."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=RIDGE, early_stopping=False, random_state=SEED,
    )  # fmt: skip
    return model.fit(table.numbers[table.held], table.labels[table.held])


def scores(model: HistGradientBoostingClassifier, table: Table) -> Floats:
    """The raw score of each candidate; far below all others where there is none."""
    found = np.full(table.held.shape, -1e9)
    found[table.held] = model.decision_function(table.numbers[table.held])
    return found


def chances(raw: Floats, sharpness: float, none: float) -> Floats:
    """Probabilities of the candidates; what is left to 1 is none of them."""
    z = np.concatenate([np.full((len(raw), 1), none), np.maximum(raw * sharpness, -1e9)], axis=1)
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return (shares / shares.sum(axis=1, keepdims=True))[:, 1:]


def sharpened(raw: Floats, right: NDArray[np.int64]) -> tuple[float, float]:
    """The sharpness and the score of none that make the truth likeliest."""

    def loss(theta: Floats) -> float:
        p = chances(raw, *theta)
        p = np.where(right >= 0, p[np.arange(len(p)), np.maximum(right, 0)], 1 - p.sum(axis=1))
        return float(-np.log(np.maximum(p, 1e-9)).mean())

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(found[0]), float(found[1])


def answer_from(p: Floats, table: Table, risk: float) -> float:
    """The least probability from which on at most `risk` of all questions are answered wrongly."""
    top, best = p.max(axis=1), p.argmax(axis=1)
    return _least(top, best != table.right, risk)


def _least(surety: Floats, wrong: NDArray[np.bool_], risk: float) -> float:
    order = np.argsort(-surety)
    share = np.cumsum(wrong[order]) / len(wrong)
    good = np.flatnonzero(share <= risk)
    return float(np.ceil(surety[order][good[-1]] * 1000) / 1000) if len(good) else 1.01


def report(name: str, table: Table, p: Floats, at: float) -> None:
    """Print ranks, and what is answered, asked back and left, right and wrong."""
    present = np.array([bool(row["present"]) for row in table.rows])
    place = np.array([row["place"] for row in table.rows])
    order = np.argsort(-p, axis=1)
    hit = order == table.right[:, None]
    top, right = p.max(axis=1), hit[:, 0]
    said, high = top >= at, (place[present] > 0) & (place[present] <= 5)
    offered = np.take_along_axis(p, order[:, :OFFERED], axis=1)
    few = offered >= LEAST_OFFERED
    back = ~said & (few.sum(axis=1) > 1) & ((offered * few).sum(axis=1) >= at)
    among = (hit[:, :OFFERED] & few).any(axis=1)
    print(
        f"{name:22} {len(p):5}"
        f" | search {_share(place[present] == 1)} {_share(high)}"
        f" | linker {_share(right[present])} {_share(hit[present, :5].any(axis=1))}"
        f" | answered right {_share(said & right, present)} wrong {_share(said & ~right)}"
        f" | asked back with it {_share(back & among, present)} without {_share(back & ~among)}"
    )


def _share(flags: NDArray[np.bool_], among: NDArray[np.bool_] | None = None) -> str:
    return f"{flags.sum() / max(1, among.sum() if among is not None else len(flags)):.3f}"


def exported(model: HistGradientBoostingClassifier, names: Sequence[str]) -> list[list[object]]:
    """The trees: each node is a leaf's value, or [name, threshold, node where ≤, node else]."""
    grown = model._predictors  # noqa: SLF001  # there is no public way to the nodes
    return [_tree(predictor[0].nodes, 0, names) for predictor in grown]


def _tree(nodes: NDArray[Any], at: int, names: Sequence[str]) -> Any:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    low, high = (_tree(nodes, int(node[side]), names) for side in ("left", "right"))
    return [names[node["feature_idx"]], round(float(node["num_threshold"]), 5), low, high]


def fit(rows: Sequence[Row], write: Path | None) -> None:
    """Fit, choose, report, and write the data file."""
    parts = {part: [row for row in rows if row["part"] == part] for part in PARTS}
    names = names_of(parts["fit"])
    tables = {part: Table.of(of, names) for part, of in parts.items()}
    model = boosted(tables["fit"])
    raw = {part: scores(model, table) for part, table in tables.items()}
    sharpness, none = sharpened(raw["choose"], tables["choose"].right)
    p = {part: chances(of, sharpness, none) for part, of in raw.items()}
    at = answer_from(p["choose"], tables["choose"], WRONG)
    print(f"sharpness {sharpness:.3f} none {none:.3f} answer_from {at}")
    for part, table in tables.items():
        report(part, table, p[part], at)
    for name, few in _groups(tables["report"]):
        chosen = Table(
            [tables["report"].rows[i] for i in few], tables["report"].numbers[few],
            tables["report"].held[few], tables["report"].right[few],
        )  # fmt: skip
        report(f"report {name}", chosen, p["report"][few], at)
    if write:
        data = {
            "version": VERSION, "note": NOTE, "answer_from": max(at, SHIPPED),
            "sharpness": round(sharpness, 4), "none": round(none, 4),
            "base": round(float(model._baseline_prediction.ravel()[0]), 4),  # noqa: SLF001
            "trees": exported(model, names),
        }  # fmt: skip
        lines = json.dumps(data, ensure_ascii=False, indent=None).replace(', [["', ',\n[["')
        write.write_text(lines.replace('"trees": [[', '"trees": [\n[') + "\n", "utf-8")


def _groups(table: Table) -> Iterator[tuple[str, NDArray[np.int64]]]:
    for kind in sorted({row["kind"] for row in table.rows}):
        yield kind, np.flatnonzero([row["kind"] == kind for row in table.rows])
    for known in (True, False):
        name = "with lay terms" if known else "lay terms hidden"
        yield name, np.flatnonzero([row["known"] == known for row in table.rows])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("collect")
    one.add_argument("out", type=Path)
    one.add_argument("--guides", type=Path, default=Path("../shared/data/gd_guides.jsonl"))
    one.add_argument("--seed", type=int, default=SEED)
    one.add_argument("--parts", nargs="+", default=list(PARTS))
    two = commands.add_parser("fit")
    two.add_argument("rows", type=Path, nargs="+")
    two.add_argument("--write", type=Path)
    args = parser.parse_args()
    if args.command == "collect":
        world = World.made(services(), args.guides, args.seed)
        asked = [each for each in services() if each.part in args.parts]
        rows = asyncio.run(collect(world, asked))
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        args.out.write_text("".join(lines), "utf-8")
    else:
        lines = (line for path in args.rows for line in path.read_text("utf-8").splitlines())
        fit([json.loads(line) for line in lines], args.write)


if __name__ == "__main__":
    main()
