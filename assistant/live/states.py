"""The states of a room and the moves between them: idle → open → (paused | taken over) → closed."""

from enum import StrEnum

from assistant.domain.live import RoomState
from assistant.errors import Conflict


class Move(StrEnum):
    """What changes a room's state."""

    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    CLOSED = "closed"


_S = RoomState
TRANSITIONS: dict[tuple[RoomState, Move], RoomState] = {
    (_S.IDLE, Move.OPEN): _S.OPEN,
    (_S.CLOSED, Move.OPEN): _S.OPEN,
    (_S.OPEN, Move.PAUSE): _S.PAUSED,
    (_S.OPEN, Move.TAKE_OVER): _S.TAKEN_OVER,
    (_S.OPEN, Move.CLOSE): _S.CLOSING,
    (_S.PAUSED, Move.RESUME): _S.OPEN,
    (_S.PAUSED, Move.TAKE_OVER): _S.TAKEN_OVER,
    (_S.PAUSED, Move.CLOSE): _S.CLOSING,
    (_S.TAKEN_OVER, Move.GIVE_BACK): _S.OPEN,
    (_S.TAKEN_OVER, Move.CLOSE): _S.CLOSING,
    (_S.CLOSING, Move.CLOSED): _S.CLOSED,
}
"""Everything that is allowed; what is not here is not."""

ON_AIR = frozenset({_S.OPEN, _S.PAUSED, _S.TAKEN_OVER, _S.CLOSING})
"""States in which a session runs."""

_NAMES = {
    _S.IDLE: "未开播",
    _S.OPEN: "直播中",
    _S.PAUSED: "已暂停",
    _S.TAKEN_OVER: "人工接管",
    _S.CLOSING: "正在结束",
    _S.CLOSED: "已结束",
}


def state_name(state: RoomState) -> str:
    """The state as staff read it."""
    return _NAMES[state]


def after(state: RoomState, move: Move) -> RoomState:
    """The state that a move leads to. Raises Conflict where the move is not allowed."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise Conflict(f"直播间{_NAMES[state]}，不能执行这个操作", hint=move.value) from None
