"""A broadcast as the console shows it: its parts, where it is, what fell and why."""

from dataclasses import dataclass

from assistant.domain.broadcast import Broadcast
from assistant.live.broadcast.broadcasting import Broadcasting


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part: its title, how many sentences it has, and why it fell ("" where it did not)."""

    title: str
    sentences: int
    fell: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A broadcast with its parts."""

    broadcast: Broadcast
    parts: tuple[PartShown, ...]


def shown(broadcasting: Broadcasting) -> Shown | None:
    """The latest broadcast; None where the room has had none."""
    now, script = broadcasting.latest, broadcasting.script
    if now is None or script is None:
        return None
    fell = {one.part: one.why for one in now.fallen}
    parts = (
        PartShown(title, script.lengths[number], fell.get(number, ""))
        for number, title in enumerate(script.titles)
    )
    return Shown(now, tuple(parts))
