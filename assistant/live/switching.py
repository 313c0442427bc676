"""The switches of a room: automatic, silence, sound, the holding card, and who is there."""

from dataclasses import replace

from assistant.live import orders
from assistant.live.core import Core
from assistant.live.speech import Speech

Switch = orders.Mute | orders.Sound | orders.Cover | orders.Automatic | orders.Beat | orders.Present


class Switching:
    """Sets them; one that stands already as it is wanted stays, so an order may come twice."""

    def __init__(self, core: Core, speech: Speech) -> None:
        self._core = core
        self._speech = speech

    async def __call__(self, order: Switch, actor: str) -> None:
        """Set one."""
        room, now = self._core.room, self._core.now
        match order:
            case orders.Mute(on):
                wanted = replace(room, muted=on)
            case orders.Sound(on):
                wanted = replace(room, silent=not on)
            case orders.Cover(on):
                wanted = replace(room, carded=on)
            case orders.Automatic(on):
                wanted = replace(room, automatic=on, automatic_by=actor if on else "")
                wanted = replace(wanted, heartbeat_at=now)
            case orders.Beat():
                wanted = replace(room, heartbeat_at=now)
            case orders.Present():
                wanted = replace(room, heartbeat_at=now, present_at=now, present_by=actor)
        if wanted != room:
            await self._core.put_room(wanted)
        if (room.muted, room.carded) != (wanted.muted, wanted.carded) and not self._core.may_speak:
            await self._speech.stop()

    async def seen(self, actor: str) -> None:
        """Somebody gave an order: they are there."""
        await self(orders.Present(), actor)
