"""The learned part of the screen: whether a text sounds like an attack on people.

Logistic regression over hashed runs of 1 to 4 characters of the squeezed text, one byte a weight.
It was trained on COLD (Apache-2.0) against ordinary texts: `python -m eval.training.harm`.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

BITS = 18
LONGEST = 4
_PATH = Path(__file__).parent / "data" / "harm.npz"
_FACTOR = np.uint32(2654435761)
_MIX = np.uint32(2745624773)
_HALF = np.uint32(15)
_KEPT = np.uint32(32 - BITS)
_EDGE = "\x02"

Places = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class HarmModel:
    """Weights (`int8`, times `scale`), and the score from which a text counts as harmful."""

    weights: npt.NDArray[np.int8]
    scale: float
    bias: float
    threshold: float

    @classmethod
    def load(cls, path: Path) -> "HarmModel":
        """Read what the training wrote."""
        with np.load(path) as data:
            scale, bias, threshold = (float(data[key]) for key in ("scale", "bias", "threshold"))
            return cls(data["weights"], scale, bias, threshold)

    def score(self, squeezed: str) -> float:
        """Log-odds of a squeezed text (safety.folding); some 30 µs for a comment."""
        at = places(squeezed)
        if not at.size:
            return self.bias
        total = int(self.weights[at].sum(dtype=np.int64))
        return self.bias + self.scale * total / math.sqrt(at.size)

    def __call__(self, squeezed: str) -> bool:
        """Whether the text counts as harmful."""
        return self.score(squeezed) >= self.threshold


def places(squeezed: str) -> Places:
    """Where the runs of a text stand in the table of weights, repeats included."""
    if not squeezed:
        return np.empty(0, np.uint32)
    letters = f"{_EDGE}{squeezed}{_EDGE}".encode("utf-32-le", "replace")
    units: Places = np.frombuffer(letters, dtype=np.uint32)
    runs = [units * _FACTOR]
    for longer in range(1, min(LONGEST, len(units))):
        runs.append((runs[-1][:-1] + units[longer:]) * _FACTOR)
    every = np.concatenate(runs)
    every ^= every >> _HALF
    every *= _MIX
    return np.asarray(every >> _KEPT)


@cache
def shipped_harm() -> HarmModel:
    """The model that comes with the program."""
    return HarmModel.load(_PATH)
