"""The numbers that rank, as data: `data/weights.json`.

Fitted on one part of the development questions, chosen on a second, reported on a third; what was
tried is in `eval/training/README.md`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.analysis import TermKind


@dataclass(frozen=True)
class Bm25:
    """k1 and b of Robertson and Zaragoza 2009, and a weight for each kind of term."""

    k1: float
    b: float
    kinds: Mapping[TermKind, float]

    @cached_property
    def by_kind(self) -> NDArray[np.float32]:
        """The weights, the number of the kind as the index."""
        return np.array([self.kinds[kind] for kind in TermKind], np.float32)


@dataclass(frozen=True, slots=True)
class Sum:
    """What each score counts in the total."""

    lexical: float
    document: float
    dense: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Weights:
    """BM25 of passages and of whole sources, and the sum that orders the hits.

    `helping` is what an official word counts that stands for an everyday one in the question.
    """

    passage: Bm25
    document: Bm25
    total: Sum
    helping: float


@cache
def shipped() -> Weights:
    """The weights in use."""
    text = (files("assistant.retrieval") / "data" / "weights.json").read_text("utf-8")
    data = json.loads(text)
    kinds = {TermKind[name.upper()]: float(value) for name, value in data["kinds"].items()}
    passage, document = (Bm25(**data[level], kinds=kinds) for level in ("passage", "document"))
    return Weights(passage, document, Sum(**data["total"]), float(data["helping"]))
