"""A room goes on air for a new session: nobody has let it answer by itself yet."""

from dataclasses import replace

from assistant.domain.live import Room
from assistant.live.desk import LiveDesk
from assistant.live.room import LiveRoom
from assistant.live.states import ON_AIR


async def go_on_air(desk: LiveDesk, room: Room) -> LiveRoom:
    """Open a room; in a new session somebody must turn automatic mode on.

    Raises NotFound, and Conflict where another process holds it.
    """
    off = replace(room, automatic=False, automatic_by="", muted=False, silent=False, carded=False)
    if room.state not in ON_AIR and room != off:
        await desk.put(off)
    return await desk.open(room.id)
