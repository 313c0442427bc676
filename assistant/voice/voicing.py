"""Sentence → speech: from the cache, from the engines, or captions only. Never raises."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from assistant.domain.speech import Sound, Speech, SpokenText, Voice
from assistant.errors import VoiceFailed
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import marked
from assistant.voice import sound as sounds
from assistant.voice.cache import AudioCache, key_of
from assistant.voice.consent import Consent
from assistant.voice.engines.chain import Chain
from assistant.voice.mouth import at_rest, mouth
from assistant.voice.timeline import PAUSE, estimated, sounding, timeline

log = structlog.get_logger()
LAST_PAUSE = 0.15
"""Seconds after a sentence that no mark of punctuation ends."""


@dataclass(frozen=True, slots=True)
class VoicingParts:
    """`engines` gives the chain of this moment (consent may change); None: voice is off."""

    engines: Callable[[], Chain | None]
    cache: AudioCache
    voice: Voice
    producer: str
    consent: Consent | None = None
    warm: Callable[[], Awaitable[None]] | None = None
    lost: Callable[[], Awaitable[bool]] | None = None
    """Whether a helping process ended unasked; another is then begun."""


class StoredVoicing:
    """The voice of this process. The same sentence asked for twice at once is made once."""

    def __init__(self, parts: VoicingParts) -> None:
        self._parts = parts
        self._making: dict[tuple[str, tuple[str, ...]], asyncio.Task[Speech]] = {}

    async def __call__(self, text: SpokenText, sources: tuple[str, ...] = ()) -> Speech:
        """The speech; captions only where no engine gives a sound."""
        same = (text.spoken, text.pinyin)
        task = self._making.get(same)
        if task is None:
            task = asyncio.create_task(self._made(text))
            self._making[same] = task
            task.add_done_callback(lambda _: self._making.pop(same, None))
        speech = await asyncio.shield(task)
        if speech.audio and sources:
            await asyncio.to_thread(self._parts.cache.tie, speech.audio, sources)
        return speech if speech.text == text else replace(speech, text=text)

    async def warm(self) -> None:
        """Load what the first sentence needs; the voice works without it too."""
        try:
            if self._parts.warm:
                await self._parts.warm()
        except VoiceFailed as error:
            log.warning("voice_not_warm", reason=error.message)

    @property
    def may_leave(self) -> bool:
        """Whether consent to the network voice is given, as this process knows it."""
        return self._parts.consent is not None and self._parts.consent.given

    async def follow_consent(self) -> bool:
        """Take up a consent that was given or withdrawn elsewhere: a chore."""
        return await self._parts.consent.refresh() if self._parts.consent else False

    def file(self, audio: str) -> Path | None:
        """The stored file of a speech's `audio`; None where there is none (any more)."""
        return self._parts.cache.file(audio)

    async def forget(self, source_ids: Iterable[str]) -> int:
        """Delete what rests on sources that changed; how many sentences."""
        return await asyncio.to_thread(self._parts.cache.forget, tuple(source_ids))

    async def close(self) -> None:
        """Give up what is being made."""
        for task in (tasks := list(self._making.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def is_fallen(self) -> bool:
        """Whether the voice that is wanted fails and another one speaks in its place."""
        chain = self._parts.engines()
        return chain is not None and chain.is_fallen

    async def is_mute(self) -> bool:
        """Whether no voice speaks at all, though one is wanted."""
        chain = self._parts.engines()
        return chain is not None and chain.is_mute

    async def has_lost_process(self) -> bool:
        """Whether a helping process ended unasked since the last look."""
        return self._parts.lost is not None and await self._parts.lost()

    def states(self) -> list[dict[str, Any]]:
        """The engines of this moment, for /health."""
        chain = self._parts.engines()
        return chain.states() if chain else []

    async def stored(self, text: SpokenText) -> str | None:
        """The file that a sentence is heard from, where it was said before; makes none."""
        found = await self._found(text)
        return found.audio if found else None

    async def _made(self, text: SpokenText) -> Speech:
        try:
            return await self._found(text) or await self._said(text)
        except VoiceFailed:
            return self._captions(text)  # the chain has logged why
        except Exception as error:
            log.exception("voice_failed", kind=type(error).__name__)
            return self._captions(text)

    async def _found(self, text: SpokenText) -> Speech | None:
        """Stored by the best engine that would be asked; one that rests gives what it once said."""
        chain = self._parts.engines()
        if chain is None or not sounding(text):
            return self._captions(text)
        for member in chain.members:
            key = self._key(text, member.name, member.version)
            if found := await asyncio.to_thread(self._parts.cache.get, key, text):
                return found
            if not member.is_open:
                return None
        return None

    async def _said(self, text: SpokenText) -> Speech:
        chain = self._parts.engines()
        if chain is None:
            raise VoiceFailed("语音已关闭")
        sound = await chain.say(text, self._parts.voice)
        return await asyncio.to_thread(self._stored, text, sound)

    def _stored(self, text: SpokenText, sound: Sound) -> Speech:
        key = self._key(text, sound.engine, sound.version)
        ready = sounds.tidied(sound, PAUSE.get(text.spoken[-1], LAST_PAUSE))
        marks = timeline(text, ready)
        speech = Speech(
            text=text,
            seconds=ready.seconds,
            marks=marks,
            mouth=mouth(text, marks, ready.seconds),
            engine=sound.engine,
            version=sound.version,
        )
        label = AigcLabel.first(self._parts.producer, f"voice/{key}")
        return self._parts.cache.put(key, speech, marked("wav", sounds.wav(ready), label))

    def _captions(self, text: SpokenText) -> Speech:
        marks, seconds = estimated(text, self._parts.voice.rate_percent)
        return Speech(text=text, seconds=seconds, marks=marks, mouth=at_rest(seconds))

    def _key(self, text: SpokenText, engine: str, version: str) -> str:
        return key_of(text, self._parts.voice, engine, version)
