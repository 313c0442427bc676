"""Which morning's letter was sent: by one process, once, also after a restart.

A letter that was being sent when its process died may have arrived: it is `uncertain`, and is not
sent again (DESIGN §3, at most once where there is no idempotency key).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from assistant.domain.clock import Clock
from assistant.records.database import AnyQuery, Database
from assistant.records.live_writes import new_only
from assistant.records.schema_insight import morning_letters as letters


class LetterState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Letter:
    """One morning's letter. `tries` counts how often sending it was begun."""

    day: date
    state: LetterState
    tries: int
    sent_at: datetime | None


class MorningLetters:
    """The letters of one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def letter(self, day: date) -> Letter | None:
        """What is known of a day's letter; None where none was begun."""
        async with self._database.read() as connection:
            row = (await connection.execute(self._row(day))).first()
        return Letter(row.day, LetterState(row.state), row.tries, row.sent_at) if row else None

    async def take(self, day: date, holder: str, seconds: float) -> bool:
        """Begin to send, for so long; False where it is sent, is being sent, or waits."""
        return await self._database.in_one(
            lambda connection: self._take(connection, day, holder, seconds), durable=True
        )

    async def sent(self, day: date, holder: str) -> None:
        """It was taken by the mail server."""
        await self._set(day, holder, state=LetterState.SENT, sent_at=self._clock())

    async def failed(self, day: date, holder: str, again: float) -> None:
        """It was not sent; it may be tried again after so many seconds."""
        until = self._clock() + timedelta(seconds=again)
        await self._set(day, holder, state=LetterState.WAITING, held_until=until)

    def _take(self, connection: Connection, day: date, holder: str, seconds: float) -> bool:
        now = self._clock()
        first = {"state": LetterState.WAITING, "holder": "", "held_until": now, "tries": 0}
        own = {"organization_id": self._organization, "day": day}
        connection.execute(new_only(self._database.dialect, letters), [own | first])
        row = connection.execute(self._row(day).with_for_update()).one()
        if row.state not in {LetterState.WAITING, LetterState.SENDING} or row.held_until > now:
            return False
        change = update(letters).where(*self._is(day))
        if row.state == LetterState.SENDING:
            connection.execute(change.values(state=LetterState.UNCERTAIN))
            return False
        until = now + timedelta(seconds=seconds)
        values = {"state": LetterState.SENDING, "holder": holder, "held_until": until}
        connection.execute(change.values(**values, tries=row.tries + 1))
        return True

    async def _set(self, day: date, holder: str, **values: Any) -> None:
        mine = letters.c.holder == holder, letters.c.state == LetterState.SENDING
        async with self._database.write(durable=True) as connection:
            await connection.execute(update(letters).where(*self._is(day), *mine).values(**values))

    def _row(self, day: date) -> AnyQuery:
        return select(letters).where(*self._is(day))

    def _is(self, day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return letters.c.organization_id == self._organization, letters.c.day == day
