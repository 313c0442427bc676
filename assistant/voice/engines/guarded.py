"""What stands before each engine of a chain: time, one more try, completeness, a breaker."""

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from assistant.domain.breaker import Breaker
from assistant.domain.speech import Sound, SpokenText, Voice
from assistant.errors import VoiceFailed
from assistant.voice.completeness import Completeness
from assistant.voice.seams import VoiceEngine

log = structlog.get_logger()
PAUSE = 0.1
"""Seconds before the one more try."""


@dataclass
class Guarded:
    """An engine that answers in `seconds` or fails, and is left alone when it keeps failing.

    `tries` counts the first. What another engine says sooner is worth more than a third try.
    """

    engine: VoiceEngine
    seconds: float
    tries: int = 2
    breaker: Breaker = field(default_factory=lambda: Breaker(failures=3, rest=20.0))
    _whole: Completeness = field(default_factory=Completeness, init=False)
    failure: str = field(default="", init=False)
    said: int = field(default=0, init=False)
    failed: int = field(default=0, init=False)
    last_ms: float = field(default=0.0, init=False)

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    @property
    def version(self) -> str:
        """The engine's."""
        return self.engine.version

    @property
    def is_open(self) -> bool:
        """Whether it is being left alone."""
        return self.breaker.is_open

    async def say(self, text: SpokenText, voice: Voice, seconds: float | None = None) -> Sound:
        """A complete sound, within the engine's time or a shorter one. Raises VoiceFailed."""
        if not self.breaker.allow():
            raise VoiceFailed("连续出错，暂停使用")
        began = time.monotonic()
        try:
            async with asyncio.timeout(min(seconds or self.seconds, self.seconds)):
                sound = await self._tried(text, voice)
        except TimeoutError as error:
            raise self._failure(VoiceFailed("超时"), began) from error
        except VoiceFailed as error:
            raise self._failure(error, began) from error
        except Exception as error:  # a mistake of ours must not silence the engines behind it
            log.exception("voice_broke", engine=self.name, kind=type(error).__name__)
            raise self._failure(VoiceFailed(f"内部错误：{type(error).__name__}"), began) from error
        self._count(began, ok=True)
        return replace(sound, engine=self.name, version=self.version)

    def state(self) -> dict[str, Any]:
        """For /health: how it is doing."""
        return {
            "engine": self.name,
            "version": self.version,
            "state": "resting" if self.is_open else "ok" if not self.failure else "failing",
            "said": self.said,
            "failed": self.failed,
            "last_ms": round(self.last_ms, 1),
            "last_failure": self.failure,
        }

    async def _tried(self, text: SpokenText, voice: Voice) -> Sound:
        for attempt in range(self.tries):
            try:
                return await self._once(text, voice)
            except VoiceFailed as error:
                if not error.retryable or attempt + 1 == self.tries:
                    raise
                log.info("voice_again", engine=self.name, reason=error.message)
            await asyncio.sleep(PAUSE)
        raise AssertionError("unreachable")

    async def _once(self, text: SpokenText, voice: Voice) -> Sound:
        sound = await self.engine.say(text, voice)
        if wrong := await asyncio.to_thread(self._whole.complaint, text, sound, voice):
            raise VoiceFailed(wrong)
        return sound

    def _failure(self, error: VoiceFailed, began: float) -> VoiceFailed:
        self.failure = error.message
        self._count(began, ok=False, counts=error.retryable)
        return error

    def _count(self, began: float, *, ok: bool, counts: bool = True) -> None:
        """A text that the engine cannot say is no sign that the engine is ill."""
        self.last_ms = (time.monotonic() - began) * 1000
        self.said += ok
        self.failed += not ok
        if ok:
            self.failure = ""
        if counts:
            self.breaker.record(ok=ok)
