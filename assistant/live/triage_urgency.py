"""The learned part of "must a person know at once": concepts of a comment, and characters.

A softmax over words of some forty concepts (a person, blood, fire, a rule, the past, a game…), any
two of them together, and hashed characters. It widens the rules of `triage_rules`, which know only
certain wordings. Trained by `python -m eval.training.triage_urgency`; figures in
eval/training/README.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigurationError
from assistant.live.triage_text import SCALE, fold, hashed

__all__ = ["CALLS", "COARSE", "LEVELS", "Concepts", "UrgencyModel", "crossed"]

_DATA = Path(__file__).parent / "data"

LEVELS = ("normal", "urgent", "120", "119", "110", "12356")
"""What the model tells apart: nothing, people first, and whom to call."""

CALLS = LEVELS[2:]
NORMAL, URGENT, FIRST_CALL = 0, 1, 2

_SHIFT = 2
COARSE = (1 << 16) >> _SHIFT
"""Number of hashed features: those of the triage, put together by fours."""

_FIGURE = "figure"
"""The concept of sayings that mean no harm (笑死, 火锅): they hide the words within them."""


class Concepts:
    """Finds the concepts of a folded text, some ten microseconds each."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.names = tuple(words)
        known: dict[str, tuple[int, ...]] = {}
        for place, listed in enumerate(words.values()):
            for word in set(map(fold, listed.split())):
                known[word] = (*known.get(word, ()), place)
        self._known = known
        self._begins = {word[0] for word in known}
        self._sizes = range(1, 1 + max(map(len, known), default=0))
        self._figure = self.names.index(_FIGURE) if _FIGURE in words else -1

    @classmethod
    def shipped(cls) -> "Concepts":
        """With the words that the shipped model was trained on."""
        read = json.loads((_DATA / "triage.concepts.json").read_text("utf-8"))
        return cls(read["concepts"])

    def __call__(self, folded: str) -> list[int]:
        """The numbers of the concepts, in order."""
        hits, hidden = [], []
        for place in range(len(folded)):
            if folded[place] not in self._begins:
                continue
            for size in self._sizes:
                found = self._known.get(folded[place : place + size])
                if found and place + size <= len(folded):
                    hits.append((place, place + size, found))
                    if self._figure in found:
                        hidden.append((place, place + size))
        if hidden:
            hits = [hit for hit in hits if self._figure in hit[2] or not _inside(hit, hidden)]
        return sorted({number for hit in hits for number in hit[2]})


def _inside(hit: tuple[int, int, tuple[int, ...]], spans: list[tuple[int, int]]) -> bool:
    return any(start <= hit[0] and hit[1] <= end for start, end in spans)


def crossed(found: list[int], count: int) -> list[int]:
    """Rows of the concepts found and of any two of them, of `count` concepts: count² rows."""
    pairs = [first * count + second for at, first in enumerate(found) for second in found[at + 1 :]]
    return [number * count + number for number in found] + pairs


@dataclass(frozen=True, slots=True)
class UrgencyModel:
    """Weights of characters (COARSE × levels), of concepts (count² × levels), and two limits.

    `call_from` is the least probability of any danger that calls for help; `urgent_from` the least
    of one or of urgency that puts people first; `calm_from` the least probability of calm that
    overrules a rule.
    """

    version: str
    call_from: float
    urgent_from: float
    calm_from: float
    characters: NDArray[np.float32]
    concepts: NDArray[np.float32]
    bias: NDArray[np.float32]
    sees: Concepts

    @classmethod
    def shipped(cls, folder: Path = _DATA) -> "UrgencyModel":
        """Read `triage.urgency.*`. Raises ConfigurationError where they do not fit."""
        settings = json.loads((folder / "triage.urgency.json").read_text("utf-8"))
        sees = Concepts.shipped()
        with np.load(folder / "triage.urgency.npz") as arrays:
            characters, concepts, bias = (
                arrays[name].astype(np.float32) for name in ("characters", "concepts", "bias")
            )
        if (characters.shape, concepts.shape) != (
            (COARSE, len(LEVELS)),
            (len(sees.names) ** 2, len(LEVELS)),
        ):
            raise ConfigurationError(
                "紧急程度模型与程序不符：请重新训练（eval.training.triage_urgency）"
            )
        call, urgent, calm = (
            float(settings[name]) for name in ("call_from", "urgent_from", "calm_from")
        )
        return cls(settings["version"], call, urgent, calm, characters, concepts, bias, sees)

    def probabilities(self, folded: str) -> NDArray[np.float32]:
        """The probability of each level; they sum to 1."""
        buckets = hashed(folded) >> np.uint32(_SHIFT)
        total = self.characters[buckets].sum(axis=0) * np.float32(len(buckets) ** -SCALE)
        found = crossed(self.sees(folded), len(self.sees.names))
        if found:
            total = total + self.concepts[found].sum(axis=0)
        total = total + self.bias
        odds = np.exp(total - total.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    def call(self, odds: NDArray[np.float32]) -> str:
        """Whom to call at once, or ""."""
        if float(odds[FIRST_CALL:].sum()) < self.call_from:
            return ""
        return CALLS[int(odds[FIRST_CALL:].argmax())]

    def is_urgent(self, odds: NDArray[np.float32]) -> bool:
        """Whether a person must know soon."""
        return float(odds[URGENT:].sum()) >= self.urgent_from

    def is_calm(self, odds: NDArray[np.float32]) -> bool:
        """Whether there is so surely no danger that a rule's word is not enough."""
        return float(odds[FIRST_CALL:].sum()) <= 1 - self.calm_from
