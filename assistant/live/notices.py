"""What the stage shows while nothing is said: each state of a room has its line."""

from assistant.domain.live import Room, RoomState
from assistant.live import lines
from assistant.live.hub import RoomEvent
from assistant.live.room import LiveRoom
from assistant.stage.hub import StageHub

_LINES = {
    RoomState.PAUSED: "直播暂停一下，马上回来。您的提问都会保留。",
    RoomState.TAKEN_OVER: "现在由工作人员为您解答。",
    RoomState.CLOSING: "本场直播即将结束，感谢观看。",
    RoomState.CLOSED: "本场直播已结束，感谢观看。",
    RoomState.IDLE: "直播还没有开始，请稍候。",
}


def line_of(room: Room, checking: int = 0) -> str:
    """The line of a room as it is now, while so many questions wait for a person."""
    welcome = f"欢迎来到{room.name}，想办什么事，打字提问就行。{lines.checking(checking)}"
    if room.state is RoomState.OPEN and room.topic:
        return f"本场主题：{room.topic}。{welcome}"
    return _LINES.get(room.state, welcome)


async def keep_noticed(live: LiveRoom, stage: StageHub) -> None:
    """Tell the stage of every change of the room, until the room ends here."""
    while True:
        subscription = live.subscribe()
        shown = _tell(stage, live.room, live.checking)
        async for event in subscription:
            room = event.room or live.room
            line = (room.state, line_of(room, live.checking)) if _touches(event) else shown
            if line != shown:
                shown = _tell(stage, room, live.checking)
        if not subscription.dropped:
            return


def _touches(event: RoomEvent) -> bool:
    """Whether the line may be another one now."""
    return event.room is not None or bool(event.changed.cases)


def _tell(stage: StageHub, room: Room, checking: int) -> tuple[RoomState, str]:
    line = line_of(room, checking)
    stage.notice(room.state.value, line, room.topic)
    return room.state, line
