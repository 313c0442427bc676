"""How long there was a picture: seconds without one, summed up while a soak runs."""

from collections.abc import Sequence
from itertools import pairwise

from eval.drills.drill_viewer import USUAL


class Watch:
    """A pause longer than `USUAL` between two living moments counts whole, from its begin on."""

    def __init__(self, now: float) -> None:
        self._last = self._counted = now

    def gone(self, lived: Sequence[float], now: float) -> float:
        """Seconds without a picture that were not told yet. `lived` may begin in the past."""
        moments = [self._last, *(at for at in lived if at > self._last)]
        told = sum(self._told(a, b) for a, b in pairwise(moments))
        self._last = moments[-1]
        return told + self._told(self._last, now)

    def _told(self, since: float, until: float) -> float:
        if until - since <= USUAL:
            return 0.0
        begin, self._counted = max(since, self._counted), until
        return max(0.0, until - begin)
