"""Where in the evidence the answer stands: the chance that it begins here, and that it ends there.

Two linear models, as in extractive reading (SQuAD): a softmax over the clauses for the beginning
and a hazard for the end. The window that is quoted maximises the chance of holding the whole
answer within 150 characters. Weights: `data/quote_model.json`, fitted by
`eval/training/quotes.py` on development questions with reference answers.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.answering.clause_features import (
    Columns,
    Floats,
    Grid,
    Ints,
    end_columns,
    span_columns,
    start_columns,
)

_DATA = Path(__file__).parent / "data" / "quote_model.json"
_UNLIKELY = 0.002
_TRIED = 24
"""So many windows are tried where the best is turned down."""
_WIDEST = 40
"""Most clauses between the beginning and the end of an answer."""


@dataclass(frozen=True, slots=True)
class SpanModel:
    """Weights by feature name; a feature without a weight does not count."""

    version: str
    start: Mapping[str, float]
    end: Mapping[str, float]
    end_bias: float


@dataclass(frozen=True, slots=True)
class Window:
    """Clauses `begin`..`end`, both included, at most 150 characters together.

    `chance` is the estimated probability that they hold the whole answer, given that the
    evidence holds it at all; `rival` the same for the best window of another source; `logit` the
    unnormalised score of its best beginning, which tells good evidence from poor.
    """

    begin: int
    end: int
    chance: float
    rival: float
    logit: float


@cache
def default_model() -> SpanModel:
    """The shipped weights."""
    return load_model(_DATA)


def load_model(path: Path) -> SpanModel:
    """Read a model file."""
    data = json.loads(path.read_text("utf-8"))
    return SpanModel(data["version"], data["start"], data["end"], float(data["end_bias"]))


def best_window(
    grid: Grid,
    model: SpanModel,
    slack: float = 0.05,
    lead_in: float = 0.03,
    accept: Callable[[Window], bool] = lambda window: True,
) -> Window:
    """Choose the window, without what hardly matters at its ends.

    It ends where at most `slack` of its chance is lost, and begins with a later sentence where at
    most `lead_in` of it is. `accept` may turn windows down: then the next best of the same source
    is taken, or, where none is accepted, the best of all.
    """
    starts = start_columns(grid)
    score = _weighted(starts, model.start, grid.count)
    chance = np.exp(score - score.max())
    chance /= chance.sum()
    held = _held(grid, model, starts, chance)
    full = held[np.arange(grid.count), np.minimum(grid.last - np.arange(grid.count), _WIDEST - 1)]

    def window(at: int) -> Window:
        begin = _later(grid, full, at, lead_in)
        row = held[begin, : grid.last[begin] - begin + 1]
        end = begin + int(np.argmax(row >= row[-1] * (1.0 - slack)))
        logit = float(score[begin : end + 1].max())
        return Window(begin, end, float(full[begin]), _rival(grid, full, begin), logit)

    best = window(int(full.argmax()))
    if accept(best):
        return best
    others = (window(at) for at in _next_best(grid, full, best.begin))
    return next(filter(accept, others), best)


def _next_best(grid: Grid, full: Floats, begin: int) -> list[int]:
    """Where the next best windows of the same source begin, the best first."""
    mine = grid.clauses[begin].hit.source.id
    order = np.argsort(-full, kind="stable").tolist()
    return [i for i in order if full[i] > 0 and grid.clauses[i].hit.source.id == mine][:_TRIED]


def _later(grid: Grid, full: Floats, begin: int, lead_in: float) -> int:
    """The latest beginning of a sentence within the window that holds the answer as surely."""
    ends = range(begin, int(grid.last[begin]) + 1)
    opens = [i for i in ends if i == begin or _new_sentence(grid, i)]
    return max(i for i in opens if full[i] >= full[begin] * (1.0 - lead_in))


def _new_sentence(grid: Grid, clause: int) -> bool:
    return grid.clauses[clause - 1].piece.folded.rstrip().endswith(("。", "!", "?", "…"))


def _weighted(columns: Columns, weights: Mapping[str, float], count: int) -> Floats:
    total = np.zeros(count)
    for name, column in columns.items():
        weight = weights.get(name)
        if weight:
            total += weight * column
    return total


def _held(grid: Grid, model: SpanModel, starts: Columns, chance: Floats) -> Floats:
    """`held[a, k]`: the chance that clauses a..a+k hold the whole answer."""
    begin = np.flatnonzero(chance > min(_UNLIKELY, float(chance.max()) * 0.5))
    done = _done(grid, model, starts, begin)
    held = np.zeros((grid.count, _WIDEST))
    for row, i in enumerate(begin.tolist()):
        gain = chance[i] * done[row]
        low = int(np.searchsorted(grid.last, i))
        for a in range(max(low, i - _WIDEST + 1, int(grid.first[i])), i + 1):
            held[a, i - a :] += gain[: _WIDEST - (i - a)]
    return held


def _done(grid: Grid, model: SpanModel, starts: Columns, begin: Ints) -> Floats:
    """`done[r, k]`: the chance that what began at `begin[r]` has ended k clauses later."""
    ends = begin[:, None] + np.arange(_WIDEST)[None, :]
    inside = ends <= grid.final[begin][:, None]
    ends = np.minimum(ends, grid.count - 1)
    static = end_columns(grid, starts)
    base = _weighted(static, model.end, grid.count)
    score = base[ends] + model.end_bias
    for name, column in span_columns(grid, starts, static, begin[:, None], ends).items():
        score += model.end.get(name, 0.0) * column
    hazard = np.where(inside, 1.0 / (1.0 + np.exp(-np.clip(score, -30, 30))), 0.0)
    return np.asarray(1.0 - np.cumprod(1.0 - hazard, axis=1), dtype=np.float64)


def _rival(grid: Grid, full: Floats, begin: int) -> float:
    mine = grid.clauses[begin].hit.source.id
    others = [full[i] for i in range(grid.count) if grid.clauses[i].hit.source.id != mine]
    return float(max(others, default=0.0))
