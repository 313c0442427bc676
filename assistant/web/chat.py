"""`/v1/chat/completions` in OpenAI's shape, so that existing clients can ask.

The last user message is the question, earlier user messages its history; the answer's citations
stand in a field `citations` of the message, or of the last chunk of a stream.
"""

import json
import re
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.errors import BadInput
from assistant.web.api import reply_of
from assistant.web.inputs import (
    HISTORY_LIMIT,
    TAG_LIMIT,
    OptionalDay,
    OptionalRegion,
    QuestionIn,
    QuestionText,
    TagText,
)
from assistant.web.openapi import PROBLEMS
from assistant.web.replies import QuestionOut
from assistant.web.state import Here

MODEL = "assistant"
router = APIRouter(prefix="/v1", responses=PROBLEMS, tags=["openai"])
_PIECE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
_question_text: TypeAdapter[str] = TypeAdapter(QuestionText)


class Part(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: str | None = None


class Message(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The text of all its parts."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream tells besides the text."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class ChatIn(BaseModel):
    """A request; parameters that steer a model (temperature …) are accepted and not used."""

    model_config = ConfigDict(extra="allow")

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1, max_length=200)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    region: OptionalRegion = None
    as_of: OptionalDay = None
    tags: Annotated[list[TagText], Field(max_length=TAG_LIMIT)] = []

    def question(self) -> QuestionIn:
        """The question with the user's earlier ones.

        Raises:
            BadInput: there is no user message, or it is empty or too long.
        """
        said = [message.text for message in self.messages if message.role == "user"]
        if not said:
            raise BadInput("messages 里没有用户的问题")
        earlier = (_earlier(text) for text in said[:-1])
        history = [text for text in earlier if text][-HISTORY_LIMIT:]
        return QuestionIn.model_construct(
            question=_checked(said[-1]),
            region=self.region,
            as_of=self.as_of,
            history=history,
            tags=self.tags,
        )


def _checked(text: str) -> str:
    try:
        return _question_text.validate_python(text)
    except ValidationError as error:
        raise BadInput("问题应为 1 到 500 个字") from error


def _earlier(text: str) -> str | None:
    """An earlier message, if it can have been a question."""
    try:
        return _question_text.validate_python(text)
    except ValidationError:
        return None


@router.get("/models", summary="可用的模型名")
async def models() -> dict[str, Any]:
    """The one model that clients can name."""
    row = {"id": MODEL, "object": "model", "created": 0, "owned_by": "assistant"}
    return {"object": "list", "data": [row]}


STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "description": "一个事件；data 是一段 JSON，最后一个是 [DONE]",
                    "properties": {"data": {"type": "string"}},
                    "required": ["data"],
                }
            }
        }
    }
}


@router.post(
    "/chat/completions", summary="以 OpenAI 的格式提问", response_model=None, responses=STREAM
)
async def complete(body: ChatIn, here: Here) -> dict[str, Any] | StreamingResponse:
    """Answer the last user message, whole or as server-sent events."""
    question = body.question()
    asked = await here.asker.ask(question.question_on(here.today()), "chat")
    reply = await reply_of(here, asked)
    completion = Completion(body.model, reply)
    if not body.stream:
        return completion.whole()
    usage = bool(body.stream_options and body.stream_options.include_usage)
    return StreamingResponse(
        completion.events(usage=usage),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


class Completion:
    """A reply in OpenAI's shape. Usage counts characters: no model's tokens are involved."""

    def __init__(self, model: str, reply: QuestionOut) -> None:
        self._reply = reply
        self._model = model
        self._created = int(time.time())

    def whole(self) -> dict[str, Any]:
        """One `chat.completion`."""
        message = {"role": "assistant", "content": self._reply.answer, **self._extras()}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage()}

    async def events(self, *, usage: bool) -> AsyncIterator[str]:
        """`chat.completion.chunk` events: the role, a sentence each, citations, `[DONE]`."""
        yield self._chunk({"role": "assistant", "content": ""})
        for piece in _PIECE.findall(self._reply.answer):
            yield self._chunk({"content": piece})
        yield self._chunk(self._extras(), finish="stop")
        if usage:
            yield _event(
                {**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()}
            )
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self._reply.id}",
            "object": kind,
            "created": self._created,
            "model": self._model,
        }

    def _extras(self) -> dict[str, Any]:
        reply = self._reply.model_dump(mode="json")
        names = ("citations", "action", "confidence", "reasons", "options", "ai_label", "spoken")
        return {name: reply[name] for name in names}

    def _usage(self) -> dict[str, int]:
        asked, said = len(self._reply.question), len(self._reply.answer)
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
