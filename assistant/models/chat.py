"""The chat model seam and its OpenAI-compatible client.

Live, a model has two seconds; then the extractive answer goes (DESIGN §3). Whatever goes wrong is
one error, ModelFailed, and after a few in a row the model is left alone for a while.
"""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import structlog

from assistant.domain.breaker import Breaker
from assistant.errors import ModelFailed

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

log = structlog.get_logger()

LIVE_SECONDS = 2.0
_RETRIES = 1
_PAUSE = 0.1
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    text: str


class ChatModel(Protocol):
    """The seam: one method, so that a fake is a few lines."""

    async def complete(self, messages: Sequence[Message], seconds: float = LIVE_SECONDS) -> str:
        """The reply's text, or ModelFailed within about `seconds`."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question: to whom, what, until when, and in which form it is to be answered."""

    client: "AsyncOpenAI"
    messages: Sequence[Message]
    until: float
    response_format: Mapping[str, object] | None


class OpenAIChat:
    """Any endpoint that speaks OpenAI's chat completions. The `openai` package loads on first use.

    `warm()` loads it beforehand (about two seconds here), so that the first viewer need not wait.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.model = model
        self.breaker = breaker or Breaker()
        self._base_url = base_url
        self._api_key = api_key
        self._client: AsyncOpenAI | None = None

    def __repr__(self) -> str:
        return f"OpenAIChat(model={self.model!r}, base_url={self._base_url!r})"

    async def warm(self) -> None:
        """Load the client library off the event loop."""
        await self._connected()

    async def complete(
        self,
        messages: Sequence[Message],
        seconds: float = LIVE_SECONDS,
        *,
        response_format: Mapping[str, object] | None = None,
    ) -> str:
        """Ask the model; the text without `<think>` parts. Raises ModelFailed.

        `response_format` is OpenAI's; an endpoint that does not know it raises FormatRefused.
        """
        if not self.breaker.allow():
            raise ModelFailed("模型连续出错，暂停使用")
        client = await self._connected()
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                asked = _Asked(client, messages, began + seconds, response_format)
                text = _text(await self._ask(asked))
        except TimeoutError as error:
            raise self._failure("模型超时", began) from error
        except FormatRefused:
            raise
        except ModelFailed as error:
            raise self._failure(error.message, began) from error
        self.breaker.record(ok=True)
        return text

    def _failure(self, reason: str, began: float) -> ModelFailed:
        self.breaker.record(ok=False)
        log.warning("model_failed", model=self.model, reason=reason, ms=_since(began))
        return ModelFailed(reason)

    async def _connected(self) -> "AsyncOpenAI":
        if self._client is None:
            self._client = await asyncio.to_thread(self._connect)
        return self._client

    def _connect(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI

        key = self._api_key or "none"  # local endpoints want none; the library insists on one
        return AsyncOpenAI(api_key=key, base_url=self._base_url, max_retries=0)

    async def _ask(self, asked: "_Asked") -> "ChatCompletion":
        """One call, and one more where trying again makes sense and there is time."""
        for attempt in range(_RETRIES + 1):
            try:
                return await self._once(asked)
            except ModelFailed as error:
                if not error.retryable or attempt == _RETRIES:
                    raise
            await asyncio.sleep(_PAUSE)
        raise AssertionError("unreachable")

    async def _once(self, asked: "_Asked") -> "ChatCompletion":
        import openai

        wanted = {"response_format": asked.response_format} if asked.response_format else None
        try:
            return await asked.client.chat.completions.create(
                model=self.model,
                messages=[{"role": m.role, "content": m.text} for m in asked.messages],  # type: ignore[misc]  # the union of roles is not inferred
                temperature=0.0,
                timeout=max(asked.until - time.monotonic(), 0.05),
                extra_body=wanted,
            )
        except openai.APIStatusError as error:
            if wanted and error.status_code in {400, 404, 415, 422, 501}:
                raise FormatRefused(f"模型不支持这种输出格式（{error.status_code}）") from error
            raise _failed(f"模型返回 {error.status_code}", error.status_code) from error
        except (openai.APIError, ValueError) as error:
            raise ModelFailed(f"模型不可用（{type(error).__name__}）") from error

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()


class FormatRefused(ModelFailed):
    """The endpoint does not know the output format; it is well otherwise."""

    retryable = False


class _Refused(ModelFailed):
    """The endpoint refuses; another try would be refused alike."""

    retryable = False


def _failed(message: str, status: int) -> ModelFailed:
    return ModelFailed(message) if status == 429 or status >= 500 else _Refused(message)


def _text(completion: "ChatCompletion") -> str:
    """The words of a complete, non-empty reply. Raises ModelFailed."""
    try:
        choice = completion.choices[0]
        finish, content = choice.finish_reason, choice.message.content
    except (AttributeError, IndexError, TypeError) as error:  # endpoints send what they like
        raise ModelFailed("模型没有给出答复") from error
    if finish not in ("stop", None):
        raise ModelFailed(f"模型的答复不完整（{finish}）")
    text = strip_thoughts(content) if isinstance(content, str) else ""
    if not text:
        raise ModelFailed("模型的答复是空的")
    return text


def strip_thoughts(text: str) -> str:
    """Remove `<think>` parts, also one that was never closed."""
    return _THOUGHT.sub("", text).strip()


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
