"""Tells named people of alerts, one after the other, until one of them acknowledges."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import structlog

from assistant.domain.live import Alert, AlertLevel
from assistant.domain.live_commit import Commit
from assistant.errors import NotFound
from assistant.live.core import Core

log = structlog.get_logger()
LONGEST = 20.0
"""Seconds of wall time for one notification, so that a person is told within 30."""


class Alerter:
    """The open alerts of a room. Warnings go to the duty officer once; the others escalate."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._open: dict[str, Alert] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}

    @property
    def open(self) -> list[Alert]:
        """Not acknowledged, the oldest first."""
        return list(self._open.values())

    def committed(self, step: Commit) -> None:
        """Take the new alerts of a stored step: the first person is told at once."""
        for alert in step.alerts:
            if alert.step == 0 and alert.id not in self._open and not alert.acknowledged_at:
                self._open[alert.id] = alert
                self._tell(alert)

    def restore(self, alerts: Iterable[Alert]) -> None:
        """Alerts from before a restart; who was told when is kept."""
        self._open.update({alert.id: alert for alert in alerts if not alert.acknowledged_at})

    async def advance(self) -> None:
        """Tell the next person where the last one did not answer in time."""
        wait = timedelta(seconds=self._core.on.config.escalate_after)
        for alert in self.open:
            if alert.id in self._telling:
                continue
            told = alert.told_at
            if told is None or (
                alert.level is not AlertLevel.WARNING and self._core.now - told >= wait
            ):
                self._tell(alert)

    async def acknowledge(self, alert_id: str, actor: str) -> None:
        """A person has seen it. Raises NotFound where it is not open."""
        alert = self._open.pop(alert_id, None)
        if alert is None:
            raise NotFound("没有这个待确认的提醒")
        seen = replace(alert, acknowledged_by=actor, acknowledged_at=self._core.now)
        await self._core.commit(Commit(alerts=(seen,)))

    async def idle(self) -> None:
        """Wait until everybody who is being told was told."""
        while self._telling:
            await asyncio.gather(*self._telling.values())

    async def stop(self) -> None:
        """Tell nobody any more."""
        for task in list(self._telling.values()):
            task.cancel()
        await asyncio.gather(*self._telling.values(), return_exceptions=True)

    def _tell(self, alert: Alert) -> None:
        task = asyncio.create_task(self._told(alert))
        self._telling[alert.id] = task
        task.add_done_callback(lambda _: self._telling.pop(alert.id, None))

    async def _told(self, alert: Alert) -> None:
        """Tell the next officer; who was told, and when, is stored. A failure tries the next."""
        officers = self._core.room.officers
        officer = officers[alert.step % len(officers)] if officers else ""
        told = replace(alert, assignee=officer, step=alert.step + 1)
        try:
            async with asyncio.timeout(LONGEST):
                await self._core.on.notify(officer, told)
            told = replace(told, told_at=self._core.now)
        except Exception as error:
            log.exception("alert_not_told", alert=alert.id, kind=type(error).__name__)
            told = replace(told, told_at=None)
        if alert.id in self._open:
            self._open[alert.id] = told
            await self._core.commit(Commit(alerts=(told,)))
