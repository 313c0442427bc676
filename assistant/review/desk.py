"""The review desk: the one way by which pages and programs work on cases.

Everything is allowed only to who may approve at the case's region, and every change of a case is
in the audit chain. See decisions/0021.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.access.accounts import Account
from assistant.domain.clock import Clock
from assistant.domain.review import (
    SAID,
    CaseState,
    DeskCase,
    Incident,
    Resolution,
    ResolutionKind,
)
from assistant.errors import Conflict
from assistant.records.review import ReviewRecords
from assistant.records.review_queue import Filter, ReviewQueue
from assistant.records.review_resolutions import Hold, ResolutionRecords
from assistant.review.case_pages import CasePages, shown
from assistant.review.cursors import place_of, written
from assistant.review.orders import HandOver, Mark, Merge, Settle, Split
from assistant.review.rights import Rights
from assistant.review.safe_texts import SafeTexts
from assistant.review.settling import Settling
from assistant.review.views import CaseView, LikeFaq, QueuePage, Settled
from assistant.review.withdrawing import Withdrawing

LEASE = timedelta(seconds=90)
"""How long a case is held; a page that is open renews it."""
MOST_ROWS = 200


Allowed = Callable[[Account, DeskCase, ResolutionKind], Awaitable[None]]
"""Raises where someone may not settle a case in a way, though they may approve at its region."""


async def anything(account: Account, case: DeskCase, kind: ResolutionKind) -> None:
    """Nothing more is asked for."""
    del account, case, kind


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk works with. `wake` is told that a resolution waits to become final.

    `withdrawn` is told that an answer was taken back.
    """

    records: ReviewRecords
    resolutions: ResolutionRecords
    queue: ReviewQueue
    pages: CasePages
    settling: Settling
    texts: SafeTexts
    rights: Rights
    clock: Clock
    wake: Callable[[], None]
    withdrawing: Withdrawing
    withdrawn: Callable[[], None]
    allowed: Allowed = anything


class ReviewDesk:
    """The desk of one organisation. Made by `review.building`.

    All methods raise Forbidden, and NotFound for an unknown case.
    """

    def __init__(self, on: DeskParts) -> None:
        self._on = on

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
        """A page of the queue. Raises BadInput for a cursor that none of these pages gave."""
        on = self._on
        after = place_of(cursor) if cursor else None
        which = await self._filter(account, state, room_id=room_id, code=code, text=text.strip())
        page = await on.queue.page(which, on.clock(), after, max(1, min(limit, MOST_ROWS)))
        rows = tuple(shown(row, on.clock) for row in page.rows)
        more = written(page.rows[-1].place) if page.more else None
        return QueuePage(rows, more, page.waiting, page.overdue)

    async def next_case(self, account: Account, after: str | None = None) -> str | None:
        """The next case that no other holds: behind `after`, else from the beginning.

        What is more urgent than `after` and nobody has looked at yet comes before all others.
        """
        on = self._on
        which = await self._filter(account, CaseState.WAITING)
        behind = await on.records.case(after) if after else None
        return await on.queue.next(which, on.clock(), account.id, behind)

    async def view(self, account: Account, case_id: str) -> CaseView:
        """A case with its group, to look at."""
        group = await self._on.records.group(case_id)
        self._on.rights.at(account)(group.lead)
        return await self._on.pages.page(group, account.id)

    async def near(self, account: Account, case_id: str, answer: str) -> tuple[LikeFaq, ...]:
        """FAQs near what a case asks, or in conflict with what is typed, before it is saved."""
        case = await self._on.records.case(case_id)
        self._on.rights.at(account)(case)
        return await self._on.pages.near(case, answer)

    async def take(self, account: Account, case_id: str, *, over: bool = False) -> CaseView:
        """Hold a case with its group for `LEASE`; the view's token settles it.

        Raises Conflict, naming who holds it, unless it is taken `over`; Conflict where it waits no
        longer.
        """
        check = self._on.rights.at(account)
        group = await self._on.records.take(case_id, account.id, self._until(), check, over=over)
        return await self._on.pages.page(group, account.id)

    async def renew(self, account: Account, case_id: str, token: int) -> datetime:
        """Hold a case longer; until when. Raises Conflict where it was lost."""
        self._on.rights.enter(account)
        until = self._until()
        if not await self._on.records.renew(case_id, account.id, token, until):
            raise Conflict("这件已不在您手中", hint="重新打开后再处理")
        return until

    async def release(self, account: Account, case_id: str, token: int) -> None:
        """Hold a case no longer; one that is lost already is left alone."""
        self._on.rights.enter(account)
        await self._on.records.release(case_id, account.id, token)

    async def save_draft(self, account: Account, case_id: str, text: str) -> None:
        """Keep what is typed, so that it survives a reload. Raises BadInput as `settle` does."""
        self._on.rights.at(account)(await self._on.records.case(case_id))
        self._on.texts.check([("答复", text)])
        await self._on.records.save_draft(case_id, account.id, text)

    async def settle(self, account: Account, order: Settle) -> Settled:
        """Settle a case with its whole group, to be taken back for 10 s.

        Raises Conflict where someone else holds it or it waits no longer, BadInput for what cannot
        stand (a text, a quote, an approval without a draft or on a source that is not in force).
        """
        on, check = self._on, self._on.rights.at(account)
        group = await on.records.group(order.case_id)
        check(group.lead)
        await on.allowed(account, group.lead, order.kind)
        made = await on.settling.resolution(account, order, await on.pages.before(group.lead))
        hold = Hold(order.case_id, order.token, frozenset(order.without))
        return await self._settled(account, await on.resolutions.settle(made, hold, check))

    async def hand_over(self, account: Account, order: HandOver) -> Settled:
        """Give a case with its group to a department. Raises as `settle`."""
        on, check = self._on, self._on.rights.at(account)
        group = await on.records.group(order.case_id)
        check(group.lead)
        made = on.settling.handed(account, order, await on.pages.before(group.lead))
        unit = {"unit": order.unit.strip(), "unit_due_at": order.due_at, "unit_note": order.note}
        hold = Hold(order.case_id, order.token, columns=unit)
        return await self._settled(account, await on.resolutions.settle(made, hold, check))

    async def undo(self, account: Account, resolution_id: str) -> str:
        """Take a resolution back: the case that leads its group, which the account holds again.

        Raises Conflict where it is too late.
        """
        on = self._on
        made = await on.resolutions.get(resolution_id)
        check, until = on.rights.at(account), self._until()
        group = await on.resolutions.undo(resolution_id, account.id, until, check)
        if made.text and made.kind in SAID:
            await on.records.save_draft(group.lead.id, account.id, made.text)
        return group.lead.id

    async def resolution(self, account: Account, resolution_id: str) -> Resolution:
        """How a case was settled. Raises NotFound."""
        made = await self._on.resolutions.get(resolution_id)
        self._on.rights.at(account)(await self._on.records.case(made.case_ids[0]))
        return made

    async def send_now(self, account: Account, resolution_id: str) -> None:
        """Send at once. Raises Conflict where it is sent or taken back."""
        on = self._on
        await on.resolutions.send_now(resolution_id, account.id, on.rights.at(account))
        on.wake()

    async def returned(self, account: Account, case_id: str) -> None:
        """A department gave a case back. Raises Conflict where none has it."""
        await self._on.records.returned(case_id, account.id, self._on.rights.at(account))

    async def withdraw(self, account: Account, question_id: str, reason: str) -> Incident:
        """Take an answer back that was given: it stops everywhere, its correction is a new case.

        Raises Conflict where there is no answer or it is taken back already, BadInput for a reason
        that cannot stand.
        """
        self._on.rights.enter(account)
        incident = await self._on.withdrawing.withdraw(account, question_id, reason)
        self._on.withdrawn()
        return incident

    async def mark(self, account: Account, order: Mark) -> None:
        """Mark a case with its group urgent, or no longer. Raises Conflict where it is settled."""
        check = self._on.rights.at(account)
        await self._on.records.mark(order.case_id, account.id, check, urgent=order.urgent)

    async def merge(self, account: Account, order: Merge) -> None:
        """Settle a case, with its group, together with another from now on.

        Raises Conflict where one of them is settled, or held by someone else.
        """
        check = self._on.rights.at(account)
        await self._on.records.merge(order.case_id, order.into, account.id, check)

    async def split(self, account: Account, order: Split) -> None:
        """Settle a case by itself again. Raises as `merge`."""
        await self._on.records.split(order.case_id, account.id, self._on.rights.at(account))

    async def _settled(self, account: Account, made: Resolution) -> Settled:
        self._on.wake()
        following = await self.next_case(account, made.case_ids[0])
        return Settled(made.id, made.kind, made.sends_at, made.case_ids, following)

    async def _filter(
        self,
        account: Account,
        state: CaseState,
        *,
        room_id: str | None = None,
        code: str | None = None,
        text: str = "",
    ) -> Filter:
        """What someone may see. Raises Forbidden for who may see nothing here."""
        self._on.rights.enter(account)
        regions: list[str] | None = None
        if account.regions:
            regions = self._on.rights.among(account, await self._on.queue.regions(state))
        return Filter(state, room_id, code, text, regions)

    def _until(self) -> datetime:
        return self._on.clock() + LEASE
