"""The session of a room that is put on air: the one that was interrupted, or a new one."""

from dataclasses import replace

from assistant.domain.clock import NewId
from assistant.domain.live import LiveSession, Room, RoomState
from assistant.errors import NotFound
from assistant.live.seams import LiveClock, LiveRecords
from assistant.live.states import ON_AIR, Move, after


async def on_air(records: LiveRecords, clock: LiveClock, new_id: NewId, room_id: str) -> Room:
    """The room with its running session. Raises NotFound for an unknown room.

    One that was closing when its process ended is open again: what came in is decided first.
    """
    room = await records.room(room_id)
    if room is None:
        raise NotFound(f"没有直播间 {room_id}")
    if room.state in ON_AIR and room.session_id:
        closing = room.state is RoomState.CLOSING
        return replace(room, state=RoomState.OPEN if closing else room.state)
    session = LiveSession(new_id(), room_id, clock.now())
    await records.open_session(session)
    idle = RoomState.IDLE if room.state in ON_AIR else room.state
    room = replace(room, state=after(idle, Move.OPEN), session_id=session.id)
    await records.put_room(room)
    return room
