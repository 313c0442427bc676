"""What requests may hold: limits, cleaning, and the models of request bodies."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from assistant.domain.question import Question

QUESTION_LIMIT = 500
HISTORY_LIMIT = 20
TAG_LIMIT = 20

_KEPT_CONTROLS = "\n\t"
_BAD_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def cleaned(text: str) -> str:
    """The text without control, invisible, unassigned and broken characters, trimmed.

    NUL and other controls become a space, so that no two words grow together; zero-width and
    direction marks vanish, so that what is shown is what is searched.
    """
    return "".join(_kept(char) for char in text).strip()


def _kept(char: str) -> str:
    if char in _KEPT_CONTROLS:
        return char
    category = unicodedata.category(char)
    if category == "Cc":
        return " "
    return "" if category in _BAD_CATEGORIES else char


def _question_text(text: str) -> str:
    text = cleaned(text)
    if not text:
        raise ValueError("问题不能为空")
    if len(text) > QUESTION_LIMIT:
        raise ValueError(f"问题不能超过 {QUESTION_LIMIT} 个字")
    return text


def _search_text(text: str) -> str:
    text = cleaned(text)
    if len(text) > QUESTION_LIMIT:
        raise ValueError(f"不能超过 {QUESTION_LIMIT} 个字")
    return text


def _tag(text: str) -> str:
    text = cleaned(text)
    if not 1 <= len(text) <= 40:
        raise ValueError("标签应为 1 到 40 个字")
    return text


def _day(value: object) -> object:
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("日期应写作 YYYY-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("没有这一天") from None
    if not 1900 <= day.year <= 2200:
        raise ValueError("年份应在 1900 与 2200 之间")
    return day


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


QuestionText = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_question_text)]
SearchText = Annotated[str, Field(max_length=4000), AfterValidator(_search_text)]
TagText = Annotated[str, Field(max_length=400), AfterValidator(_tag)]
RegionCode = Annotated[
    str, Field(pattern=r"^[0-9]{6}([0-9]{3}|[0-9]{6})?$", description="6、9 或 12 位区划代码")
]
OptionalRegion = Annotated[RegionCode | None, BeforeValidator(_blank_is_none)]
OptionalDay = Annotated[date | None, BeforeValidator(_day), BeforeValidator(_blank_is_none)]


class QuestionIn(BaseModel):
    """A question as a client sends it."""

    model_config = ConfigDict(extra="forbid", title="QuestionIn")

    question: QuestionText
    region: OptionalRegion = None
    as_of: OptionalDay = None
    history: Annotated[list[QuestionText], Field(max_length=HISTORY_LIMIT)] = []
    tags: Annotated[list[TagText], Field(max_length=TAG_LIMIT)] = []

    def question_on(self, day: date) -> Question:
        """The question of the domain; `day` is today."""
        return Question(
            text=self.question,
            as_of=self.as_of or day,
            region=self.region,
            history=tuple(self.history),
            tags=frozenset(self.tags),
        )
