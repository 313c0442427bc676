"""What the stage shows while nothing is said: each state of a room has its line."""

from dataclasses import dataclass

from assistant.domain.live import Room, RoomState
from assistant.live import lines
from assistant.live.hub import RoomEvent
from assistant.live.room import LiveRoom
from assistant.stage.hub import StageHub

HOLDING = "马上回来。您的提问都会保留。"
"""While the room goes from one process to the next."""
_LINES = {
    RoomState.PAUSED: "直播暂停一下，马上回来。您的提问都会保留。",
    RoomState.TAKEN_OVER: "现在由工作人员为您解答。",
    RoomState.CLOSING: "本场直播即将结束，感谢观看。",
    RoomState.CLOSED: "本场直播已结束，感谢观看。",
    RoomState.IDLE: "直播还没有开始，请稍候。",
}


def line_of(room: Room, checking: int = 0, held: str = "") -> str:
    """The line of a room as it is now, while so many questions wait for a person.

    `held` is said instead of the welcome where no answer is given by itself.
    """
    if room.state is RoomState.OPEN and held:
        return held
    welcome = f"欢迎来到{room.name}，想办什么事，打字提问就行。{lines.checking(checking)}"
    if room.state is RoomState.OPEN and room.topic:
        return f"本场主题：{room.topic}。{welcome}"
    return _LINES.get(room.state, welcome)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the stage was told last."""

    state: RoomState
    line: str
    topic: str
    silent: bool
    carded: bool


async def keep_noticed(live: LiveRoom, stage: StageHub) -> None:
    """Tell the stage of every change of the room, until the room ends here."""
    while True:
        subscription = live.subscribe()
        shown = _tell(stage, live, live.room)
        async for event in subscription:
            room = event.room or live.room
            wanted = _shown(live, room) if _touches(event) else shown
            if wanted != shown:
                shown = _tell(stage, live, room)
        if not subscription.dropped:
            return


def _touches(event: RoomEvent) -> bool:
    """Whether the line may be another one now."""
    return event.room is not None or bool(event.changed.cases)


def _shown(live: LiveRoom, room: Room) -> Shown:
    line = line_of(room, live.checking, live.held_line)
    return Shown(room.state, line, room.topic, room.silent, room.carded)


def _tell(stage: StageHub, live: LiveRoom, room: Room) -> Shown:
    now = _shown(live, room)
    stage.notice(now.state.value, now.line, now.topic)
    stage.cover(silent=now.silent, carded=now.carded)
    return now
