"""What the pages need of the review desk, as Protocols; the real ones are in `review`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from assistant.access.accounts import Account
from assistant.domain.review import CaseState, Incident, LearnedAnswer, LearnedState
from assistant.domain.workdays import Calendar, CalendarDay
from assistant.review.orders import HandOver, Mark, Merge, Settle, Split
from assistant.review.statistics import Sees, Statistics
from assistant.review.views import CaseView, LikeFaq, QueuePage, Settled


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

    async def near(self, account: Account, case_id: str, answer: str) -> Sequence[LikeFaq]:
        """FAQs near what is asked, and in conflict with an answer."""
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


class Withdraws(Protocol):
    """The desk where answers can be taken back."""

    async def withdraw(self, account: Account, question_id: str, reason: str) -> Incident:
        """Stop an answer that was given; its correction is a new case. Raises as the desk."""
        ...


class Learning(Protocol):
    """A second person's word on answers without a source."""

    async def second(self, account: Account, faq_id: str, *, agree: bool) -> LearnedAnswer:
        """Agree, or refuse. Raises Forbidden for one's own answer, Conflict where none waits."""
        ...


class Learnt(Protocol):
    """What was learnt, as stored."""

    async def get(self, faq_id: str) -> LearnedAnswer | None:
        """One learnt answer."""
        ...

    async def of_states(
        self, states: Iterable[LearnedState], region: str | None = None
    ) -> list[LearnedAnswer]:
        """Those in some states."""
        ...


class Incidents(Protocol):
    """Answers that were taken back."""

    async def recent(self, limit: int = 100) -> list[Incident]:
        """The newest first."""
        ...


class Counts(Protocol):
    """The desk's numbers."""

    async def between(self, since: datetime, until: datetime, sees: Sees) -> Statistics:
        """The numbers of a time, of the regions that their reader may see."""
        ...


class Days(Protocol):
    """The office's calendar."""

    async def current(self) -> Calendar:
        """As it is set now."""
        ...

    async def days(self, year: int) -> list[CalendarDay]:
        """The days of a year that are not as their weekday says, or that the office set."""
        ...

    async def set_day(self, actor: str, day: CalendarDay) -> None:
        """Set one day. Raises BadInput."""
        ...

    async def set_year(self, actor: str, year: int, days: Sequence[CalendarDay]) -> None:
        """Set what a year's notice says. Raises BadInput."""
        ...

    async def clear_day(self, actor: str, day: date) -> None:
        """Let a day be as it was. Raises NotFound."""
        ...
