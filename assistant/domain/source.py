"""What an answer can rest on: policy documents, service guides and question-answer pairs.

The fields are those of the exchange formats (FORMATS §1–3). `None` means that the source
does not say; a stated "none" (`不收费`, `visits=0`) is a statement.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NATIONAL = "000000"


class SourceKind(StrEnum):
    """The three kinds of source."""

    POLICY = "policy_document"
    GUIDE = "service_guide"
    FAQ = "faq"


class Status(StrEnum):
    """效力 of a policy document."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    PARTLY_REPEALED = "partly_repealed"
    REPEALED = "repealed"
    DRAFT = "draft"


SILENT = frozenset({Status.REPEALED, Status.DRAFT})
"""Statuses under which a document never answers."""


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """政策文件 (FORMATS §1)."""

    id: str
    title: str
    text: str
    document_number: str | None = None
    issuer: str | None = None
    region: str = NATIONAL
    published_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    status: Status | None = None
    supersedes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """One row of 申请材料. Counts are numbers of copies; None = not stated."""

    name: str
    originals: int | None = None
    copies: int | None = None
    form: str | None = None
    required: bool | None = None
    note: str | None = None


class Channel(StrEnum):
    """Where a step is done."""

    ONLINE = "online"
    WINDOW = "window"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of 办理流程."""

    channel: Channel
    text: str


class LimitUnit(StrEnum):
    """Units of 办结时限."""

    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """法定 or 承诺办结时限; never shown without its unit."""

    value: float
    unit: LimitUnit
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """One 办理地点."""

    name: str | None = None
    address: str | None = None
    window: str | None = None
    hours: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Online:
    """网办."""

    available: bool
    platform: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """One 设定依据 of a guide."""

    title: str
    document_number: str | None = None
    article: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """One 常见问题 inside a guide."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ServiceGuide:
    """办事指南 (FORMATS §2)."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    code: str | None = None
    base_code: str | None = None
    item_type: str | None = None
    region: str = NATIONAL
    authority: str | None = None
    audience: tuple[str, ...] | None = None
    conditions: str | None = None
    materials: tuple[Material, ...] | None = None
    steps: tuple[Step, ...] | None = None
    statutory_limit: TimeLimit | None = None
    promised_limit: TimeLimit | None = None
    fee: str | None = None
    locations: tuple[Location, ...] | None = None
    consult_phone: str | None = None
    complaint_phone: str | None = None
    online: Online | None = None
    visits: int | None = None
    appointment: bool | None = None
    courier: bool | None = None
    result: str | None = None
    basis: tuple[Basis, ...] | None = None
    faqs: tuple[QuestionAnswer, ...] | None = None
    tags: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    updated_on: date | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class FaqBasis:
    """What an approved answer rests on."""

    source_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Faq:
    """Question-and-answer pair (FORMATS §3)."""

    id: str
    question: str
    answer: str
    similar_questions: tuple[str, ...] = ()
    negative_questions: tuple[str, ...] = ()
    region: str = NATIONAL
    tags: tuple[str, ...] = ()
    basis: tuple[FaqBasis, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    approved_by: str | None = None
    approved_at: str | None = None


Source = PolicyDocument | ServiceGuide | Faq


@dataclass(frozen=True, slots=True)
class SourceHeader:
    """What ranking, eligibility and citations need to know of a source without its text."""

    id: str
    kind: SourceKind
    version: int
    title: str
    region: str = NATIONAL
    document_number: str | None = None
    issuer: str | None = None
    published_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    status: Status | None = None
    supersedes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source_url: str | None = None
    parent: str | None = None
    base_code: str | None = None


def in_force(header: SourceHeader, as_of: date, superseded_from: date | None = None) -> bool:
    """Whether a source may answer on a day.

    `effective_from` and `effective_to` are both days on which it holds. `superseded_from` is the
    first day on which a newer document that names it holds (see `supersessions`).
    """
    if header.status in SILENT:
        return False
    if header.effective_from and as_of < header.effective_from:
        return False
    if header.effective_to and as_of > header.effective_to:
        return False
    return superseded_from is None or as_of < superseded_from


def supersessions(headers: "list[SourceHeader]") -> dict[str, date]:
    """For each superseded source id, the first day on which a superseding document holds.

    Drafts supersede nothing. A document without any date supersedes from the beginning.
    """
    days: dict[str, date] = {}
    for newer in headers:
        if newer.status is Status.DRAFT:
            continue
        day = newer.effective_from or newer.published_on or date.min
        for old in newer.supersedes:
            days[old] = min(day, days.get(old, date.max))
    return days
