"""Who may work on which case."""

from collections.abc import Callable, Iterable

from assistant.access.accounts import Account, Permission, may, may_at
from assistant.domain.region import RegionTree
from assistant.domain.review import DeskCase
from assistant.errors import Forbidden


class Rights:
    """Approving, at the case's region."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions

    def enter(self, account: Account) -> None:
        """Whether someone has any business here. Raises Forbidden."""
        if not may(account, Permission.APPROVE):
            raise Forbidden("您没有复核的权限")

    def at(self, account: Account) -> Callable[[DeskCase], None]:
        """What raises Forbidden for a case that an account may not work on."""

        def check(case: DeskCase) -> None:
            if not self.may(account, case.region):
                raise Forbidden("您没有这件所在地区的复核权限")

        return check

    def may(self, account: Account, region: str | None) -> bool:
        """Whether an account may work on the cases of a region."""
        return may_at(account, Permission.APPROVE, region, self._regions)

    def among(self, account: Account, found: Iterable[str]) -> list[str] | None:
        """Those regions in which an account may work; None for one without a limit."""
        if not account.regions:
            return None
        return [region for region in found if self.may(account, region)]
