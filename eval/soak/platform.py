"""What counts outside the service, each count on the disk before it is acknowledged."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

import httpx

from eval.drills.drill_stream import Mirror
from eval.drills.drill_world import Asking
from eval.drills.serve_platform import ReplyServer, Row
from eval.drills.serve_process import ROOM
from eval.soak.journal import Journal, State
from eval.soak.plan import Plan
from eval.soak.traffic import Traffic, comments_by

PACE = 0.5
"""Seconds between two pushes."""
MOST = 60
"""Comments in one push: what a platform missed while the soak did not run comes in portions."""
AGAIN = 0.05
"""Pushes that bring a comment which was acknowledged long ago."""


class Platform(Asking):
    """Sends by the day's curve; numbers comments on over all lives of the soak."""

    def __init__(self, url: str, plan: Plan, state: State, journal: Journal) -> None:
        super().__init__(url, plan.seed)
        self._plan, self._journal = plan, journal
        self._traffic = Traffic.of(plan.seed)
        self._before, self._by_curve, self._number = state.elapsed, state.by_curve, state.sent
        self.sent = {event(n): self._comment(n) for n in range(state.sent)}
        self.acknowledged = {event(n) for n in state.acknowledged}
        self._left = state.unacknowledged
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds of the soak."""
        return self._before + time.monotonic() - self._began

    @property
    def traffic_hours(self) -> float:
        """Hours of traffic that were got through."""
        return min(self._plan.traffic_hours, self.elapsed / 3600 * self._plan.speed)

    async def ask(self, stop: asyncio.Event) -> None:
        """Push again what no life of the soak saw acknowledged, then by the curve."""
        self._began = time.monotonic()
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            waiting = set[asyncio.Task[None]]()
            try:
                again = [self.sent[event(n)] for n in self._left]
                portions = [again[n : n + MOST] for n in range(0, len(again), MOST)]
                portions.append(self._curve(1))  # the first is waited for
                while not stop.is_set():
                    portions += [self._curve(due)] if (due := self._due()) else []
                    for rows in portions:
                        task = asyncio.create_task(self._push(http, rows))
                        waiting.add(task)
                        task.add_done_callback(waiting.discard)
                    portions = []
                    await asyncio.sleep(PACE)
            finally:
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)

    def _due(self) -> int:
        wanted = comments_by(self.traffic_hours, self._plan.busiest) - self._by_curve
        return 0 if self.is_held else max(0, min(MOST, wanted))

    def _curve(self, number: int) -> list[Row]:
        self._by_curve += number
        return self._new(number, flood=False)

    def _batch(self, number: int) -> list[Row]:
        """A fault floods the room."""
        return self._new(number, flood=True)

    def _new(self, number: int, *, flood: bool) -> list[Row]:
        first, self._number = self._number, self._number + number
        self._journal.add("sent", first=first, count=number, flood=flood)
        rows = [self._comment(n) for n in range(first, first + number)]
        self.sent |= {row["event_id"]: row for row in rows}
        if first and self._random.random() < AGAIN:
            rows.append(self.sent[event(self._random.randrange(first))])
        return rows

    def _comment(self, number: int) -> Row:
        return {
            "event_id": event(number),
            "platform": "webhook",
            "room_id": ROOM,
            "type": "comment",
            "at": float(number),
            "user": {"id": f"u{number}", "name": f"网友{number}"},
            "text": self._traffic.text(number),
        }

    async def _push(self, http: httpx.AsyncClient, rows: list[Row]) -> None:
        await super()._push(http, rows)
        self._journal.add("ack", numbers=numbers(row["event_id"] for row in rows))


class Replies(ReplyServer):
    """Counts replies over all lives."""

    def __init__(self, seed: int, state: State, journal: Journal) -> None:
        super().__init__(seed)
        self.keys = Counter(state.replies)
        self._journal = journal

    def _count(self, headers: dict[str, str], body: bytes) -> None:
        super()._count(headers, body)
        self._journal.add("reply", key=headers["idempotency-key"])


class Told(dict[str, dict[str, Any]]):
    """What the stage was told, over all lives."""

    def __init__(self, state: State, journal: Journal) -> None:
        super().__init__(state.told)
        self._journal = journal

    def __setitem__(self, name: str, cue: dict[str, Any]) -> None:
        """A cue that is told again says the same and is not noted again."""
        kept = {key: cue[key] for key in ("id", "text", "spoken")}
        if self.get(name) != kept:
            self._journal.add("told", cue=kept)
        super().__setitem__(name, kept)


class Listener(Mirror):
    """The stage's mirror with such a memory."""

    def __init__(self, line: str, state: State, journal: Journal) -> None:
        super().__init__(line)
        self.told = Told(state, journal)


def event(number: int) -> str:
    """The platform's name of a comment."""
    return f"s{number}"


def numbers(events: Iterable[str]) -> list[int]:
    """Back from names."""
    return [int(name[1:]) for name in events]
