"""How well confidence tells right from wrong: risk–coverage, AUROC, Brier, ECE.

Terms as in Geifman & El-Yaniv, "Selective classification for deep neural networks" (2017): the
replies are accepted from the surest down; coverage is the share accepted, risk the share of the
accepted that is wrong. Equal confidences are accepted together, so that no order of the cases
changes a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BINS = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """The confidence of one reply (0..1) and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the risk–coverage curve: what is accepted from `confidence` upward."""

    confidence: float
    coverage: float
    risk: float


def curve(scored: Sequence[Scored]) -> list[Point]:
    """The risk–coverage curve, surest first; one point for each distinct confidence."""
    keys, sizes, right = _groups(scored)
    accepted, wrong = np.cumsum(sizes), np.cumsum(sizes - right)
    rows = zip(keys, accepted / max(len(scored), 1), wrong / np.maximum(accepted, 1), strict=True)
    return [Point(float(key), float(coverage), float(risk)) for key, coverage, risk in rows]


def aurc(scored: Sequence[Scored]) -> float:
    """Area under the risk–coverage curve; lower is better, 0 for nothing."""
    _, sizes, right = _groups(scored)
    risk = np.cumsum(sizes - right) / np.maximum(np.cumsum(sizes), 1)
    return float((sizes * risk).sum() / max(len(scored), 1))


def coverage_at(scored: Sequence[Scored], risk: float) -> float:
    """The largest coverage whose risk is at most `risk`."""
    _, sizes, right = _groups(scored)
    accepted, wrong = np.cumsum(sizes), np.cumsum(sizes - right)
    held = accepted[wrong <= risk * accepted]
    return float(held.max(initial=0) / max(len(scored), 1))


def auroc(scored: Sequence[Scored]) -> float | None:
    """Probability that a right reply is surer than a wrong one; None where one kind is missing."""
    _, sizes, right = _groups(scored)
    wrong = sizes - right
    if not right.sum() or not wrong.sum():
        return None
    below = wrong.sum() - np.cumsum(wrong)
    return float((right * (below + wrong / 2)).sum() / (right.sum() * wrong.sum()))


def brier(scored: Sequence[Scored]) -> float | None:
    """Mean squared error of the confidence."""
    if not scored:
        return None
    p, y = _columns(scored)
    return float(np.square(p - y).mean())


def ece(scored: Sequence[Scored]) -> float | None:
    """Expected calibration error over ten bins of equal width."""
    if not scored:
        return None
    return sum(abs(one.confidence - one.right) * one.count for one in reliability(scored)) / len(
        scored
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """Replies of like confidence: their number, mean confidence and share of right ones."""

    count: int
    confidence: float
    right: float


def reliability(scored: Sequence[Scored]) -> list[Bin]:
    """The reliability diagram: ten bins of equal width, without the empty ones."""
    p, y = _columns(scored)
    of = np.minimum((p * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(of, minlength=_BINS)
    sums, hits = (np.bincount(of, column, minlength=_BINS) for column in (p, y))
    return [
        Bin(int(n), float(total / n), float(right / n))
        for n, total, right in zip(counts, sums, hits, strict=True)
        if n
    ]


Floats = NDArray[np.float64]


def _columns(scored: Sequence[Scored]) -> tuple[Floats, Floats]:
    p = np.array([one.confidence for one in scored], dtype=np.float64)
    return p, np.array([one.right for one in scored], dtype=np.float64)


def _groups(scored: Sequence[Scored]) -> tuple[Floats, Floats, Floats]:
    """Distinct confidences from the surest down, how many replies have each, how many are right."""
    p, y = _columns(scored)
    keys, of = np.unique(-p, return_inverse=True)
    sizes, right = np.bincount(of, minlength=len(keys)), np.bincount(of, y, minlength=len(keys))
    return -keys, sizes.astype(np.float64), right.astype(np.float64)
