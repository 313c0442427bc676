"""Sends the morning's report by e-mail: on workdays, at the office's hour, once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

import structlog

from assistant.domain.clock import Clock
from assistant.domain.workdays import CHINA, OfficeHours
from assistant.errors import ConfigurationError, Unavailable
from assistant.insight.morning import Mornings
from assistant.insight.paper import pdf_of
from assistant.insight.report import Morning
from assistant.insight.words import TITLE, letter, period, title
from assistant.jobs.chores import Chore
from assistant.records.morning_letters import LetterState, MorningLetters

log = structlog.get_logger()
LEASE = 120.0
"""Seconds for which one process sends; the mail server has eight for each step."""
AGAIN = 300.0
"""Seconds until a letter that was not taken is tried again."""
LOOK = 20.0
FINAL = frozenset({LetterState.SENT, LetterState.UNCERTAIN})


class Send(Protocol):
    """Sends one letter with a file. Raises Unavailable unless the server took it."""

    async def __call__(self, subject: str, text: str, name: str, pdf: bytes, key: str) -> None:
        """`name` is the file's; the same `key` gives the same Message-ID."""
        ...


@dataclass(slots=True)
class MorningPost:
    """Who sends a morning's letter, and when. `at` is the hour of China's clock.

    `address` is that of the console's page, "" where nobody knows it; `producer` stands in the
    file's hidden label; `key` tells this office's letters from another's.
    """

    mornings: Mornings
    letters: MorningLetters
    send: Send
    at: time
    hours: Callable[[], Awaitable[OfficeHours]]
    clock: Clock
    holder: str
    producer: str
    key: str = "morning"
    address: str = ""
    _done: date | None = None

    @property
    def chore(self) -> Chore:
        """Looks again and again whether it is time."""
        return Chore("insight.morning", self.look, LOOK)

    async def look(self) -> bool:
        """Send today's letter if it is due and nobody has; False, as there is no more to do."""
        now = self.clock().astimezone(CHINA)
        today = now.date()
        if self._done == today or now.time() < self.at:
            return False
        if not (await self.hours()).calendar.is_workday(today):
            return False
        report = await self.mornings.report(today)
        pdf = await asyncio.to_thread(pdf_of, report, self.producer)
        if await self.letters.take(today, self.holder, LEASE):
            await self._finish(today, report, pdf)
        found = await self.letters.letter(today)
        if found is not None and found.state in FINAL:
            self._done = today
        return False

    async def _finish(self, day: date, report: Morning, pdf: bytes) -> None:
        """Send to the end, also where this process is asked to stop meanwhile."""
        sending = asyncio.create_task(self._sent(day, report, pdf))
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            await sending
            raise

    async def _sent(self, day: date, report: Morning, pdf: bytes) -> None:
        subject = f"【直播{TITLE}】{title(report)}：{period(report.night)}"
        name, key = f"{TITLE}-{day.isoformat()}.pdf", f"{self.key}-{day.isoformat()}"
        try:
            await self.send(subject, letter(report, self.address), name, pdf, key)
        except Unavailable as error:
            log.warning("morning_letter_not_sent", day=day.isoformat(), why=error.message)
            await self.letters.failed(day, self.holder, AGAIN)
        else:
            log.info("morning_letter_sent", day=day.isoformat())
            await self.letters.sent(day, self.holder)


def hour_of(text: str) -> time | None:
    """The hour of a setting, `08:30`; None for "". Raises ConfigurationError."""
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        raise ConfigurationError(
            "ASSISTANT_MORNING_AT 不是时刻", hint="例如 08:30；不设就不发"
        ) from None
