"""Fit the weights of merging, choose the threshold, report: one seeded command.

python -m eval.training.merging --data ../shared/data [--write]
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.live.merging_reading import Reading, Understands, plain_slots, read
from assistant.live.merging_score import features, sounds_equal, veto
from assistant.models.static_embedding import StaticEmbedding
from eval.live.merging_parts import KNOWLEDGE, desk_reading, guides_of
from eval.training.merging_pairs import (
    CHOOSE,
    FIT,
    REPORT,
    Pair,
    guide_pairs,
    own_pairs,
    paraphrases,
    recording,
    stream_pairs,
)

Floats = NDArray[np.float64]

SEED = 20261121
_SETS = Path("eval/live/sets")
_TARGET = Path("assistant/live/data/merging.json")
_RIDGE = 2e-4
_STEPS = 4000
_MORE = frozenset({"cosine", "dice", "share", "subjects", "fields"})
_LESS = frozenset(
    {
        "exchanged",
        "added",
        "added_share",
        "near_exchanged",
        "near_added",
        "field_open",
        "number_open",
    }
)
_SHARE = {
    "pairs_training": 2.0,
    "pairs_aspects": 2.0,
    "stream": 1.0,
    "guide": 0.5,
    "paraphrase": 0.3,
}
"""How much each source counts in all: livestream questions more than chat with banks and shops."""
_DECIDING = frozenset({"pairs_training", "pairs_aspects", "stream"})
"""What the threshold is chosen on: questions as they come, not made ones."""
_FLOOR = 0.6
"""A false merge costs more (a viewer is answered something else) than a question asked twice."""
_FALSE = 0.0
"""This share of the choosing part's different pairs may be merged at the threshold."""


def labelled(data: Path, count: int) -> list[Pair]:
    """All pairs, of all parts."""
    asked = recording(data / "danmaku_dev.jsonl.gz", data / "danmaku_dev_truth.jsonl.gz")
    return [
        *own_pairs(_SETS / "pairs_training.jsonl"),
        *own_pairs(_SETS / "pairs_aspects.jsonl"),
        *own_pairs(_SETS / "pairs.jsonl", part=REPORT),
        *stream_pairs(asked, SEED),
        *guide_pairs(guides_of(KNOWLEDGE), SEED),
        *paraphrases(data / "paraphrase_dev.tsv.gz", count, SEED),
    ]


class Reader:
    """Reads every text once."""

    def __init__(self, understands: Understands = plain_slots) -> None:
        self._embed = StaticEmbedding().embed_array
        self._understands = understands
        self._read: dict[str, Reading] = {}

    def __call__(self, text: str) -> Reading:
        """The reading of a text, asked in no region."""
        if text not in self._read:
            self._read[text] = read(text, None, self._understands, self._embed)
        return self._read[text]


def fit(matrix: Floats, labels: Floats, weights: Floats, signs: Floats) -> Floats:
    """Ridge logistic regression by projected gradient steps (Adam).

    `signs`: 1 where a weight may not be negative, -1 where not positive, 0 where it is free: more
    likeness never makes two questions differ.
    """
    found, mean, spread = (np.zeros(matrix.shape[1]) for _ in range(3))
    scale = weights / weights.sum()
    for step in range(1, _STEPS + 1):
        likely = 1 / (1 + np.exp(-np.clip(matrix @ found, -30, 30)))
        slope = matrix.T @ (scale * (likely - labels)) + _RIDGE * found
        slope[-1] -= _RIDGE * found[-1]
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        size = 0.05 * (1 - step / _STEPS)
        found = found - size * (mean / (1 - 0.9**step)) / (
            np.sqrt(spread / (1 - 0.999**step)) + 1e-9
        )
        found = np.where(found * signs < 0, 0.0, found)
    return found


def _sign(name: str) -> float:
    """More likeness never lowers the score, more difference never raises it."""
    plain = name.rpartition(".")[2]
    return float(plain in _MORE) - float(plain in _LESS)


def shares(pairs: Sequence[Pair]) -> Floats:
    """Weights by which each source has its share, same and different halves alike."""
    sizes: dict[tuple[str, bool], int] = {}
    for pair in pairs:
        sizes[pair.source, pair.same] = sizes.get((pair.source, pair.same), 0) + 1
    return np.array([100 * _SHARE[p.source] / sizes[p.source, p.same] for p in pairs])


def choose(scores: Floats, same: NDArray[np.bool_]) -> float:
    """The lowest threshold, not under the floor, at which few enough different pairs are merged."""
    allowed = int(_FALSE * int((~same).sum()))
    worst = np.sort(scores[~same])[::-1]
    limit = float(worst[allowed]) if len(worst) > allowed else 0.0
    above = scores[same & (scores > limit)]
    nearest = float(above.min()) if len(above) else 1.0
    return max(_FLOOR, (limit + nearest) / 2)


def report(title: str, pairs: Sequence[Pair], scores: Floats, least: float) -> None:
    """One line: how many same pairs are merged, how many different ones."""
    merged = scores >= least
    same = np.array([pair.same for pair in pairs], bool)
    hits, false = int(merged[same].sum()), int(merged[~same].sum())
    print(
        f"{title:32s} merged {hits}/{int(same.sum())} same, {false}/{int((~same).sum())} different"
    )


def main() -> None:
    """Fit, choose, report; `--write` puts weights and threshold into the product's data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paraphrases", type=int, default=6000)
    parser.add_argument("--show", default="", help="print the errors of a source, reports aside")
    parser.add_argument("--all", action="store_true", help="show errors of the report part too")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    pairs = labelled(given.data, given.paraphrases)
    reader = Reader(desk_reading(guides_of(KNOWLEDGE)))
    read_ = [(reader(pair.a), reader(pair.b)) for pair in pairs]
    vetoed = np.array([bool(veto(a, b)) for a, b in read_])
    rows = [features(a, b) for a, b in read_]
    names = sorted({name for row in rows for name in row})
    matrix = np.array([[row.get(name, 0.0) for name in names] + [1.0] for row in rows])
    same = np.array([pair.same for pair in pairs], bool)
    part = np.array([pair.part for pair in pairs])
    used = np.flatnonzero((part == FIT) & ~vetoed)
    signs = np.array([*(_sign(name) for name in names), 0.0])
    found = fit(matrix[used], same[used].astype(float), shares([pairs[i] for i in used]), signs)
    equal = np.array([a.exact == b.exact or sounds_equal(a, b) for a, b in read_])
    likely = 1 / (1 + np.exp(-np.clip(matrix @ found, -30, 30)))
    scores = np.where(vetoed, 0.0, np.where(equal, 1.0, likely))
    chosen = (part == CHOOSE) & np.array([pair.source in _DECIDING for pair in pairs])
    least = choose(scores[chosen], same[chosen])
    weights = dict(zip([*names, "bias"], (round(float(w), 3) for w in found), strict=True))
    print(json.dumps(weights, ensure_ascii=False), f"threshold {least:.3f}")
    for place, title in ((FIT, "fit"), (CHOOSE, "choose"), (REPORT, "report")):
        for source in dict.fromkeys(pair.source for pair in pairs):
            rows_ = [i for i, p in enumerate(pairs) if p.part == place and p.source == source]
            if rows_:
                report(f"{title} {source}", [pairs[i] for i in rows_], scores[rows_], least)
    if given.show:
        for pair, one, (a, b) in zip(pairs, scores, read_, strict=True):
            if (
                (pair.part != REPORT or given.all)
                and pair.source == given.show
                and (one >= least - 0.2) != pair.same
            ):
                print(f"{one:.2f} {pair.same} {veto(a, b)} | {pair.a} | {pair.b}")
    if given.write:
        content = {"threshold": round(least, 3), "seed": SEED, "weights": weights}
        _TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
