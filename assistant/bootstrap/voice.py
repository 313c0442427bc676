"""The voice: its engines as the settings and the consent of this moment allow, and its files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from assistant.bootstrap.library import Library
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.bootstrap.assistant import Assistant
    from assistant.stage.voicing import StageVoice
    from assistant.voice.cache import AudioCache
    from assistant.voice.said import SaidAudio
    from assistant.voice.voicing import StoredVoicing

OFFLINE_SECONDS = 3.0
"""For a sentence of the offline voice, the start of its process and one more try included."""


@asynccontextmanager
async def open_voice(library: Library) -> "AsyncIterator[StoredVoicing]":
    """The voice, open; its helping process ends with the block."""
    from assistant.domain.speech import Voice
    from assistant.voice.engines.chain import Chain
    from assistant.voice.engines.guarded import Guarded
    from assistant.voice.engines.offline import OfflineEngine
    from assistant.voice.voicing import StoredVoicing, VoicingParts

    settings = library.settings
    offline = OfflineEngine()
    chain = Chain([Guarded(offline, OFFLINE_SECONDS)]) if settings.voice != "off" else None
    voicing = StoredVoicing(
        VoicingParts(
            engines=lambda: chain,
            cache=audio_cache(settings),
            voice=Voice(settings.voice_name, settings.voice_rate),
            producer=settings.aigc_producer,
        )
    )
    try:
        yield voicing
    finally:
        await voicing.close()
        await offline.close()


def audio_cache(settings: Settings) -> "AudioCache":
    """The spoken sentences on disk."""
    from assistant.voice.cache import AudioCache

    return AudioCache(settings.data_dir / "audio" / "cache", settings.audio_mb * 1024 * 1024)


def said_audio(settings: Settings) -> "SaidAudio":
    """The sounds that were heard on air."""
    from assistant.voice.said import SaidAudio

    return SaidAudio(settings.data_dir / "audio" / "said", audio_cache(settings).file)


async def stage_voice(assistant: "Assistant") -> "StageVoice":
    """How the stages read and speak; what was played is kept for the ledger."""
    from assistant.stage.voicing import StageVoice
    from assistant.voice.reading import Reader

    reading = assistant.reading or await asyncio.to_thread(Reader.load)
    keep = assistant.said.keep if assistant.said else None
    return StageVoice(reading, assistant.voice, keep)
