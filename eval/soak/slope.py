"""Whether a series is flat: how it grows within lives, and how far any life rose in all.

Faults end processes on purpose, and a fresh process needs less than an old one. So each life of a
process is a group of its own: its first `WARM_UP` seconds are left out, the rest is cut into
blocks. What is loaded once (a page that is drawn anew, safe mode's pictures and fonts) is a step: a
change from block to block far outside of the usual ones. Steps are taken out, and the slope is
fitted to what is above or below the mean of its life; its interval is from draws of blocks. What
steps add is bounded by the rise of a whole life.

Flat: the upper end of the slope, kept up over the whole run, adds less than `SHARE` of the
mean, or hardly anything at all; and no life rose by more than `RISE`, or by hardly anything. What
is too short to tell is not flat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

SHARE = 0.10
"""Of the mean, in the run: 10 % in three days of comments; a service is renewed more often than the
month in which that would double it, and glibc's arenas alone move by some per cent."""
RISE = 0.5
"""Of the mean, from the first settled block of a life to its last one, all steps included."""
WARM_UP = 300.0
"""Seconds of each life in which caches fill and models are read in."""
BLOCK = 12
"""Samples of a block: two minutes of them, more than a garbage collection or an answer."""
FEWEST = 3
"""Changes between blocks below which nothing is said."""
STEP = 5.0
"""Times the usual spread of changes (by their median deviation) that make a step."""
_SPREAD = 1.4826
"""From a median deviation to a standard one."""
_DRAWS, _SEED = 2000, 20250510


@dataclass(frozen=True, slots=True)
class Sample:
    """`value` at `at` seconds of the soak, of the life that is called `life`."""

    at: float
    life: str
    value: float


@dataclass(frozen=True, slots=True)
class Little:
    """Growth in the run, and rise of a life, that hurt nobody, in the series' own unit."""

    growth: float = 0.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Growth in the run with its 95 % interval, largest rise of a life: shares of the mean.

    `samples` are the changes between blocks, `lives` those that have some.
    """

    samples: int
    lives: int
    mean: float
    growth: float = 0.0
    low: float = 0.0
    high: float = 0.0
    rise: float = 0.0
    little: Little = Little()

    @property
    def verdict(self) -> str:
        """`flat`; `grows`, `rose`; `not shown`, where chance might explain that it is not flat."""
        if self.samples < FEWEST:
            return "not shown"
        if self.rise >= RISE and self.rise * self.mean >= self.little.rise:
            return "rose"
        if self.high < SHARE or self.high * self.mean < self.little.growth:
            return "flat"
        return "grows" if self.low > 0 else "not shown"


def fit(
    series: Iterable[Sample], seconds: float, warm_up: float = WARM_UP, little: Little = Little()
) -> Fit:
    """Fit a series of a run of so many seconds."""
    every = list(series)
    lives = [_levels(list(life), warm_up) for _, life in groupby(every, key=lambda one: one.life)]
    lives = [one for one in lives if len(one) > 1]
    mean = float(np.mean([v for one in lives for v in one] or [s.value for s in every] or [0.0]))
    changes = np.array([b - a for one in lives for a, b in pairwise(one)])
    if not lives or not mean:
        return Fit(len(changes), len(lives), mean, little=little)
    blocks = seconds / (BLOCK * _pace(every))
    growth, low, high = (one * blocks / mean for one in _slopes(_straight(lives, changes)))
    rise = max(one[-1] - one[0] for one in lives) / mean
    return Fit(len(changes), len(lives), mean, growth, low, high, rise, little)


def _levels(life: Sequence[Sample], warm_up: float) -> list[float]:
    """The mean of each whole block of what is settled."""
    kept = [one.value for one in life if one.at - life[0].at >= warm_up]
    whole = len(kept) // BLOCK
    return [float(np.mean(kept[n * BLOCK : (n + 1) * BLOCK])) for n in range(whole)]


def _pace(every: Sequence[Sample]) -> float:
    """Seconds from one sample to the next."""
    return float(np.median(np.diff([one.at for one in every])))


def _straight(lives: Sequence[Sequence[float]], changes: np.ndarray) -> list[np.ndarray]:
    """The lives without their steps: each is replaced by the usual change."""
    usual = float(np.median(changes))
    far = STEP * _SPREAD * float(np.median(np.abs(changes - usual)))
    made = []
    for one in lives:
        each = np.diff(one)
        each[np.abs(each - usual) > far] = usual
        made.append(np.concatenate([[0.0], np.cumsum(each)]))
    return made


def _slopes(lives: Iterable[np.ndarray]) -> tuple[float, float, float]:
    """Growth from block to block, and the ends of its interval from seeded draws of blocks."""
    parts = []
    for one in lives:
        at = np.arange(len(one)) - (len(one) - 1) / 2
        parts.append(np.stack([at * (one - one.mean()), at**2], axis=1))
    blocks = np.concatenate(parts)
    drawn = np.random.default_rng(_SEED).integers(0, len(blocks), (_DRAWS, len(blocks)))
    sums = blocks[drawn].sum(axis=1)
    sums = sums[sums[:, 1] > 0]  # draws of nothing but the middles of lives say nothing
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    whole = blocks.sum(axis=0)
    return float(whole[0] / whole[1]), float(low), float(high)
