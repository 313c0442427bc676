"""The keys of FORMATS §1–3 as strict models.

An unknown key, a count that is no whole number or a day that is not YYYY-MM-DD is an error; a
missing optional key is null.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from assistant.domain import source as domain
from assistant.domain.source import SourceKind

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("应为 YYYY-MM-DD 的日期")


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Field(min_length=1, pattern=r"[^\x00-\x20\xa0\u3000]")]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]
Count = Annotated[int, Field(ge=0), BeforeValidator(_whole)]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
RegionCode = Annotated[str, Field(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$")]


class Row(BaseModel):
    """A JSON object of the format; `domain_type` is the value it stands for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    domain_type: ClassVar[type[Any]]


class _Dated(Row):
    region: RegionCode | None = None
    tags: list[str] | None = None
    effective_from: Day | None = None
    effective_to: Day | None = None


class PolicyRow(_Dated):
    """Policy document (FORMATS §1)."""

    domain_type = domain.PolicyDocument
    kind: Literal["policy_document"]
    id: Text
    title: Text
    text: Text
    document_number: str | None = None
    issuer: str | None = None
    published_on: Day | None = None
    status: Annotated[domain.Status, Field(strict=False)] | None = None
    supersedes: list[str] | None = None
    source_url: str | None = None


class MaterialRow(Row):
    """One row of 申请材料."""

    domain_type = domain.Material
    name: Text
    originals: Count | None = None
    copies: Count | None = None
    form: str | None = None
    required: bool | None = None
    note: str | None = None


class StepRow(Row):
    """One step of 办理流程."""

    domain_type = domain.Step
    channel: Annotated[domain.Channel, Field(strict=False)]
    text: Text


class LimitRow(Row):
    """法定 or 承诺办结时限."""

    domain_type = domain.TimeLimit
    value: Number
    unit: Annotated[domain.LimitUnit, Field(strict=False)]
    note: str | None = None


class LocationRow(Row):
    """One 办理地点."""

    domain_type = domain.Location
    name: str | None = None
    address: str | None = None
    window: str | None = None
    hours: str | None = None
    phone: str | None = None


class OnlineRow(Row):
    """网办."""

    domain_type = domain.Online
    available: bool
    platform: str | None = None
    url: str | None = None


class BasisRow(Row):
    """One 设定依据."""

    domain_type = domain.Basis
    title: Text
    document_number: str | None = None
    article: str | None = None
    text: str | None = None


class QuestionAnswerRow(Row):
    """One 常见问题 inside a guide."""

    domain_type = domain.QuestionAnswer
    question: Text
    answer: Text


class GuideRow(_Dated):
    """Service guide (FORMATS §2)."""

    domain_type = domain.ServiceGuide
    kind: Literal["service_guide"]
    id: Text
    name: Text
    aliases: list[str] | None = None
    parent: str | None = None
    code: str | None = None
    base_code: str | None = None
    item_type: str | None = None
    authority: str | None = None
    audience: list[str] | None = None
    conditions: str | None = None
    materials: list[MaterialRow] | None = None
    steps: list[StepRow] | None = None
    statutory_limit: LimitRow | None = None
    promised_limit: LimitRow | None = None
    fee: str | None = None
    locations: list[LocationRow] | None = None
    consult_phone: str | None = None
    complaint_phone: str | None = None
    online: OnlineRow | None = None
    visits: Count | None = None
    appointment: bool | None = None
    courier: bool | None = None
    result: str | None = None
    basis: list[BasisRow] | None = None
    faqs: list[QuestionAnswerRow] | None = None
    updated_on: Day | None = None
    source_url: str | None = None


class FaqBasisRow(Row):
    """What an approved answer rests on."""

    domain_type = domain.FaqBasis
    source_id: Text
    quote: Text


class FaqRow(_Dated):
    """Question-and-answer pair (FORMATS §3)."""

    domain_type = domain.Faq
    kind: Literal["faq"]
    id: Text
    question: Text
    answer: Text
    similar_questions: list[str] | None = None
    negative_questions: list[str] | None = None
    basis: list[FaqBasisRow] | None = None
    approved_by: str | None = None
    approved_at: str | None = None


ROWS: Mapping[SourceKind, type[Row]] = {
    SourceKind.POLICY: PolicyRow,
    SourceKind.GUIDE: GuideRow,
    SourceKind.FAQ: FaqRow,
}
