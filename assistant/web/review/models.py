"""The review desk's values as the API takes and gives them."""

from datetime import date, datetime
from typing import Annotated, Self, TypedDict

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from assistant.domain.answer import Route
from assistant.domain.live import Urgency
from assistant.domain.region import RegionTree
from assistant.domain.review import CaseState, LearnedState, ResolutionKind
from assistant.domain.source import Status
from assistant.review import orders
from assistant.review.views import CaseView, EvidenceView, QueueRow
from assistant.web.inputs import SearchText, cleaned
from assistant.web.links import source_url
from assistant.web.review.names import LEARNED_NAMES, ROUTE_NAMES, confirms, validity_label

LONGEST_TEXT = 2000
LONGEST_DRAFT = 20_000
MOST_LINES = 50
LARGEST_TOKEN = 2**31 - 1

Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(cleaned)]
Line = Annotated[str, Field(max_length=500), AfterValidator(cleaned)]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Lines = Annotated[tuple[Line, ...], Field(max_length=MOST_LINES)]
Token = Annotated[int, Field(ge=0, le=LARGEST_TOKEN, description="proves that you hold the case")]


class Out(BaseModel):
    """Read from the desk's own values."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class In(BaseModel):
    """What a client sends; unknown fields are a mistake."""

    model_config = ConfigDict(extra="forbid")


class RowOut(Out):
    """A group of similar cases, or one case alone."""

    case_id: str
    question_id: str
    question: str
    room_id: str
    room_name: str
    region: str | None
    region_name: str = ""
    code: str
    reason: str
    urgency: Urgency
    is_urgent: bool
    state: CaseState
    cases: int
    asked_by: int
    made_at: datetime
    due_at: datetime | None
    due_class: str
    step: int
    holder: str
    mine: bool = False
    on_air: bool

    @classmethod
    def of(cls, row: QueueRow, reader: str, regions: RegionTree) -> Self:
        """A row as one account sees it."""
        place = regions.get(row.region) if row.region else None
        name = place.name if place else row.region or ""
        mine = bool(row.holder) and row.holder_id == reader
        return cls.model_validate(row).model_copy(update={"region_name": name, "mine": mine})


class QueueIn(In):
    """Which cases, and which page of them."""

    room: Annotated[str | None, Field(max_length=100)] = None
    code: Annotated[str | None, Field(max_length=100)] = None
    state: CaseState = CaseState.WAITING
    q: SearchText = ""
    cursor: Annotated[str | None, Field(max_length=500)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def filters(self) -> "Filters":
        """As the desk takes them."""
        return {
            "room_id": self.room,
            "code": self.code,
            "state": self.state,
            "text": self.q,
            "cursor": self.cursor,
            "limit": self.limit,
        }


class Filters(TypedDict):
    """What the desk's queue is asked with."""

    room_id: str | None
    code: str | None
    state: CaseState
    text: str
    cursor: str | None
    limit: int


class QueueOut(BaseModel):
    """One page; `now` is the time that deadlines are counted from."""

    rows: tuple[RowOut, ...]
    next: str | None
    waiting: int
    overdue: int
    now: datetime


class ValidityOut(Out):
    """A cited source as it is today. `label` and `tone` are shown."""

    source_id: str
    title: str
    document_number: str | None
    version: int
    status: Status | None
    effective_from: date | None
    effective_to: date | None
    in_force: bool
    why: str
    label: str = ""
    tone: str = ""


class EvidenceOut(BaseModel):
    """One quote of the draft."""

    source_id: str
    title: str
    locator: str
    quote: str
    url: str
    validity: ValidityOut | None

    @classmethod
    def of(cls, one: EvidenceView) -> Self:
        """With the address of our own page of the source."""
        cited, today = one.citation, None
        if one.validity is not None:
            label, tone = validity_label(one.validity)
            read = ValidityOut.model_validate(one.validity)
            today = read.model_copy(update={"label": label, "tone": tone})
        return cls(
            source_id=cited.source_id,
            title=cited.title or (today.title if today else ""),
            locator=cited.locator,
            quote=cited.quote,
            url=source_url(cited.source_id) if today else "",
            validity=today,
        )


class MemberOut(Out):
    """Another case of the group."""

    case_id: str
    question: str
    asked_by: int
    room_name: str


class LikeOut(Out):
    """A FAQ near the question: `kind` is same, near or conflict."""

    faq_id: str
    question: str
    answer: str
    likeness: float
    kind: str


class BasisOut(Out):
    """A source on which a learnt answer rests."""

    source_id: str
    version: int
    quote: str
    locator: str


class LearnedOut(Out):
    """A FAQ that came from the desk."""

    faq_id: str
    resolution_id: str
    state: LearnedState
    state_name: str = ""
    question: str
    answer: str
    region: str
    basis: tuple[BasisOut, ...]
    changed_at: datetime
    why: str

    @classmethod
    def of(cls, one: object) -> Self:
        """With the state in words."""
        read = cls.model_validate(one)
        return read.model_copy(update={"state_name": LEARNED_NAMES[read.state]})


class CaseOut(BaseModel):
    """One case with everything that its reviewer needs; `token` is 0 where you do not hold it."""

    row: RowOut
    token: int
    held_until: datetime | None
    history: tuple[str, ...]
    comments: tuple[str, ...]
    item: str
    route: Route | None
    route_name: str
    draft: str
    draft_spoken: str
    evidence: tuple[EvidenceOut, ...]
    confidence: float | None
    reasons: tuple[str, ...]
    risks: tuple[str, ...]
    members: tuple[MemberOut, ...]
    near: tuple[LikeOut, ...]
    learned: LearnedOut | None
    typed: str
    given: str
    confirms: bool = Field(description="approving it means: the answer given was right")

    @classmethod
    def of(cls, view: CaseView, reader: str, regions: RegionTree) -> Self:
        """A case as one account sees it."""
        return cls(
            row=RowOut.of(view.row, reader, regions),
            token=view.token,
            held_until=view.held_until,
            history=view.history,
            comments=view.comments,
            item=view.item,
            route=view.route,
            route_name=ROUTE_NAMES[view.route] if view.route else "",
            draft=view.draft,
            draft_spoken=view.draft_spoken,
            evidence=tuple(EvidenceOut.of(one) for one in view.evidence),
            confidence=view.confidence,
            reasons=view.reasons,
            risks=view.risks,
            members=tuple(MemberOut.model_validate(one) for one in view.members),
            near=tuple(LikeOut.model_validate(one) for one in view.near),
            learned=LearnedOut.of(view.learned) if view.learned else None,
            typed=view.typed,
            given=view.given,
            confirms=confirms(view),
        )


class SettledOut(Out):
    """Until when it can be taken back, and which case comes next."""

    resolution_id: str
    kind: ResolutionKind
    sends_at: datetime
    case_ids: tuple[str, ...]
    next_case_id: str | None


class TakeIn(In):
    """`over`: also from a colleague who holds it."""

    over: bool = False


class HeldIn(In):
    """The token that taking the case gave."""

    token: Token


class HeldOut(BaseModel):
    """Until when the case is yours."""

    held_until: datetime


class DraftIn(In):
    """What is typed and not settled; empty forgets it."""

    text: Annotated[str, Field(max_length=LONGEST_DRAFT)]


class SourceIn(In):
    """A source; the quote must be verbatim from its current version."""

    source_id: Annotated[str, Field(min_length=1, max_length=500)]
    quote: Annotated[str, Field(min_length=1, max_length=LONGEST_DRAFT)]


class SettleIn(In):
    """A decision about a case and its group. `text` is empty for approve and confirm."""

    token: Token
    kind: ResolutionKind
    text: Text = ""
    sources: Annotated[tuple[SourceIn, ...], Field(max_length=20)] = ()
    note: Line = ""
    aloud: bool = True
    learn: bool = True
    personal: bool = False
    similar: Lines = ()
    negatives: Lines = ()
    without: Annotated[tuple[Id, ...], Field(max_length=500)] = ()
    took_ms: Annotated[float, Field(ge=0, le=86_400_000)] = 0.0
    at_once: bool = False

    def order(self, case_id: str) -> orders.Settle:
        """The order of the desk."""
        said = self.model_dump(exclude={"sources"})
        sources = tuple(orders.Source(one.source_id, one.quote) for one in self.sources)
        return orders.Settle(case_id=case_id, sources=sources, **said)


class HandOverIn(In):
    """Give a case to a department; `line` is what the viewer is told."""

    token: Token
    unit: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(cleaned)]
    due_at: AwareDatetime
    note: Line = ""
    line: Line = ""

    def order(self, case_id: str) -> orders.HandOver:
        """The order of the desk."""
        return orders.HandOver(case_id=case_id, **self.model_dump())


class NearIn(In):
    """An answer as it is typed."""

    answer: Text = ""


class MarkIn(In):
    """Urgent, or no longer."""

    urgent: bool


class MergeIn(In):
    """The case to be settled with from now on."""

    into: Id


class NextOut(BaseModel):
    """The case to look at next; null where none waits."""

    case_id: str | None
