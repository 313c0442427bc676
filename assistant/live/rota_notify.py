"""Tells an officer by their own mailbox and robot, and everybody else as before."""

from collections.abc import Callable, Mapping, Sequence

from assistant.domain.duty import DutyBook, Officer
from assistant.domain.live import Alert
from assistant.live.notify import NotifyAll
from assistant.live.services import Notify


class RotaNotify:
    """`common` are told of all; `mail` makes a way to one address, None without a server."""

    def __init__(
        self,
        book: Callable[[], DutyBook],
        common: Sequence[Notify],
        mail: Callable[[str], Notify] | None,
        robots: Mapping[str, Notify],
    ) -> None:
        self._book = book
        self._common = common
        self._mail = mail
        self._robots = robots

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Tell; raises Unavailable where no way worked."""
        await NotifyAll([*self._own(officer, alert), *self._common])(officer, alert)

    def _own(self, name: str, alert: Alert) -> list[Notify]:
        """The ways of who has this name on the room's rota."""
        officers = self._book().plan(alert.room_id).officers
        found = next((one for one in officers if one.name == name), Officer(name))
        ways = [self._mail(found.mail)] if found.mail and self._mail else []
        return [*ways, self._robots[found.robot]] if found.robot in self._robots else ways
