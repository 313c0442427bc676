"""The voice engines as the settings want them, and their order as consent allows."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from assistant.bootstrap.hosts import is_on_this_machine
from assistant.errors import ConfigurationError, VoiceFailed
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.voice.engines.chain import Chain
    from assistant.voice.engines.edge import EdgeEngine
    from assistant.voice.engines.guarded import Guarded
    from assistant.voice.engines.local import LocalEngine
    from assistant.voice.engines.openai import OpenAISpeech
    from assistant.voice.seams import VoiceEngine

log = structlog.get_logger()
OUTSIDE_SECONDS = 2.5
"""For a sentence of a voice elsewhere, one more try included: what is left of the chain's time
is enough for the offline voice."""
LOCAL_SECONDS = 3.0
OFFLINE_SECONDS = 3.0
"""The start of its process and one more try included; the chain gives it less where it is last."""


class Engines:
    """The engines of this process; `chain` is their order at this moment."""

    def __init__(self, settings: Settings, consented: Callable[[], bool]) -> None:
        from assistant.voice.engines.chain import Chain
        from assistant.voice.engines.offline import OfflineEngine

        self._consented = consented
        self._offline = OfflineEngine()
        self._local = _local(settings)
        self._openai = _openai(settings)
        here = [*self._members_here()]
        self._edge = _edge(settings)
        self._loading: asyncio.Task[None] | None = None
        self._off = settings.voice == "off"
        self._here = Chain([*_one(self._openai, OUTSIDE_SECONDS), *here])
        self._outside = Chain([*_one(self._edge, OUTSIDE_SECONDS), *here]) if self._edge else None

    def chain(self) -> "Chain | None":
        """Who speaks now; None where the voice is off."""
        if self._off:
            return None
        return self._outside if self._outside and self._consented() else self._here

    async def warm(self) -> None:
        """Load what the first sentence needs; a large model goes on loading meanwhile."""
        if self._off:
            return
        if self._local:
            self._loading = asyncio.create_task(_loaded(self._local))
        for engine in (self._edge, self._openai, self._offline):
            if engine:
                await engine.warm()

    async def lost(self) -> bool:
        """Whether the offline voice's process ended unasked since the last look; begins another."""
        is_lost = await self._offline.has_lost_process()
        if is_lost:
            await self._offline.warm()
        return is_lost

    async def close(self) -> None:
        """End the helping processes and the connections."""
        if self._loading:
            self._loading.cancel()
            await asyncio.gather(self._loading, return_exceptions=True)
        await self._offline.close()
        if self._local:
            await self._local.close()
        if self._openai:
            await self._openai.close()

    def _members_here(self) -> "list[Guarded]":
        return [*_one(self._local, LOCAL_SECONDS), *_one(self._offline, OFFLINE_SECONDS)]


def _one(engine: "VoiceEngine | None", seconds: float) -> "list[Guarded]":
    from assistant.voice.engines.guarded import Guarded

    return [Guarded(engine, seconds)] if engine else []


async def _loaded(engine: "LocalEngine") -> None:
    """Without the model the next voice of the chain speaks."""
    try:
        await engine.warm()
    except VoiceFailed as error:
        log.warning("voice_not_warm", engine=engine.name, reason=error.message)


def _edge(settings: Settings) -> "EdgeEngine | None":
    """The network voice where it is wanted and not forbidden. Raises ConfigurationError."""
    from importlib.util import find_spec

    from assistant.voice.engines.edge import EdgeEngine

    if settings.offline or settings.voice not in {"auto", "edge"}:
        return None
    if find_spec("edge_tts") is None:
        if settings.voice == "edge":
            raise ConfigurationError("没有安装网络语音", hint="pip install '.[stream]'")
        return None
    return EdgeEngine()


def _local(settings: Settings) -> "LocalEngine | None":
    from assistant.voice.engines.local import LocalEngine

    return LocalEngine(settings.voice_model) if settings.voice_model else None


def _openai(settings: Settings) -> "OpenAISpeech | None":
    from assistant.voice.engines.openai import OpenAISpeech

    if settings.voice != "openai":
        return None
    if settings.offline and not is_on_this_machine(settings.openai_base_url):
        return None
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    if not (settings.openai_base_url or key):
        raise ConfigurationError("语音 openai 需要 OPENAI_BASE_URL 或 OPENAI_API_KEY")
    return OpenAISpeech(settings.speech_model, base_url=settings.openai_base_url, api_key=key)
