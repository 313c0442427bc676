"""Structured output from any OpenAI-compatible endpoint, by a ladder (FIELD §3).

What an endpoint can is probed once: json_schema, else json_object, else plain text with the object
in it. A reply is stripped of thoughts, cut to its balanced braces, repaired, validated; one more
turn names the errors; then ModelFailed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from assistant.errors import ModelFailed
from assistant.models.chat import FormatRefused, Message, strip_thoughts

log = structlog.get_logger()
T = TypeVar("T", bound=BaseModel)
_PROBE = [
    Message("system", '只输出一个 JSON 对象，例如 {"ok": true}。'),
    Message("user", '请输出 json：{"ok": true}'),
]
_MOST_ERRORS = 5


class Rung(StrEnum):
    """What an endpoint can, best first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    TEXT = "text"


class FormattedChat(Protocol):
    """A chat model that may be told in which form to answer."""

    async def complete(
        self,
        messages: Sequence[Message],
        seconds: float = ...,
        *,
        response_format: Mapping[str, object] | None = None,
    ) -> str:
        """The reply's text. Raises ModelFailed, FormatRefused."""
        ...


class _Probe(BaseModel):
    ok: bool


class Structured:
    """Asks a chat model for objects. What it can is probed at the first question, and kept."""

    def __init__(self, chat: FormattedChat, seconds: float = 20.0) -> None:
        self.chat = chat
        self.seconds = seconds
        self._rung: Rung | None = None

    @property
    def rung(self) -> Rung | None:
        """What the endpoint can; None before it was asked."""
        return self._rung

    async def ask(self, messages: Sequence[Message], kind: type[T]) -> T:
        """An object of a kind. Raises ModelFailed where the ladder ends without one."""
        if self._rung is None:
            self._rung = await self._probed()
        text = await self._reply(messages, kind)
        try:
            return parsed(text, kind)
        except ValueError as error:
            again = [*messages, Message("assistant", text), Message("user", _repair(error, kind))]
            reply = await self._reply(again, kind)
        try:
            return parsed(reply, kind)
        except ValueError as error:
            raise ModelFailed("模型没有按要求的格式作答") from error

    async def _reply(self, messages: Sequence[Message], kind: type[BaseModel]) -> str:
        """One reply, on the highest rung that the endpoint takes for this schema."""
        while True:
            rung = self._rung or Rung.TEXT
            try:
                form = format_of(rung, kind)
                return await self.chat.complete(messages, self.seconds, response_format=form)
            except FormatRefused:
                if rung is Rung.TEXT:
                    raise
                self._rung = Rung.OBJECT if rung is Rung.SCHEMA else Rung.TEXT

    async def _probed(self) -> Rung:
        """The best rung on which a tiny question is answered rightly; silence is no answer."""
        for rung in (Rung.SCHEMA, Rung.OBJECT):
            try:
                form = format_of(rung, _Probe)
                parsed(await self.chat.complete(_PROBE, self.seconds, response_format=form), _Probe)
            except FormatRefused:
                continue
            except ValueError:
                continue
            log.info("model_output_format", rung=rung.value)
            return rung
        return Rung.TEXT


def format_of(rung: Rung, kind: type[BaseModel]) -> Mapping[str, object] | None:
    """OpenAI's `response_format` for a rung."""
    if rung is Rung.TEXT:
        return None
    if rung is Rung.OBJECT:
        return {"type": "json_object"}
    schema = {"name": kind.__name__.strip("_"), "schema": kind.model_json_schema()}
    return {"type": "json_schema", "json_schema": schema}


def parsed(text: str, kind: type[T]) -> T:
    """The object in a reply. Raises ValueError (pydantic's is one) with what is wrong."""
    body = balanced(strip_thoughts(text))
    try:
        found = json.loads(body)
    except ValueError:
        from json_repair import repair_json

        found = repair_json(body, return_objects=True)
    if not isinstance(found, dict):
        raise ValueError("没有 JSON 对象")  # noqa: TRY004 - a broken reply, not a broken call
    return kind.model_validate(found)


def balanced(text: str) -> str:
    """From the first brace to the one that closes it; to the end where none does."""
    start = text.find("{")
    if start < 0:
        return ""
    depth, quoted, escaped = 0, False, False
    for place in range(start, len(text)):
        char = text[place]
        if quoted:
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
            continue
        quoted = char == '"'
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return text[start : place + 1]
    return text[start:]


def _repair(error: ValueError, kind: type[BaseModel]) -> str:
    wrong = [str(error)]
    if isinstance(error, ValidationError):
        rows = error.errors()[:_MOST_ERRORS]
        wrong = [f"{'.'.join(map(str, row['loc']))}：{row['msg']}" for row in rows]
    names = "、".join(kind.model_fields)
    told = re.sub(r"\s+", " ", "；".join(wrong))[:400]
    return f"上面的 json 不合要求：{told}。请只输出一个 json 对象，包含：{names}。"
