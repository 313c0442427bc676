"""Measured shares and how far they can be trusted."""

import math
from dataclasses import dataclass

_Z95 = 1.959963984540054


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a rate (Wilson 1927); (0, 1) of nothing."""
    if total == 0:
        return 0.0, 1.0
    rate, z2 = hits / total, _Z95 * _Z95
    centre = (rate + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z95 * math.sqrt(rate * (1 - rate) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return max(0.0, min(rate, centre - half)), min(1.0, max(rate, centre + half))


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int = 0
    total: int = 0

    @property
    def rate(self) -> float | None:
        """The share, 0..1; None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson)."""
        return wilson(self.hits, self.total)


def upper_bound(wrong: int, total: int, confidence: float) -> float:
    """The one-sided upper bound of an error rate (Clopper and Pearson 1934); 1 of nothing.

    The largest rate at which so few or fewer wrong ones still happen with `1 - confidence`.
    """
    if total <= 0 or wrong >= total:
        return 1.0
    low, high = wrong / total, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if at_most(wrong, total, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(wrong: int, total: int, rate: float) -> float:
    """The probability of at most `wrong` errors among `total` at an error rate (binomial)."""
    if rate <= 0.0:
        return 1.0
    if rate >= 1.0:
        return float(wrong >= total)
    first = math.lgamma(total + 1)
    terms = (
        first
        - math.lgamma(k + 1)
        - math.lgamma(total - k + 1)
        + k * math.log(rate)
        + (total - k) * math.log1p(-rate)
        for k in range(wrong + 1)
    )
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def least_cases(bound: float, confidence: float, wrong: int = 0) -> int:
    """So many answers with `wrong` wrong ones are needed before a bound can be promised."""
    total = max(wrong + 1, math.ceil(math.log(1.0 - confidence) / math.log1p(-bound)))
    while at_most(wrong, total, bound) > 1.0 - confidence:
        total += 1
    return total
