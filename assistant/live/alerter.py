"""Tells named people of alerts, one after the other, until one of them acknowledges."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from assistant.domain.live import Alert, AlertLevel, Telling
from assistant.domain.live_commit import Commit
from assistant.errors import NotFound
from assistant.live.core import Core
from assistant.live.steps import names_on_duty

log = structlog.get_logger()
LONGEST = 20.0
"""Seconds of wall time for one notification, so that a person is told within 30."""
AGAIN, AGAIN_AT_MOST = 15.0, 300.0
"""Seconds until the rota is gone through again after nobody of it could be reached; doubled."""


class Alerter:
    """The open alerts of a room. Warnings go to the duty officer once; the others escalate."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._open: dict[str, Alert] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._vain = Counter[str]()
        """Of each alert, tellings that reached nobody: they do not use up the rota."""
        self._not_before: dict[str, datetime] = {}

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
        for alert in alerts:
            if not alert.acknowledged_at:
                self._open[alert.id] = alert
                self._vain[alert.id] = 0 if alert.told_at else alert.step

    async def advance(self) -> None:
        """Tell the next person where the last one did not answer in time."""
        for alert in self.open:
            if alert.id not in self._telling and self._is_due(alert):
                self._tell(alert)

    async def acknowledge(self, alert_id: str, actor: str) -> None:
        """A person has seen it. Raises NotFound where it is not open."""
        alert = self._open.pop(alert_id, None)
        if alert is None:
            raise NotFound("没有这个待确认的提醒")
        self._vain.pop(alert_id, None)
        self._not_before.pop(alert_id, None)
        seen = replace(alert, acknowledged_by=actor, acknowledged_at=self._core.now)
        await self._core.commit(Commit(alerts=(seen,)))

    async def end(self, code: str, how: str) -> None:
        """What the alerts of a code told of has ended by itself."""
        for alert in self.open:
            if alert.code == code:
                await self.acknowledge(alert.id, how)

    async def call(self, alert: Alert) -> Alert:
        """Tell the next officer of an alert that cannot be stored now, where that is due.

        Raises Unavailable where they were not told.
        """
        if not self._is_due(alert):
            return alert
        told = replace(alert, assignee=self._next(alert), step=alert.step + 1)
        async with asyncio.timeout(LONGEST):
            await self._core.on.notify(told.assignee, told)
        return replace(told, told_at=self._core.now)

    async def keep(self, alert: Alert, how: str) -> None:
        """Store an alert that was called out; it is over."""
        now = self._core.now
        over = replace(alert, acknowledged_by=how, acknowledged_at=now)
        telling = Telling(alert.id, alert.step, alert.assignee, alert.told_at or now, worked=True)
        await self._core.commit(Commit(alerts=(over,), tellings=(telling,)))

    async def idle(self) -> None:
        """Wait until everybody who is being told was told."""
        while self._telling:
            await asyncio.gather(*self._telling.values())

    async def stop(self) -> None:
        """Tell nobody any more."""
        for task in list(self._telling.values()):
            task.cancel()
        await asyncio.gather(*self._telling.values(), return_exceptions=True)

    def _is_due(self, alert: Alert) -> bool:
        """Whether somebody is to be told now; the rota is gone through a few times, not for ever.

        Where that is over, the alert stays open on console and phone. Where nobody could be
        reached (the network was cut) it begins anew after a while.
        """
        reached = alert.step - self._vain[alert.id]
        if reached >= self._core.on.config.rounds * max(1, len(self._names())):
            return False
        now, not_before = self._core.now, self._not_before.get(alert.id)
        if not_before and now < not_before:
            return False
        if alert.told_at is None:
            return True
        waited = now - alert.told_at
        return alert.level is not AlertLevel.WARNING and waited >= self._patience(alert)

    def _patience(self, alert: Alert) -> timedelta:
        config = self._core.on.config
        is_emergency = alert.level is AlertLevel.EMERGENCY
        after = config.emergency_after if is_emergency else config.escalate_after
        return timedelta(seconds=after)

    def _names(self) -> tuple[str, ...]:
        """Who is on duty now, by the rota; without one the room's own officers."""
        return names_on_duty(self._core)

    def _next(self, alert: Alert) -> str:
        """Who is told next; the shift may have changed since the last one was."""
        names = self._names()
        if not names:
            return ""
        if not alert.step or alert.assignee not in names:
            return names[0]
        return names[(names.index(alert.assignee) + 1) % len(names)]

    def _tell(self, alert: Alert) -> None:
        task = asyncio.create_task(self._told(alert))
        self._telling[alert.id] = task
        task.add_done_callback(lambda _: self._telling.pop(alert.id, None))

    async def _told(self, alert: Alert) -> None:
        """Tell the next officer; who was told, and when, is stored. A failure tries the next."""
        told = replace(alert, assignee=self._next(alert), step=alert.step + 1)
        try:
            async with asyncio.timeout(LONGEST):
                await self._core.on.notify(told.assignee, told)
            told = replace(told, told_at=self._core.now)
        except Exception as error:
            log.exception("alert_not_told", alert=alert.id, kind=type(error).__name__)
            told = replace(told, told_at=None)
            self._failed(alert.id)
        if alert.id in self._open:
            self._open[alert.id] = told
            worked = told.told_at is not None
            telling = Telling(alert.id, told.step, told.assignee, self._core.now, worked)
            await self._core.commit(Commit(alerts=(told,), tellings=(telling,)))

    def _failed(self, alert_id: str) -> None:
        """The next is tried at once; after the whole rota a while passes."""
        self._vain[alert_id] += 1
        rounds, left = divmod(self._vain[alert_id], max(1, len(self._names())))
        if not left:
            pause = min(AGAIN * 2 ** min(rounds - 1, 10), AGAIN_AT_MOST)
            self._not_before[alert_id] = self._core.now + timedelta(seconds=pause)
