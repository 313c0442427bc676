"""Follows whether a room may answer by itself: its hours, and whether somebody is on duty.

It ends by itself as it began (decision 0044). Each change is in the audit chain with its reason.
"""

from dataclasses import replace

from assistant.domain.audit import AuditEvent
from assistant.domain.duty import Hold
from assistant.domain.live import AlertLevel
from assistant.domain.live_commit import Commit
from assistant.live import night
from assistant.live.alerter import Alerter
from assistant.live.core import Core
from assistant.live.steps import Step

SYSTEM = "system"
HELD, FREED = "room.held", "room.freed"
CODE = "heartbeat"
LAPSED = "值班人员心跳中断，自动答复已停：新问题排队，只播审核过的内容"
BACK = "值班心跳恢复"


class DutyWatch:
    """Keeps the room's row as the moment says, tells the officers of a lapse, once."""

    def __init__(self, core: Core, alerter: Alerter) -> None:
        self._core = core
        self._alerter = alerter
        self._line = ""

    async def look(self) -> None:
        """Follow the clock, the rota and the heartbeat."""
        hold, before = self._core.hold, self._core.room.held
        if hold is not before:
            await self._change(hold, before)
        self._refresh()

    async def _change(self, hold: Hold, before: Hold) -> None:
        core = self._core
        since = core.now if hold else None
        action, why = (HELD, hold) if hold else (FREED, before)
        event = AuditEvent(SYSTEM, action, core.room.id, {"reason": why.value})
        await core.put_room(replace(core.room, held=hold, held_since=since), event)
        if hold is Hold.DUTY:
            step = Step(core)
            step.alert(CODE, AlertLevel.URGENT, LAPSED)
            await core.commit(step.commit())
        elif before is Hold.DUTY:
            await self._alerter.end(CODE, BACK)

    def _refresh(self) -> None:
        """The stage's words change at midnight: 明天上午九点 is 今天上午九点 then."""
        line = night.held(self._core)
        if line != self._line:
            self._line = line
            self._core.tell(Commit(), self._core.room)
