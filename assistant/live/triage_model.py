"""The learned part of the triage: a softmax over hashed characters and the features of a comment.

Trained by `python -m eval.training.triage`; figures in eval/training/README.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigurationError
from assistant.live.triage_text import BUCKETS, DENSE, SCALE, hashed

__all__ = ["CLASSES", "QUESTION", "TriageModel"]

_DATA = Path(__file__).parent / "data"

CLASSES = ("question", "talk", "off_topic", "complaint")
"""What the model tells apart; talk is all that wants no answer."""

QUESTION, TALK, OFF_TOPIC, COMPLAINT = range(4)


@dataclass(frozen=True, slots=True)
class TriageModel:
    """Weights of a hashed feature (BUCKETS × classes), of the others, and where a question begins.

    `threshold` is the least probability of a question that is taken for one.
    """

    version: str
    threshold: float
    characters: NDArray[np.float32]
    others: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def shipped(cls, folder: Path = _DATA) -> "TriageModel":
        """Read `triage.json` and `triage.npz`. Raises ConfigurationError where they do not fit."""
        settings = json.loads((folder / "triage.json").read_text("utf-8"))
        with np.load(folder / "triage.npz") as arrays:
            characters = arrays["characters"].astype(np.float32)
            others, bias = arrays["others"], arrays["bias"]
        if characters.shape != (BUCKETS, len(CLASSES)) or others.shape != (DENSE, len(CLASSES)):
            raise ConfigurationError("问题判别模型与程序不符：请重新训练（eval.training.triage）")
        return cls(settings["version"], settings["threshold"], characters, others, bias)

    def probabilities(self, folded: str, features: Sequence[float]) -> NDArray[np.float32]:
        """The probability of each class; they sum to 1."""
        buckets = hashed(folded)
        total = self.characters[buckets].sum(axis=0) * np.float32(len(buckets) ** -SCALE)
        total += np.asarray(features, dtype=np.float32) @ self.others + self.bias
        odds = np.exp(total - total.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)
