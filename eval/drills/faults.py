"""A fault: how it strikes, how it is undone, how long it lasts, what must be told."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eval.drills.drill_world import World

PICTURE = 15.0
"""Seconds in which a picture must be back (issue 8)."""
PAGE = 5.0
"""The same for faults of the page."""
IDLE = 120.0
"""Seconds in which all that was asked must have its outcome, once the fault is undone."""
TOLD = 20.0
"""Seconds in which a person must have been told, from the strike on."""
Work = Callable[["World"], Awaitable[None]]


async def nothing(world: "World") -> None:
    """What is not undone: it must heal."""
    del world


@dataclass(frozen=True, slots=True)
class Fault:
    """`alarms` are codes of which a person must be told one; `*` stands for any end.

    Without them no alarm is expected, and where it `is_quiet` nobody may be called. `away` are
    seconds for which it takes the stream's receiver away; `told`, in which a person must have been
    told from the strike on. One that is `of_browser` strikes when the browser is on air,
    not safe mode, to which faults that come close together lead. `asks` are questions that nobody
    asked yet, sent as it strikes: what it breaks is needed then. `needs` says why it cannot strike
    here, or "".
    """

    name: str
    what: str
    strike: Work
    undo: Work = nothing
    hold: float = 6.0
    picture: float = PICTURE
    away: float = 0.0
    idle: float = IDLE
    alarms: Sequence[str] = ()
    is_quiet: bool = False
    told: float = TOLD
    of_browser: bool = False
    asks: int = 0
    needs: Callable[["World"], str] = lambda _: ""

    def answering(self, codes: Iterable[str]) -> list[str]:
        """Those of some codes that tell of it."""
        return [one for one in codes if any(fnmatchcase(one, known) for known in self.alarms)]

    def is_untold(self, codes: Iterable[str]) -> bool:
        """Whether a person had to be told of it and was not."""
        return bool(self.alarms) and not self.answering(codes)
