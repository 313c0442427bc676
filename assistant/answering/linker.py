"""Which service item an everyday question means, as probabilities: a learned choice.

Every candidate gets a score from its numbers (`linker_features`) by small boosted trees, and so
does "none of these"; the shares of their exponentials are the probabilities. What is near the best
lowers its share, so that a question that fits several items alike makes none sure. Trees and
thresholds are data (`data/linker.json`), made by `eval.training.linker` on everyday questions by
service.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.items import Catalogue
from assistant.answering.linker_features import features
from assistant.answering.matching import Fit
from assistant.answering.mention import Mention
from assistant.answering.nearness import Nearness

_DATA = Path(__file__).parent / "data" / "linker.json"

Tree = float | list[Any]
"""A leaf's value, or [name of a number, threshold, tree where ≤, tree else]."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A candidate with the probability that it is the item meant."""

    fit: Fit
    chance: float
    numbers: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Trees:
    """Boosted trees as tables of nodes, so that all candidates go down all trees at once.

    A node asks whether number `asked` is ≤ `at` and goes on at `then[2 * node]`, else at the next
    of `then`; a leaf goes on at itself and holds its `value`.
    """

    names: tuple[str, ...]
    roots: NDArray[np.int64]
    asked: NDArray[np.int64]
    at: NDArray[np.float64]
    then: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: int

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> "Trees":
        """Number all nodes."""
        names: dict[str, int] = {}
        nodes: list[tuple[int, float, int, int, float]] = []
        placed = [_placed(tree, nodes, names) for tree in trees]
        asked, at, low, high, value = zip(*nodes, strict=True)
        return cls(
            tuple(names),
            np.array([root for root, _ in placed]),
            np.array(asked),
            np.array(at),
            np.stack([low, high], axis=1).ravel(),
            np.array(value),
            max(depth for _, depth in placed),
        )

    def scores(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """The sum of the leaves that each candidate ends in."""
        if not rows:
            return []
        numbers = np.array([[row.get(name, 0.0) for name in self.names] for row in rows])
        places = np.tile(self.roots, (len(rows), 1))
        flat, begins = numbers.ravel(), np.arange(len(rows))[:, None] * len(self.names)
        for _ in range(self.depth):
            above = flat.take(begins + self.asked.take(places)) > self.at.take(places)
            places = self.then.take(2 * places + above)
        return [float(score) for score in self.value.take(places).sum(axis=1)]


def _placed(
    tree: Tree, nodes: list[tuple[int, float, int, int, float]], names: dict[str, int]
) -> tuple[int, int]:
    """Put a tree's nodes into the table; gives the place of its root and its depth."""
    place = len(nodes)
    if not isinstance(tree, list):
        nodes.append((0, 0.0, place, place, tree))
        return place, 0
    nodes.append((0, 0.0, place, place, 0.0))
    name, at, *branches = tree
    (low, one), (high, other) = (_placed(branch, nodes, names) for branch in branches)
    nodes[place] = (names.setdefault(name, len(names)), at, low, high, 0.0)
    return place, 1 + max(one, other)


def chances(scores: Sequence[float], sharpness: float, none: float) -> list[float]:
    """The probability of each candidate; what is left to 1 is that it is none of them."""
    sharp = [sharpness * score for score in scores]
    top = max((none, *sharp))
    shares = [math.exp(score - top) for score in sharp]
    whole = sum(shares) + math.exp(none - top)
    return [share / whole for share in shares]


def link(
    mention: Mention, fits: Sequence[Fit], catalogue: Catalogue, nearness: Nearness
) -> list[Linked]:
    """The candidates with their probabilities, the likeliest first."""
    rows, data = features(mention, fits, catalogue, nearness), _data()
    scores = [float(data["base"]) + score for score in _trees().scores(rows)]
    found = map(Linked, fits, chances(scores, data["sharpness"], data["none"]), rows)
    return sorted(found, key=lambda one: -one.chance)


def threshold(name: str) -> float:
    """A threshold of the data file."""
    return float(_data()[name])


@cache
def _trees() -> Trees:
    return Trees.of(_data()["trees"])


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return data
