"""A member of staff types or pastes comments, one a line (a platform without a connector)."""

import re

from assistant.domain.clock import NewId
from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.errors import BadInput
from assistant.live.platforms.door import Door, Receipt
from assistant.live.platforms.texts import LONGEST_TEXT, storable
from assistant.live.seams import LiveClock, PlatformState, Receive

_MOST_LINES = 500
_PASTE_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Console:
    """The console of a room. It cannot reply: whoever pasted reads the answer on the page."""

    name = "console"

    def __init__(self, clock: LiveClock, new_id: NewId) -> None:
        self._clock = clock
        self._new_id = new_id
        self._door = Door(self.name, clock)

    @property
    def state(self) -> PlatformState:
        """How it is doing."""
        return self._door.state

    async def run(self, receive: Receive) -> None:
        """Take comments until cancelled."""
        await self._door.stand_open(receive)

    async def enter(self, text: str, paste_id: str = "") -> Receipt:
        """Take every line that is not blank as the comment of a viewer of its own.

        `paste_id` names this paste: sent again under the same name, it is the same comments.

        Raises BadInput for no line, too many or too long ones; Unavailable where the room is not
        open.
        """
        lines = [line for line in map(str.strip, storable(text).splitlines()) if line]
        if not lines:
            raise BadInput("请输入评论，每行一条")
        if len(lines) > _MOST_LINES:
            raise BadInput(f"一次最多 {_MOST_LINES} 行", hint="请分几次粘贴")
        if long := [n for n, line in enumerate(lines, start=1) if len(line) > LONGEST_TEXT]:
            raise BadInput(f"第 {long[0]} 条超过 {LONGEST_TEXT} 字")
        if paste_id and not _PASTE_ID.fullmatch(paste_id):
            raise BadInput("粘贴编号无效", hint="请刷新页面")
        paste_id = paste_id or self._new_id()
        return await self._door.hand(
            [self._event(f"{paste_id}-{number}", line) for number, line in enumerate(lines)]
        )

    def _event(self, event_id: str, text: str) -> LiveEvent:
        return LiveEvent(
            event_id=event_id,
            platform=self.name,
            type=EventType.COMMENT,
            at=self._clock.now(),
            user=LiveUser(event_id),
            text=text,
        )
