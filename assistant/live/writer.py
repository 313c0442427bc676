"""Writes a room's steps: those that wait together become one transaction."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from assistant.domain.live_commit import Commit
from assistant.errors import LostLease
from assistant.live.seams import LiveRecords

log = structlog.get_logger()
TRIES = 4
FIRST_PAUSE = 0.05


class Writer:
    """Group commit: while one transaction runs, the next steps gather."""

    def __init__(self, records: LiveRecords, room_id: str, token: int) -> None:
        self._records = records
        self._room_id = room_id
        self._token = token
        self._waiting: list[tuple[Commit, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    def commit(self, step: Commit) -> asyncio.Future[None]:
        """Write a step after those before it; the future is done when it is stored.

        The future raises LostLease, or what the records do.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((step, done))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return done

    async def _run(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            await self._write(taken)
        self._task = None

    async def _write(self, taken: Sequence[tuple[Commit, asyncio.Future[None]]]) -> None:
        try:
            await self._patiently(joined([step for step, _ in taken]))
        except LostLease as lost:
            _end(taken, lost)
        except Exception as error:
            log.exception("step_not_written", room=self._room_id, steps=len(taken))
            if len(taken) == 1:
                _end(taken, error)
                return
            for one in taken:
                await self._write([one])
        else:
            _end(taken, None)

    async def _patiently(self, step: Commit) -> None:
        """A database that is busy for a moment loses nothing."""
        for attempt in range(TRIES):
            try:
                return await self._records.commit(self._room_id, self._token, step)
            except LostLease:
                raise
            except Exception as error:
                log.warning("commit_failed", room=self._room_id, kind=type(error).__name__)
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(FIRST_PAUSE * 2**attempt)
        return None


def _end(taken: Iterable[tuple[Commit, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, done in taken:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)


def joined(steps: Sequence[Commit]) -> Commit:
    """Several steps as one: of a row that is written twice the later form is kept."""
    if len(steps) == 1:
        return steps[0]
    return Commit(
        comments=tuple({row.id: row for step in steps for row in step.comments}.values()),
        decisions=tuple({r.comment_id: r for step in steps for r in step.decisions}.values()),
        questions=tuple({row.id: row for step in steps for row in step.questions}.values()),
        cues=tuple({row.id: row for step in steps for row in step.cues}.values()),
        replies=tuple({row.id: row for step in steps for row in step.replies}.values()),
        addresses={key: row for step in steps for key, row in step.addresses.items()},
        cases=tuple({row.id: row for step in steps for row in step.cases}.values()),
        alerts=tuple({row.id: row for step in steps for row in step.alerts}.values()),
        resolutions=tuple({row.id: row for step in steps for row in step.resolutions}.values()),
        incidents=tuple({row.id: row for step in steps for row in step.incidents}.values()),
        broadcasts=tuple({row.id: row for step in steps for row in step.broadcasts}.values()),
    )
