"""Whether questions still look like those that the calibration was made from.

Measured by the population stability index of each number: the sum over its bins of
(now - then) · ln(now / then). By custom, above 0.1 is a shift, above 0.25 a large one.
"""

import math
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from assistant.answering.calibration import Calibration, Spread
from assistant.domain.answer import Draft, Route

log = structlog.get_logger()

ALARM = 0.25
LEAST = 200
"""So many answers of a kind are needed before anything is said about them."""
KEPT = 1000
"""Drafts of a kind that are compared."""
_BINS = 8
_NEVER_EMPTY = 0.005
Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one number of one kind of answer has moved, over so many latest answers."""

    route: Route
    name: str
    psi: float
    answers: int

    @property
    def is_large(self) -> bool:
        """Whether the calibration should be made anew."""
        return self.psi > ALARM


def spread_of(values: Sequence[float]) -> Spread:
    """The bins of a number: equally many of the labelled answers in each, as far as they differ."""
    ordered = sorted(values)
    cuts = [ordered[len(ordered) * k // _BINS] for k in range(1, _BINS)]
    edges = tuple(dict.fromkeys(round(cut, 4) for cut in cuts))
    return Spread(edges, tuple(round(share, 4) for share in _shares(values, edges)))


def _shares(values: Sequence[float], edges: Sequence[float]) -> list[float]:
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[bisect_right(edges, value + 1e-9)] += 1
    return [count / len(values) for count in counts]


def psi(then: Sequence[float], now: Sequence[float]) -> float:
    """The population stability index of two spreads over the same bins."""
    pairs = ((max(a, _NEVER_EMPTY), max(b, _NEVER_EMPTY)) for a, b in zip(then, now, strict=True))
    return sum((b - a) * math.log(b / a) for a, b in pairs)


class DriftWatch:
    """The latest drafts against a calibration; `answering.kept_drift` carries them on."""

    def __init__(self, calibration: Calibration, *, alarming: bool = True) -> None:
        """`alarming`: a large drift is logged, as it should be of an office's own calibration."""
        self.alarming = alarming
        self._spreads: dict[Route, Mapping[str, Spread]] = {
            route: kind.spreads for route, kind in calibration.kinds.items()
        }
        self._latest: dict[Route, deque[Numbers]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._unsaved: dict[Route, deque[Numbers]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._alarmed: set[tuple[Route, str]] = set()
        self._since = 0

    def take(self, draft: Draft, numbers: Numbers) -> None:
        """Note a draft's numbers; every `LEAST` drafts an alarm is looked for."""
        if draft.route not in self._spreads:
            return
        self._latest[draft.route].append(dict(numbers))
        self._unsaved[draft.route].append(dict(numbers))
        self._since += 1
        if self._since >= LEAST:
            self._since = 0
            if self.alarming:
                self._alarm()

    def unsaved(self) -> dict[Route, tuple[Numbers, ...]]:
        """The drafts that were noted and are not stored yet."""
        return {route: tuple(rows) for route, rows in self._unsaved.items() if rows}

    def saved(self, stored: Mapping[Route, Sequence[Numbers]]) -> None:
        """These are stored: the oldest of those that were not."""
        for route, rows in stored.items():
            waiting = self._unsaved[route]
            for _ in range(min(len(rows), len(waiting))):
                waiting.popleft()

    def load(self, stored: Mapping[Route, Sequence[Numbers]]) -> None:
        """Take the drafts of all processes, oldest first; what is not stored yet comes after."""
        for route in self._spreads:
            rows = (*stored.get(route, ()), *self._unsaved[route])
            self._latest[route] = deque(rows, maxlen=KEPT)
        if self.alarming:
            self._alarm()

    def watched(self, route: Route) -> tuple[str, ...]:
        """The numbers of a kind that are watched."""
        return tuple(self._spreads.get(route, ()))

    def drifts(self) -> list[Drift]:
        """Every watched number with enough answers, the largest first."""
        found = [
            Drift(route, name, round(_moved(spread, name, latest), 4), len(latest))
            for route, latest in self._latest.items()
            if len(latest) >= LEAST
            for name, spread in self._spreads[route].items()
        ]
        return sorted(found, key=lambda one: -one.psi)

    def _alarm(self) -> None:
        large = {(one.route, one.name): one for one in self.drifts() if one.is_large}
        for key, one in large.items():
            if key not in self._alarmed:
                log.warning("verdict_drift", route=one.route, number=one.name, psi=one.psi)
        self._alarmed = set(large)


def _moved(spread: Spread, name: str, latest: Sequence[Numbers]) -> float:
    return psi(spread.shares, _shares([row.get(name, 0.0) for row in latest], spread.edges))
