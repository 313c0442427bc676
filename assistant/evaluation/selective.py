"""How well confidence tells right from wrong: risk–coverage, AUROC, Brier, ECE.

Terms as in Geifman & El-Yaniv, "Selective classification for deep neural networks" (2017): the
replies are accepted from the surest down; coverage is the share accepted, risk the share of the
accepted that is wrong. Equal confidences are accepted together, so that no order of the cases
changes a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

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
    points: list[Point] = []
    accepted = wrong = 0
    for confidence, group in _by_confidence(scored):
        accepted += len(group)
        wrong += sum(not one.right for one in group)
        points.append(Point(confidence, accepted / len(scored), wrong / accepted))
    return points


def aurc(scored: Sequence[Scored]) -> float:
    """Area under the risk–coverage curve; lower is better, 0 for nothing."""
    area = before = 0.0
    for point in curve(scored):
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area


def coverage_at(scored: Sequence[Scored], risk: float) -> float:
    """The largest coverage whose risk is at most `risk`."""
    return max((point.coverage for point in curve(scored) if point.risk <= risk), default=0.0)


def auroc(scored: Sequence[Scored]) -> float | None:
    """Probability that a right reply is surer than a wrong one; None where one kind is missing."""
    right = sum(one.right for one in scored)
    wrong = len(scored) - right
    if not right or not wrong:
        return None
    ahead = 0.0
    wrong_below = wrong
    for _, group in _by_confidence(scored):
        here = sum(not one.right for one in group)
        wrong_below -= here
        ahead += (len(group) - here) * (wrong_below + here / 2)
    return ahead / (right * wrong)


def brier(scored: Sequence[Scored]) -> float | None:
    """Mean squared error of the confidence."""
    if not scored:
        return None
    return sum((one.confidence - one.right) ** 2 for one in scored) / len(scored)


def ece(scored: Sequence[Scored]) -> float | None:
    """Expected calibration error over ten bins of equal width."""
    if not scored:
        return None
    bins: list[list[Scored]] = [[] for _ in range(_BINS)]
    for one in scored:
        bins[min(int(one.confidence * _BINS), _BINS - 1)].append(one)
    return sum(abs(_gap(held)) * len(held) for held in bins if held) / len(scored)


def _gap(held: Sequence[Scored]) -> float:
    return sum(one.confidence - one.right for one in held) / len(held)


def _by_confidence(scored: Sequence[Scored]) -> list[tuple[float, list[Scored]]]:
    ordered = sorted(scored, key=lambda one: -one.confidence)
    return [(key, list(group)) for key, group in groupby(ordered, lambda one: one.confidence)]
