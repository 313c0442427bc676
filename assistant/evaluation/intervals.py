"""Uncertainty of measured rates: Wilson intervals, seeded bootstrap, McNemar's exact test."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from assistant.domain.rates import wilson

__all__ = ["Interval", "bootstrap_mean", "bootstrap_of", "mcnemar", "paired_difference", "wilson"]

Interval = tuple[float, float]
T = TypeVar("T")

_RESAMPLES = 2000
_FEW = 400
"""Resamples where each costs a pass over all cases."""
_SEED = 20250510
"""Any fixed number: the same results give the same intervals."""


def bootstrap_mean(values: Sequence[float]) -> Interval:
    """95 % percentile interval of a mean, from seeded resamples."""
    if not values:
        return 0.0, 0.0
    means = _resampled_means(np.asarray(values, dtype=float))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_of(
    measures: Mapping[str, Callable[[Sequence[T]], float | None]], of: Sequence[T]
) -> dict[str, Interval]:
    """95 % percentile intervals of measures over whole lists, from seeded resamples.

    A resample of which a measure is not defined (no wrong reply in it) is left out for it.
    """
    random, size = np.random.default_rng(_SEED), len(of)
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(_FEW if measures else 0):
        drawn = [of[i] for i in random.integers(0, size, size).tolist()]
        for name, measure in measures.items():
            value = measure(drawn)
            if value is not None:
                found[name].append(value)
    ends = {name: np.percentile(values or [0.0], [2.5, 97.5]) for name, values in found.items()}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p of McNemar's test from the two counts of discordant pairs."""
    total = only_first + only_second
    if total == 0:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, float(2 * tail / 2**total))


def paired_difference(first: Sequence[float], second: Sequence[float]) -> tuple[float, Interval]:
    """Mean of `second - first` over pairs with its 95 % bootstrap interval."""
    differences = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    return float(differences.mean()), bootstrap_mean(differences.tolist())


def _resampled_means(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> "np.ndarray":
    random = np.random.default_rng(_SEED)
    size = len(values)
    chunks = max(1, _RESAMPLES * size // 4_000_000)
    rounds = [_RESAMPLES // chunks + (i < _RESAMPLES % chunks) for i in range(chunks)]
    return np.concatenate(
        [values[random.integers(0, size, (count, size))].mean(axis=1) for count in rounds]
    )
