"""What a linker's probabilities give: ranks, and what is answered, right and wrong, by groups."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from eval.training.linker_world import SIZES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Row = dict[str, Any]

WRONG, SURE = 0.01, 0.95
"""At most this share of the questions that reach the linker may be answered about a wrong item: so
surely, and in catalogues of each size."""


@dataclass(frozen=True)
class Chosen:
    """Questions, the probabilities of their candidates, the place of the right one (-1: none)."""

    asked: Sequence[Row]
    chances: Floats
    right: NDArray[np.int64]

    def only(self, keep: Callable[[Row], bool]) -> "Chosen":
        """The questions that are to be kept."""
        few = np.array([i for i, row in enumerate(self.asked) if keep(row)], np.int64)
        return Chosen([self.asked[i] for i in few], self.chances[few], self.right[few])

    @property
    def surety(self) -> Floats:
        """The probability of the likeliest candidate."""
        top: Floats = self.chances.max(axis=1)
        return top

    @property
    def hit(self) -> Flags:
        """Whether the likeliest candidate is the right one."""
        found: Flags = (self.chances.argmax(axis=1) == self.right) & (self.right >= 0)
        return found

    def flags(self, name: str) -> Flags:
        """What is told of each question."""
        return np.array([bool(row[name]) for row in self.asked])


def upper(wrong: NDArray[np.int64], count: int) -> Floats:
    """The most that the share of wrong ones may be, at `SURE` (Clopper and Pearson 1934)."""
    found: Floats = beta.ppf(SURE, wrong + 1, np.maximum(count - wrong, 1e-9))
    return found


def from_where(chosen: Chosen) -> float:
    """The least probability from which on the bound holds in catalogues of each size."""
    reached = chosen.only(lambda row: row["reached"])
    sizes = (reached.only(lambda row, size=size: row["size"] == size) for size in SIZES)
    return max(_least(of.surety, ~of.hit) for of in sizes if of.asked)


def _least(surety: Floats, wrong: Flags) -> float:
    order = np.argsort(-surety)
    good = np.flatnonzero(upper(np.cumsum(wrong[order]), len(wrong)) <= WRONG)
    return float(np.ceil(surety[order][good[-1]] * 1000) / 1000) if len(good) else 1.01


def report(name: str, chosen: Chosen, at: float) -> None:
    """Print the figures of all questions and of each group."""
    _line(name, chosen, at)
    if name == "fit":
        return
    for group, of in _groups(chosen):
        _line(f"  {group}", of, at)


def _groups(chosen: Chosen) -> Iterator[tuple[str, Chosen]]:
    for size in SIZES:
        yield f"{size or 'all'} items", chosen.only(lambda row, size=size: row["size"] == size)
    for kind in sorted({row["kind"] for row in chosen.asked}):
        yield kind, chosen.only(lambda row, kind=kind: row["kind"] == kind)
    yield "with lay terms", chosen.only(lambda row: row["known"])
    yield "lay terms hidden", chosen.only(lambda row: not row["known"])


def _line(name: str, chosen: Chosen, at: float) -> None:
    """Ranks among those that are there; answers among those that reach the linker."""
    present, reached = chosen.flags("present"), chosen.flags("reached")
    place = np.array([row["place"] for row in chosen.asked])
    order = np.argsort(-chosen.chances, axis=1)[:, :5]
    among = (order == chosen.right[:, None]).any(axis=1)
    said = (chosen.surety >= at) & reached
    print(
        f"{name:18} {len(chosen.asked):6}"
        f" | search {_share(place[present] == 1)} {_share((place > 0) & (place <= 5), present)}"
        f" | linker {_share(chosen.hit, present)} {_share(among, present)}"
        f" | answered right {_share(said & chosen.hit, present & reached)}"
        f" wrong {_share(said & ~chosen.hit, reached)}"
    )


def _share(flags: Flags, among: Flags | None = None) -> str:
    counted = flags if among is None else flags[among]
    return f"{counted.mean():.3f}" if len(counted) else "–"
