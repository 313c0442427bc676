"""Counts the ledger's rows of a night one by one: there may be more than fit in memory."""

import heapq
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from assistant.domain.ledger import LedgerRow
from assistant.domain.live import OutcomeKind
from assistant.insight.report import Slow, Waits
from assistant.insight.ways import Way, way_of

WORST = 5


class Tally:
    """Ways and waits of the rows that were added."""

    def __init__(self) -> None:
        self.ways: Counter[Way] = Counter()
        self._to_outcome = _Waits()
        self._to_sound = _Waits()

    def add(self, rows: Iterable[LedgerRow]) -> None:
        """Some rows more."""
        for row in rows:
            self.ways[way_of(row)] += 1
            self._to_outcome.add(row, _seconds(row.received_at, row.decided_at))
            if row.outcome is OutcomeKind.SPOKEN and row.said_at and row.said_at >= row.decided_at:
                self._to_sound.add(row, _seconds(row.decided_at, row.said_at))

    @property
    def to_outcome(self) -> Waits:
        """From receipt to decision."""
        return self._to_outcome.told()

    @property
    def to_sound(self) -> Waits:
        """From decision to the first sound."""
        return self._to_sound.told()


class _Waits:
    """All lengths, and the rows of the longest."""

    def __init__(self) -> None:
        self._all: list[float] = []
        self._worst: list[tuple[float, str, Slow]] = []

    def add(self, row: LedgerRow, seconds: float) -> None:
        self._all.append(seconds)
        slow = Slow(
            row.id, row.question_id, row.room_name, row.received_at, row.text, round(seconds, 3)
        )
        heapq.heappush(self._worst, (seconds, row.id, slow))
        if len(self._worst) > WORST:
            heapq.heappop(self._worst)

    def told(self) -> Waits:
        if not self._all:
            return Waits()
        ordered, last = sorted(self._all), len(self._all) - 1
        middle, late = ordered[round(last * 0.5)], ordered[round(last * 0.95)]
        worst = tuple(slow for _, _, slow in sorted(self._worst, reverse=True))
        return Waits(len(ordered), round(middle, 3), round(late, 3), worst)


def _seconds(begin: datetime, end: datetime) -> float:
    return max(0.0, (end - begin).total_seconds())
