"""`/api/v1/ledger`: the 台账 as JSON, for who may see it."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from assistant.domain.answer import Route
from assistant.domain.ledger import LedgerCounts, LedgerRow
from assistant.domain.live import OutcomeKind, QuestionState, Urgency
from assistant.domain.verdict import Action
from assistant.review.ledger import basis, category, made_by, shown_name
from assistant.web.ledger_in import SeeingLedger, Wanted, filter_of, ledger_of, page_and_counts
from assistant.web.openapi import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)


class LedgerRowOut(BaseModel):
    """One comment that is a question or went to a person. Times are UTC."""

    model_config = ConfigDict(frozen=True)

    id: str
    room_id: str
    room_name: str
    session_id: str
    platform: str
    received_at: datetime
    viewer_name: str
    text: str
    question_id: str | None
    question: str
    item: str
    region: str | None
    category: str
    urgency: Urgency
    outcome: OutcomeKind
    code: str
    reason: str
    action: Action | None
    state: QuestionState | None
    answer: str
    basis: str
    route: Route | None
    made_by: str
    approver: str
    approved_at: datetime | None
    said_at: datetime | None
    handed: bool
    unit: str
    unit_due_at: datetime | None
    overdue: bool
    repeats: int


class LedgerCountsOut(BaseModel):
    """How many rows the filter lets through, and how they ended."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    rows: int
    questions: int
    spoken: int
    replied: int
    to_person: int
    merged: int
    set_aside: int
    waiting: int
    handed: int
    overdue: int


class LedgerOut(BaseModel):
    """A page of the ledger, newest first; `next` continues after it."""

    items: tuple[LedgerRowOut, ...]
    counts: LedgerCountsOut
    next: str | None


@router.get("/ledger", tags=["ledger"], summary="问题台账")
async def ledger(request: Request, account: SeeingLedger, wanted: Wanted) -> LedgerOut:
    """Every comment that is a question or went to a person, of the rooms one may see."""
    which = await filter_of(request, account, wanted)
    page, counts = await page_and_counts(ledger_of(request), which, wanted.limit, wanted.cursor)
    now: datetime = request.app.state.running.assistant.clock()
    items = tuple(row_out(row, now) for row in page.rows)
    return LedgerOut(items=items, counts=counts_out(counts), next=page.cursor)


def counts_out(counts: LedgerCounts) -> LedgerCountsOut:
    """The counts as JSON."""
    return LedgerCountsOut.model_validate(counts)


def row_out(row: LedgerRow, now: datetime) -> LedgerRowOut:
    """A row as JSON."""
    case = row.case
    return LedgerRowOut(
        id=row.id,
        room_id=row.room_id,
        room_name=row.room_name,
        session_id=row.session_id,
        platform=row.platform,
        received_at=row.received_at,
        viewer_name=shown_name(row),
        text=row.text,
        question_id=row.question_id,
        question=row.question,
        item=row.item,
        region=row.region,
        category=category(row),
        urgency=row.urgency,
        outcome=row.outcome,
        code=row.code,
        reason=row.reason,
        action=row.action,
        state=row.state,
        answer=row.answer,
        basis=basis(row),
        route=row.route,
        made_by=made_by(row),
        approver=row.approver,
        approved_at=row.approved_at,
        said_at=row.said_at,
        handed=bool(case and case.unit),
        unit=case.unit if case else "",
        unit_due_at=case.unit_due_at if case else None,
        overdue=bool(case and case.is_overdue(now)),
        repeats=row.repeats,
    )
