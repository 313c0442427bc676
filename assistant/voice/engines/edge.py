"""The network voice (edge-tts): good, free, and outside; an administrator consents first.

What the client itself gets wrong is mended here (FIELD §4): its own receive timeout never fires,
audio that breaks off raises nothing, a refused connection shifts a clock for the whole process.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from assistant.domain.speech import Mark, Sound, SpokenText, Voice
from assistant.errors import VoiceFailed
from assistant.voice import sound as sounds
from assistant.voice.timeline import sounding

if TYPE_CHECKING:
    from edge_tts import Communicate

HOST = "speech.platform.bing.com"
VOICES = {"": "zh-CN-XiaoxiaoNeural", "female": "zh-CN-XiaoxiaoNeural"}
VOICES |= {"male": "zh-CN-YunyangNeural"}
FIRST_AUDIO = 1.6
"""Seconds until the first sound; the whole sentence is bounded by the chain."""
BETWEEN = 1.0
"""Seconds between two messages of one sentence."""
LONGEST = 200
"""Characters in one request; a sentence has about 25. The client cuts longer texts blindly."""
TICKS = 10_000_000
"""Of the service's boundaries, a second."""


class EdgeEngine:
    """Reads a sentence with a neural voice of Microsoft's. Needs the extra `stream`."""

    name = "edge"

    @property
    def version(self) -> str:
        """The client's release; the service has none that it tells."""
        from importlib.metadata import version

        return f"edge-tts {version('edge-tts')}"

    async def warm(self) -> None:
        """Load the client and the decoder off the event loop; connects to nothing."""
        await asyncio.to_thread(_load)

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        """The sound of a sentence. Raises VoiceFailed."""
        if not sounding(text) or not text.spoken.strip():
            raise VoiceFailed("没有可读的文字", retryable=False)
        if len(text.spoken) > LONGEST:
            raise VoiceFailed("句子太长", retryable=False)
        await asyncio.to_thread(_load)
        data, words = bytearray(), list[tuple[float, float, str]]()
        async for message in _messages(text.spoken, voice):
            if message["type"] == "audio":
                data += message["data"]
            else:
                words.append(_word(message))
        try:
            sound = await asyncio.to_thread(sounds.decoded, bytes(data))
        except ValueError as error:
            raise VoiceFailed("网络语音的声音无法解码") from error
        return Sound(sound.samples, sound.sample_rate, _marks(text.spoken, words))


def _load() -> None:
    try:
        import edge_tts  # noqa: F401
    except ImportError as error:
        raise VoiceFailed("没有安装网络语音（extra stream）", retryable=False) from error
    import soundfile  # noqa: F401


async def _messages(spoken: str, voice: Voice) -> AsyncIterator[Any]:
    """What the service sends, each in time. Raises VoiceFailed."""
    from edge_tts.drm import DRM

    skew = DRM.clock_skew_seconds
    try:
        stream = _client(spoken, voice).stream()
    except ValueError as error:
        raise VoiceFailed(f"网络语音不认识嗓音 {voice.name}", retryable=False) from error
    seconds = FIRST_AUDIO
    try:
        while True:
            async with asyncio.timeout(seconds):
                message = await anext(stream, None)
            if message is None:
                return
            seconds = BETWEEN if message["type"] == "audio" else seconds
            yield message
    except Exception as error:
        DRM.clock_skew_seconds = skew  # a refusal must not spoil the clock of later requests
        raise _failure(error) from error
    finally:
        await stream.aclose()


def _client(spoken: str, voice: Voice) -> "Communicate":
    """A client for one sentence: neither it nor its connector serves a second one."""
    from edge_tts import Communicate

    return Communicate(
        spoken,
        VOICES.get(voice.name, voice.name),
        rate=f"{voice.rate_percent:+d}%",
        boundary="WordBoundary",
        connect_timeout=2,
        receive_timeout=3,
    )


def _failure(error: Exception) -> VoiceFailed:
    """Any of the client's errors as ours; only a text that it will not take is not tried again."""
    if isinstance(error, VoiceFailed):
        return error
    if isinstance(error, TimeoutError):
        return VoiceFailed("网络语音没有及时应答")
    refused = getattr(error, "status", None)
    if refused:
        return VoiceFailed(f"网络语音拒绝了请求（{refused}）")
    return VoiceFailed(f"网络语音出错：{type(error).__name__}", retryable=not _is_bad(error))


def _is_bad(error: Exception) -> bool:
    return isinstance(error, (TypeError, ValueError))


def _word(message: Any) -> tuple[float, float, str]:
    start = message["offset"] / TICKS
    return start, start + message["duration"] / TICKS, str(message["text"])


def _marks(spoken: str, words: list[tuple[float, float, str]]) -> tuple[Mark, ...]:
    """The service tells words, not places: each is the next of its kind in the text."""
    made: list[Mark] = []
    at = 0
    for start, end, word in words:
        place = spoken.find(word, at)
        if word and place >= 0:
            at = place + len(word)
            made.append(Mark(start, end, place, at))
    return tuple(made)
