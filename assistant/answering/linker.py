"""Which service item an everyday question means, as probabilities: a learned choice.

A conditional logit: every candidate gets a score from its numbers (`linker_features`), and so does
"none of these"; the shares of their exponentials are the probabilities. What is near the best
lowers its share, so that a question that fits several items alike makes none sure. Weights are data
(`data/linker.json`), fitted by `eval.training.linker` on everyday questions by service.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.items import Catalogue
from assistant.answering.linker_features import features
from assistant.answering.matching import Fit
from assistant.answering.mention import Mention

_DATA = Path(__file__).parent / "data" / "linker.json"
FOUND = 30
"""So many items of the passage search are candidates."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A candidate with the probability that it is the item meant."""

    fit: Fit
    chance: float
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LinkerModel:
    """Weights of the numbers, the score of none, and how much scores are sharpened or flattened."""

    weights: Mapping[str, float]
    none: float
    sharpness: float = 1.0

    def score(self, numbers: Mapping[str, float]) -> float:
        """The score of one candidate."""
        return sum(w * numbers.get(name, 0.0) for name, w in self.weights.items())

    def chances(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """The probability of each candidate; what is left to 1 is that it is none of them."""
        scores = [self.sharpness * self.score(row) for row in rows]
        none = self.sharpness * self.none
        top = max((none, *scores))
        shares = [math.exp(score - top) for score in scores]
        whole = sum(shares) + math.exp(none - top)
        return [share / whole for share in shares]


def link(mention: Mention, fits: Sequence[Fit], catalogue: Catalogue) -> list[Linked]:
    """The candidates with their probabilities, the likeliest first."""
    rows = features(mention, fits, catalogue)
    chances = shipped().chances(rows)
    linked = map(Linked, fits, chances, rows)
    return sorted(linked, key=lambda one: -one.chance)


def threshold(name: str) -> float:
    """A threshold of the data file."""
    return float(_data()[name])


@cache
def shipped() -> LinkerModel:
    """The model in use."""
    data = _data()
    return LinkerModel(data["weights"], float(data["none"]), float(data["sharpness"]))


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return data
