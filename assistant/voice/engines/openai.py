"""Any server that speaks OpenAI's `/v1/audio/speech`; it tells no boundaries."""

import asyncio
from typing import TYPE_CHECKING

from assistant.domain.speech import Sound, SpokenText, Voice
from assistant.errors import VoiceFailed
from assistant.voice import sound as sounds
from assistant.voice.timeline import sounding

if TYPE_CHECKING:
    from openai import AsyncOpenAI

VOICES = {"": "alloy", "female": "nova", "male": "onyx"}
PCM_RATE = 24_000
"""Hz of raw samples (`audio/pcm`), which say nothing of themselves."""


class OpenAISpeech:
    """Reads a sentence with a speech model. The `openai` package loads on first use."""

    name = "openai"

    def __init__(self, model: str, *, base_url: str | None, api_key: str | None) -> None:
        self.model = model
        self._base_url = base_url
        self._api_key = api_key
        self._client: AsyncOpenAI | None = None

    def __repr__(self) -> str:
        return f"OpenAISpeech(model={self.model!r}, base_url={self._base_url!r})"

    @property
    def version(self) -> str:
        """The model, and where it runs."""
        return f"{self.model} {self._base_url or 'api.openai.com'}"

    async def warm(self) -> None:
        """Load the client library off the event loop; connects to nothing."""
        await self._connected()

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        """The sound of a sentence. Raises VoiceFailed."""
        if not sounding(text):
            raise VoiceFailed("没有可读的文字", retryable=False)
        kind, data = await self._asked(await self._connected(), text.spoken, voice)
        try:
            return await asyncio.to_thread(_sound, kind, data)
        except ValueError as error:
            raise VoiceFailed("语音服务的声音无法解码") from error

    async def close(self) -> None:
        """Close the client's connections."""
        if self._client:
            await self._client.close()

    async def _connected(self) -> "AsyncOpenAI":
        if self._client is None:
            self._client = await asyncio.to_thread(self._connect)
        return self._client

    def _connect(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI

        key = self._api_key or "none"  # local endpoints want none; the library insists on one
        return AsyncOpenAI(api_key=key, base_url=self._base_url, max_retries=0)

    async def _asked(self, client: "AsyncOpenAI", spoken: str, voice: Voice) -> tuple[str, bytes]:
        import openai

        try:
            response = await client.audio.speech.create(
                model=self.model,
                voice=VOICES.get(voice.name, voice.name),
                input=spoken,
                response_format="wav",
                speed=(100 + voice.rate_percent) / 100,
            )
        except openai.APIStatusError as error:
            again = error.status_code in {408, 409, 429} or error.status_code >= 500
            reason = f"语音服务拒绝了请求（{error.status_code}）"
            raise VoiceFailed(reason, retryable=again) from error
        except openai.OpenAIError as error:
            raise VoiceFailed(f"语音服务出错：{type(error).__name__}") from error
        return str(response.response.headers.get("content-type", "")), response.content


def _sound(kind: str, data: bytes) -> Sound:
    """WAV, MP3 or raw samples: servers send what they have, whatever was asked for."""
    if "pcm" in kind or ("octet-stream" in kind and data[:4] not in {b"RIFF", b"fLaC", b"OggS"}):
        return Sound(data[: len(data) // 2 * 2], PCM_RATE)
    return sounds.decoded(data)
