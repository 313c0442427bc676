"""What the pages need of the review desk, as Protocols; the real ones are in `review`."""

from datetime import datetime
from typing import Protocol

from assistant.access.accounts import Account
from assistant.domain.review import CaseState
from assistant.review.orders import HandOver, Mark, Merge, Settle, Split
from assistant.review.views import CaseView, QueuePage, Settled


class ReviewDesk(Protocol):
    """Cases: who sees them, who holds them, how they are settled.

    Everything raises NotFound for a case that is not there or of a region that the account may not
    see, Forbidden for too few rights, Conflict where somebody else was first.
    """

    async def queue(
        self,
        account: Account,
        *,
        room_id: str | None = None,
        code: str | None = None,
        state: CaseState = CaseState.WAITING,
        text: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> QueuePage:
        """What waits, the most pressing first. Raises BadInput for a foreign cursor."""
        ...

    async def take(self, account: Account, case_id: str, *, over: bool = False) -> CaseView:
        """Hold a case; `over`: also where a colleague holds it."""
        ...

    async def view(self, account: Account, case_id: str) -> CaseView:
        """Look at a case without holding it."""
        ...

    async def renew(self, account: Account, case_id: str, token: int) -> datetime:
        """Hold it longer; Conflict where it was lost."""
        ...

    async def release(self, account: Account, case_id: str, token: int) -> None:
        """Hold it no longer."""
        ...

    async def save_draft(self, account: Account, case_id: str, text: str) -> None:
        """Keep what was typed."""
        ...

    async def settle(self, account: Account, order: Settle) -> Settled:
        """Decide; it is sent when the time for taking it back is over."""
        ...

    async def hand_over(self, account: Account, order: HandOver) -> Settled:
        """Give it to a department."""
        ...

    async def undo(self, account: Account, resolution_id: str) -> str:
        """Take a decision back: the case, which the account holds again. Conflict where sent."""
        ...

    async def send_now(self, account: Account, resolution_id: str) -> None:
        """Give up the time for taking it back."""
        ...

    async def returned(self, account: Account, case_id: str) -> None:
        """A department gave it back."""
        ...

    async def mark(self, account: Account, order: Mark) -> None:
        """Urgent, or no longer."""
        ...

    async def merge(self, account: Account, order: Merge) -> None:
        """Settle it with another one."""
        ...

    async def split(self, account: Account, order: Split) -> None:
        """Settle it by itself again."""
        ...

    async def next_case(self, account: Account, after: str | None = None) -> str | None:
        """The case to look at next."""
        ...
