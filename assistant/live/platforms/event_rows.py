"""One event in its exchange format (FORMATS §5), read strictly."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.live.platforms.texts import LONGEST_TEXT, storable

PLATFORMS = ("bilibili", "douyin", "kuaishou", "wechat_channels", "webhook", "console", "page")
"""The names that `platform` may have."""

_Id = Annotated[str, Field(min_length=1, max_length=256)]
_MEANINGS = {
    "extra_forbidden": "未知的键；请删去它，平台自己的字段放进 extra",
    "missing": "缺少这个键",
    "string_type": "应为字符串",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "int_type": "应为整数",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than_equal": "不能小于 0",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "json_invalid": "不是有效的 JSON",
    "enum": "不认识的类型；可用：" + "、".join(EventType),
    "platform": "不认识的平台；可用：" + "、".join(PLATFORMS),
}


class UserRow(BaseModel):
    """A viewer as the platform names them."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: _Id
    name: str | None = None
    level: int | None = None

    def viewer(self) -> LiveUser:
        """The value of it."""
        return LiveUser(storable(self.id), storable(self.name), self.level or 0)


class EventRow(BaseModel):
    """One object of FORMATS §5. An unknown key is an error; an absent optional key is null."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, title="Live event")

    event_id: _Id
    platform: str = Field(json_schema_extra={"enum": list(PLATFORMS)})
    room_id: _Id
    type: EventType
    at: float = Field(ge=0, allow_inf_nan=False)
    user: UserRow | None = None
    text: str | None = Field(None, max_length=LONGEST_TEXT)
    count: int | None = Field(None, ge=0)
    extra: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "EventRow":
        if self.platform not in PLATFORMS:
            raise PydanticCustomError("platform", "unknown platform")
        if self.type is EventType.COMMENT and self.text is None:
            raise PydanticCustomError("comment", "a comment without text")
        return self

    def event(self, at: datetime, *, reply_to: str = "") -> LiveEvent:
        """The event, said to have happened at `at`."""
        return LiveEvent(
            event_id=storable(self.event_id),
            platform=self.platform,
            type=self.type,
            at=at,
            user=self.user.viewer() if self.user else None,
            text=storable(self.text),
            count=1 if self.count is None else self.count,
            reply_to=reply_to,
            extra=self.extra or {},
        )


def complaint(error: ValidationError) -> str:
    """What is wrong first, with its key and what to do; never the value, it may be personal."""
    return _complaint(
        error.errors(include_url=False, include_input=False, include_context=False)[0]
    )


def _complaint(first: Mapping[str, Any] | ErrorDetails) -> str:
    kind = str(first["type"])
    if kind == "comment":
        return "键 text：type 为 comment 时必须有 text"
    key = "platform" if kind == "platform" else ".".join(str(part) for part in first["loc"])
    meaning = _MEANINGS.get(kind, "格式不对")
    return f"键 {key}：{meaning}" if key else meaning
