"""Train the linker of everyday questions (`assistant/answering/data/linker.json`).

    python -m eval.training.linker all ROWS.npz [--guides GUIDES.jsonl] [--write LINKER.json]
    python -m eval.training.linker collect ROWS.npz [--guides GUIDES.jsonl] [--seeds N …]
    python -m eval.training.linker fit ROWS.npz [--write LINKER.json]

`collect` asks the everyday corpus over made-up catalogues of many sizes (`linker_world`). `fit`
learns small boosted trees on the services of the part `choose`, chooses by scores out of fold how
these become probabilities and from where on an item is answered, and prints what that gives on
`report`. `all` does both. The part `fit` is left to the embedding, which learned from it.
"""

import argparse
import asyncio
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.answering.nearness import Nearness
from assistant.models.static_embedding import StaticEmbedding
from eval.training.everyday_corpus import services
from eval.training.linker_report import Chosen, from_where, report
from eval.training.linker_rows import Rows, collect, lexicon_of
from eval.training.linker_world import worlds

Floats = NDArray[np.float64]
Row = dict[str, Any]

TAUGHT = "fit"
"""The shipped embedding learned from these services: their questions look too easy (README)."""
SEED, SEEDS = 1, (1, 2)
TREES, LEAVES, RATE, LEAST_IN_LEAF, RIDGE = 120, 12, 0.08, 60, 5.0
FOLDS = 4
FEW, FROM_FEW = 120, 0.95
"""Where so few items or fewer are known, what is asked is mostly no item's: over the bundled sets
any lower threshold puts wrong items on air (README)."""
NOBODY = -1e9
"""The score of a candidate that is none."""
VERSION = "2026-11-30b"
NOTE = (
    "Made by eval/training/linker.py: boosted trees over the numbers of linker_features, fitted on"
    " everyday questions by service over catalogues of many sizes; sharpness, none and threshold"
    " chosen out of fold by service."
)


@dataclass(frozen=True)
class Scored:
    """Questions, a raw score a candidate, the place of the right one (-1: none)."""

    asked: Sequence[Row]
    raw: Floats
    right: NDArray[np.int64]


async def collected(guides: Path, seeds: Sequence[int]) -> Rows:
    """All questions over all catalogues."""
    nearness, parts = Nearness(StaticEmbedding()), []
    for seed in seeds:
        lexicon = None
        for world in worlds(services(), guides, seed):
            lexicon = lexicon or lexicon_of(world)
            asked = [each for each in world.asked if each.part != TAUGHT]
            parts.append(await collect(world, lexicon, nearness, asked))
            print(seed, len(world.guides), len(parts[-1].asked), file=sys.stderr, flush=True)
    return Rows.joined(parts)


def usable(rows: Rows) -> Rows:
    """Without what may be right by another name, and questions that then tell nothing."""
    return rows.only(lambda row: row["present"] or not row["doubtful"]).without_alike()


def boosted(rows: Rows) -> HistGradientBoostingClassifier:
    """Trees that tell the right candidate from the others."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=RIDGE, early_stopping=False, random_state=SEED,
    )  # fmt: skip
    return model.fit(rows.numbers, rows.state == 1)


def padded(rows: Rows, flat: Floats) -> Floats:
    """The raw score of each candidate, a row a question; far below all others where none is."""
    counts = np.diff(rows.starts)
    found = np.full((len(counts), int(counts.max(initial=1))), NOBODY)
    found[np.arange(found.shape[1]) < counts[:, None]] = flat
    return found


def right_of(rows: Rows) -> NDArray[np.int64]:
    """The place of the right candidate of each question, -1 for none."""
    hit = padded(rows, (rows.state == 1).astype(float)) == 1
    return np.where(hit.any(axis=1), hit.argmax(axis=1), -1)


def chances(raw: Floats, sharpness: float, none: float) -> Floats:
    """Probabilities of the candidates; what is left to 1 is none of them."""
    z = np.concatenate([np.full((len(raw), 1), none), np.maximum(raw * sharpness, NOBODY)], axis=1)
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


def out_of_fold(rows: Rows) -> Scored:
    """Scores by trees that saw no question of the same service."""
    parts = []
    for number in range(FOLDS):
        held = rows.only(lambda row, number=number: _fold(row["service"]) == number)
        model = boosted(rows.only(lambda row, number=number: _fold(row["service"]) != number))
        parts.append(scored(model, held))
    most = max(part.raw.shape[1] for part in parts)
    wide = [((0, 0), (0, most - part.raw.shape[1])) for part in parts]
    raw = [np.pad(p.raw, w, constant_values=NOBODY) for p, w in zip(parts, wide, strict=True)]
    asked = [row for part in parts for row in part.asked]
    return Scored(asked, np.concatenate(raw), np.concatenate([part.right for part in parts]))


def _fold(service: str) -> int:
    return int.from_bytes(hashlib.sha256(f"fold {service}".encode()).digest()[:4]) % FOLDS


def scored(model: HistGradientBoostingClassifier, rows: Rows) -> Scored:
    """The raw scores of all questions."""
    return Scored(rows.asked, padded(rows, model.decision_function(rows.numbers)), right_of(rows))


def fit(rows: Rows, write: Path | None) -> None:
    """Fit, choose out of fold, report, and write the data file."""
    known = usable(rows)
    choose, told = (known.only(lambda row, p=p: row["part"] == p) for p in ("choose", "report"))
    held, model = out_of_fold(choose), boosted(choose)
    sharpness, none = sharpened(held.raw, held.right)
    found = scored(model, told)
    chosen, reported = (
        Chosen(of.asked, chances(of.raw, sharpness, none), of.right) for of in (held, found)
    )
    at = from_where(chosen)
    print(f"sharpness {sharpness:.3f} none {none:.3f} answer_from {at}")
    report("choose, out of fold", chosen, at)
    report("report", reported, at)
    if write:
        write.write_text(_data(model, rows.names, at, sharpness, none), "utf-8")


def _data(
    model: HistGradientBoostingClassifier,
    names: Sequence[str],
    at: float,
    sharpness: float,
    none: float,
) -> str:
    """The data file: a line a tree."""
    base = float(model._baseline_prediction.ravel()[0])  # noqa: SLF001
    data = {
        "version": VERSION, "note": NOTE, "answer_from": at, "few": FEW,
        "answer_from_few": max(at, FROM_FEW), "sharpness": round(sharpness, 4),
        "none": round(none, 4), "base": round(base, 4), "trees": exported(model, names),
    }  # fmt: skip
    lines = json.dumps(data, ensure_ascii=False).replace(', [["', ',\n[["')
    return lines.replace('"trees": [[', '"trees": [\n[') + "\n"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("collect", "fit", "all"))
    parser.add_argument("rows", type=Path, nargs="+", help="where the collected rows lie")
    parser.add_argument("--guides", type=Path, default=Path("../shared/data/gd_guides.jsonl"))
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    if args.command != "fit":
        asyncio.run(collected(args.guides, args.seeds)).save(args.rows[0])
    if args.command != "collect":
        fit(Rows.joined([Rows.load(path) for path in args.rows]), args.write)


if __name__ == "__main__":
    main()
