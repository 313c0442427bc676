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
