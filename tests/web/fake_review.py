"""A review desk in memory that keeps the contract of the real one; see `web.review.seams`."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from assistant.access.accounts import Account
from assistant.domain.answer import Citation, Route
from assistant.domain.live import Urgency
from assistant.domain.review import CaseState, ResolutionKind
from assistant.domain.source import Status
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.review.orders import HandOver, Mark, Merge, Settle, Split
from assistant.review.views import (
    CaseView,
    EvidenceView,
    LikeFaq,
    Member,
    QueuePage,
    QueueRow,
    Settled,
    Validity,
)

LEASE, WINDOW = timedelta(seconds=60), timedelta(seconds=10)
REGION = "990101"


def row(number: int, **changes: object) -> QueueRow:
    """A case that waits."""
    made = datetime(2026, 3, 1, 16, 0, tzinfo=UTC) + timedelta(seconds=number)
    known = {
        "case_id": f"k{number}",
        "question": f"第{number}个问题要带什么材料",
        "room_id": "hall",
        "room_name": "清溪县政务直播间",
        "region": REGION,
        "code": "no_support",
        "reason": "依据不足",
        "urgency": Urgency.NORMAL,
        "state": CaseState.WAITING,
        "cases": 1,
        "asked_by": 2,
        "made_at": made,
        "due_at": made + timedelta(minutes=45),
        "due_class": "live",
        "step": 0,
        "holder": "",
        "on_air": True,
        "question_id": f"q{number}",
    }
    return QueueRow(**known | changes)  # type: ignore[arg-type]


def evidence(*, in_force: bool = True) -> EvidenceView:
    """A quote of a source that is in force, or repealed."""
    cited = Citation("guide-1", "申请材料", "经营者身份证（复印件1份）", "个体工商户设立登记")
    status, why = (None, "") if in_force else (Status.REPEALED, "已被新办法代替")
    today = Validity(
        "guide-1", cited.title, None, 1, status, date(2025, 5, 10), None, in_force, why, ""
    )
    return EvidenceView(cited, today)


def view(one: QueueRow, **changes: object) -> CaseView:
    """A case with a draft."""
    known = {
        "row": one,
        "token": 0,
        "held_until": None,
        "history": ("我想开店",),
        "comments": (one.question,),
        "item": "个体工商户设立登记",
        "route": Route.GUIDE,
        "draft": "要带经营者身份证复印件1份。",
        "draft_spoken": "要带经营者身份证复印件一份。",
        "evidence": (evidence(),),
        "confidence": 0.62,
        "reasons": ("证据只覆盖问题的一半",),
        "risks": (),
        "members": (),
        "near": (),
    }
    return CaseView(**known | changes)  # type: ignore[arg-type]


def conflict() -> LikeFaq:
    """A FAQ that says something else."""
    return LikeFaq("faq-9", "开店要带什么", "要带身份证原件和照片。", 0.9, "conflict")


@dataclass
class Kept:
    """A case and who holds it."""

    view: CaseView
    holder: Account | None = None
    until: datetime | None = None
    token: int = 0
    typed: dict[str, str] = field(default_factory=dict)
    resolution: str | None = None


class FakeReview:
    """Cases by id; `now` moves by hand."""

    def __init__(self, *views: CaseView, now: datetime | None = None) -> None:
        self.now = now or datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
        self.kept = {one.row.case_id: Kept(one) for one in views}
        self.done: dict[str, tuple[Settled, Settle | HandOver]] = {}
        self.sent: set[str] = set()
        self.withdrawn: list[tuple[str, str]] = []

    def clock(self) -> datetime:
        return self.now

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
        self._allow(account)
        if cursor and not cursor.isdecimal():
            raise BadInput("这不是队列的翻页标记")
        found = [self._row(kept) for kept in self._waiting(account, state)]
        rows = [one for one in found if text in one.question and code in (None, one.code)]
        rows = [one for one in rows if room_id in (None, one.room_id)]
        begin = int(cursor) if cursor else 0
        more = str(begin + limit) if len(rows) > begin + limit else None
        overdue = sum(1 for one in rows if one.due_at and one.due_at < self.clock())
        waiting = sum(one.cases for one in rows)
        return QueuePage(rows[begin : begin + limit], more, waiting, overdue)

    async def take(self, account: Account, case_id: str, *, over: bool = False) -> CaseView:
        kept = self._one(account, case_id)
        self._open(kept)
        if kept.holder and kept.holder.id != account.id and self._held(kept) and not over:
            raise Conflict(f"{kept.holder.display_name}正在处理这件")
        kept.holder, kept.until, kept.token = account, self.clock() + LEASE, kept.token + 1
        return await self.view(account, case_id)

    async def view(self, account: Account, case_id: str) -> CaseView:
        kept = self._one(account, case_id)
        mine = kept.holder is not None and kept.holder.id == account.id and self._held(kept)
        return replace(
            kept.view,
            row=self._row(kept),
            token=kept.token if mine else 0,
            held_until=kept.until if mine else None,
            typed=kept.typed.get(account.id, ""),
        )

    async def renew(self, account: Account, case_id: str, token: int) -> datetime:
        kept = self._mine(account, case_id, token)
        kept.until = self.clock() + LEASE
        return kept.until

    async def release(self, account: Account, case_id: str, token: int) -> None:
        kept = self._one(account, case_id)
        if kept.token == token and kept.holder and kept.holder.id == account.id:
            kept.holder = kept.until = None

    async def save_draft(self, account: Account, case_id: str, text: str) -> None:
        self._one(account, case_id).typed[account.id] = text

    async def near(self, account: Account, case_id: str, answer: str) -> tuple[LikeFaq, ...]:
        near = self._one(account, case_id).view.near
        kinds = {True: "same", False: "conflict" if answer else "near"}
        return tuple(replace(one, kind=kinds[answer == one.answer]) for one in near)

    async def settle(self, account: Account, order: Settle) -> Settled:
        return self._settle(account, order, order.kind, at_once=order.at_once)

    async def hand_over(self, account: Account, order: HandOver) -> Settled:
        return self._settle(account, order, ResolutionKind.HAND_OVER, at_once=False)

    async def undo(self, account: Account, resolution_id: str) -> str:
        settled, _ = self._resolution(account, resolution_id)
        if resolution_id in self.sent or settled.sends_at <= self.clock():
            raise Conflict("已经发出，不能撤销")
        for case_id in settled.case_ids:
            if case_id in self.kept:
                kept = self.kept[case_id]
                waiting = replace(kept.view.row, state=CaseState.WAITING)
                kept.view, kept.resolution = replace(kept.view, row=waiting), None
        del self.done[resolution_id]
        return settled.case_ids[0]

    async def send_now(self, account: Account, resolution_id: str) -> None:
        self._resolution(account, resolution_id)
        self.sent.add(resolution_id)

    async def returned(self, account: Account, case_id: str) -> None:
        kept = self._one(account, case_id)
        if kept.view.row.state is not CaseState.HANDED:
            raise Conflict("这件没有转给部门")
        self._set(kept, state=CaseState.WAITING)

    async def mark(self, account: Account, order: Mark) -> None:
        self._set(self._one(account, order.case_id), is_urgent=order.urgent)

    async def merge(self, account: Account, order: Merge) -> None:
        moved, lead = self._one(account, order.case_id), self._one(account, order.into)
        if moved is lead:
            raise Conflict("这两件已经在同一组")
        old = moved.view.row
        joined = Member(old.case_id, old.question, old.asked_by, old.room_name)
        lead.view = replace(lead.view, members=(*lead.view.members, joined, *moved.view.members))
        self._set(lead, cases=lead.view.row.cases + old.cases)
        del self.kept[old.case_id]

    async def split(self, account: Account, order: Split) -> None:
        for lead in self.kept.values():
            gone = [one for one in lead.view.members if one.case_id == order.case_id]
            if gone:
                left = tuple(one for one in lead.view.members if one.case_id != order.case_id)
                lead.view = replace(lead.view, members=left)
                self._set(lead, cases=lead.view.row.cases - 1)
                alone = replace(lead.view.row, case_id=order.case_id, question=gone[0].question)
                self.kept[order.case_id] = Kept(view(replace(alone, cases=1)))
                return
        self._one(account, order.case_id)
        raise Conflict("这件本来就是单独一件")

    async def next_case(self, account: Account, after: str | None = None) -> str | None:
        self._allow(account)
        others = (
            kept
            for kept in self._waiting(account)
            if not self._held(kept) or kept.holder is account
        )
        return next((one.view.row.case_id for one in others), None)

    def _settle(
        self, who: Account, order: Settle | HandOver, kind: ResolutionKind, *, at_once: bool
    ) -> Settled:
        kept = self._mine(who, order.case_id, order.token)
        without = order.without if isinstance(order, Settle) else ()
        members = [one.case_id for one in kept.view.members if one.case_id not in without]
        resolution = f"r{len(self.done) + 1}"
        self._set(kept, state=CaseState.SENDING)
        kept.holder, kept.typed[who.id], kept.resolution = None, "", resolution
        sends = self.clock() if at_once else self.clock() + WINDOW
        following = next(iter(self._waiting(who)), None)
        then = following.view.row.case_id if following else None
        settled = Settled(resolution, kind, sends, (order.case_id, *members), then)
        self.done[resolution] = (settled, order)
        return settled

    def _resolution(self, who: Account, resolution_id: str) -> tuple[Settled, Settle | HandOver]:
        self._allow(who)
        if resolution_id not in self.done:
            raise NotFound("没有这条处理结果")
        return self.done[resolution_id]

    def _waiting(self, who: Account, state: CaseState = CaseState.WAITING) -> list[Kept]:
        found = [one for one in self.kept.values() if one.view.row.state is state]
        return [one for one in found if self._sees(who, one)]

    def _row(self, kept: Kept) -> QueueRow:
        held = kept.holder if self._held(kept) else None
        name, account = (held.display_name, held.id) if held else ("", "")
        return replace(kept.view.row, holder=name, holder_id=account)

    def _held(self, kept: Kept) -> bool:
        return kept.until is not None and kept.until > self.clock() and kept.holder is not None

    def _mine(self, who: Account, case_id: str, token: int) -> Kept:
        kept = self._one(who, case_id)
        self._open(kept)
        if kept.token != token or kept.holder is None or kept.holder.id != who.id:
            raise Conflict("这件已由别人接手")
        return kept

    def _open(self, kept: Kept) -> None:
        if kept.view.row.state is not CaseState.WAITING:
            raise Conflict("这件已经处理过了")

    def _one(self, who: Account, case_id: str) -> Kept:
        self._allow(who)
        kept = self.kept.get(case_id)
        if kept is None or not self._sees(who, kept):
            raise NotFound(f"没有这一件 {case_id}")
        return kept

    def _sees(self, who: Account, kept: Kept) -> bool:
        return not who.regions or kept.view.row.region in who.regions

    def _allow(self, who: Account) -> None:
        if who.is_outsourced:
            raise Forbidden("外包人员不能复核")

    def _set(self, kept: Kept, **changes: object) -> None:
        changed = replace(kept.view.row, **changes)  # type: ignore[arg-type]
        kept.view = replace(kept.view, row=changed)
