"""The error bound in force: chosen on the console, else by the settings."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.bootstrap.library import Library
from assistant.errors import BadInput
from assistant.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answering.calibration import Calibration
    from assistant.answering.outlook import Outlook
    from assistant.answering.standing import Bound, Standing
    from assistant.records.error_bounds import ChosenBound, ErrorBounds

FOLLOWS = 1.0
"""Seconds until a bound that was chosen in another process holds here."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the standard is made of, but for the bound: what was learnt, and what runs now."""

    calibration: "Calibration"
    running: "Mapping[str, str]"

    def standing(self, bound: "Bound | None") -> "Standing":
        """The standard under a bound."""
        from assistant.answering.decide import default_policy
        from assistant.answering.standing import standing_of

        return standing_of(default_policy(), self.calibration, self.running, bound)


class BoundDesk:
    """Chooses the bound, and follows what was chosen here or in another process.

    `take` is told each new standard; it holds from the next question on.
    """

    def __init__(
        self,
        records: "ErrorBounds",
        ground: Ground,
        setting: "Bound | None",
        take: "Callable[[Standing], None]",
    ) -> None:
        self._records = records
        self._ground = ground
        self._take = take
        self._following = asyncio.Lock()
        self.setting = setting
        self.chosen: ChosenBound | None = None

    async def follow(self) -> bool:
        """Take up the last word; a chore, with never more to do at once."""
        async with self._following:
            found = await self._records.current()
            if found != self.chosen:
                standing = await asyncio.to_thread(
                    self._ground.standing, bound_in_force(found, self.setting)
                )
                self.chosen = found
                self._take(standing)
        return False

    def outlook(self, rate: float, confidence: float) -> "tuple[tuple[Outlook, ...], str]":
        """What a bound would let through, and why it is refused. Raises BadInput; takes a moment.

        Rates and confidences are shares.
        """
        from assistant.answering.outlook import outlook, refusal

        bound = _bound(rate, confidence)
        kinds = outlook(self._ground.calibration, bound)
        return kinds, refusal(kinds, bound)

    async def choose(self, rate: float, confidence: float, *, actor: str) -> None:
        """Set a bound; it holds here at once. Raises BadInput, also for one that is refused."""
        from assistant.records.error_bounds import Choice

        _, refused = await asyncio.to_thread(self.outlook, rate, confidence)
        if refused:
            raise BadInput(refused, hint="选宽一些的上限，或先标注更多答复再校准")
        await self._records.record(Choice.BOUND, actor=actor, rate=rate, confidence=confidence)
        await self.follow()

    async def lift(self, *, to_setting: bool, actor: str) -> None:
        """Set no bound, or that of the settings; it holds here at once."""
        from assistant.records.error_bounds import Choice

        await self._records.record(Choice.SETTING if to_setting else Choice.NONE, actor=actor)
        await self.follow()


def bound_in_force(chosen: "ChosenBound | None", setting: "Bound | None") -> "Bound | None":
    """The bound of the last word; that of the settings where nobody chose another one."""
    from assistant.answering.standing import Bound
    from assistant.records.error_bounds import Choice

    if chosen is None or chosen.choice is Choice.SETTING:
        return setting
    if chosen.rate is None or chosen.confidence is None:
        return None
    return Bound(chosen.rate, chosen.confidence)


def bound_of(settings: Settings) -> "Bound | None":
    """What the settings allow."""
    from assistant.answering.standing import Bound

    rate = settings.error_bound
    return Bound(rate, settings.error_confidence) if rate is not None else None


def error_bounds(library: Library) -> "ErrorBounds":
    """What was chosen on the console."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.error_bounds import ErrorBounds

    database, owner, clock = library.database, library.settings.organization, library.clock
    return ErrorBounds(database, owner, clock, AuditRecords(database, owner, clock))


def _bound(rate: float, confidence: float) -> "Bound":
    from assistant.answering.standing import Bound

    if not 0.001 <= rate < 0.5:
        raise BadInput("误差上限要在 0.1% 和 50% 之间")
    if not 0.5 < confidence <= 0.999:
        raise BadInput("可信度要在 50% 和 99.9% 之间")
    return Bound(rate, confidence)
