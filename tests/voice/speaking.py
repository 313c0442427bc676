"""Sentences and engines for tests of the voice."""

import asyncio
import math
import struct
from collections.abc import Callable

from pypinyin import Style, lazy_pinyin

from assistant.domain.speech import Mark, Sound, Span, SpokenText, Voice
from assistant.errors import VoiceFailed

MARKS = "，。！？、；：…— 「」（）"
FEMALE = Voice()


def sentence(spoken: str, pinyin: list[str] | None = None) -> SpokenText:
    """A sentence that is read as it is written."""
    if pinyin is None:
        style = {"style": Style.TONE3, "neutral_tone_with_five": True, "v_to_u": False}
        pinyin = [
            "" if each in MARKS else lazy_pinyin(each, **style)[0].replace("ü", "v")
            for each in spoken
        ]
    spans = (Span(0, len(spoken), 0, len(spoken)),)
    return SpokenText(spoken, spoken, spans, tuple(pinyin))


def tone(seconds: float, rate: int = 24_000, loud: float = 0.3) -> bytes:
    """A plain tone as PCM."""
    count = round(seconds * rate)
    wave = (loud * math.sin(2 * math.pi * 220 * at / rate) for at in range(count))
    return struct.pack(f"<{count}h", *(round(32767 * each) for each in wave))


def silence(seconds: float, rate: int = 24_000) -> bytes:
    return bytes(2 * round(seconds * rate))


class ScriptedEngine:
    """Says a tone of 0.2 s a syllable, or what the script has for the next call."""

    def __init__(self, name: str, *script: Exception | float | Sound, marks: bool = False) -> None:
        self.name = name
        self.version = "1"
        self.asked: list[SpokenText] = []
        self._script = list(script)
        self._marks = marks

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        del voice
        self.asked.append(text)
        step = self._script.pop(0) if self._script else 0.0
        if isinstance(step, Exception):
            raise step
        if isinstance(step, Sound):
            return step
        await asyncio.sleep(step)
        return self.sound(text)

    def sound(self, text: SpokenText) -> Sound:
        places = [at for at, each in enumerate(text.pinyin) if each]
        marks = tuple(Mark(n * 0.2, n * 0.2 + 0.2, at, at + 1) for n, at in enumerate(places))
        return Sound(tone(0.2 * len(places)) + silence(0.1), 24_000, marks if self._marks else ())


def failing(message: str = "坏了", *, retryable: bool = True) -> VoiceFailed:
    return VoiceFailed(message, retryable=retryable)


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - another process is watched
            await asyncio.sleep(0.01)
