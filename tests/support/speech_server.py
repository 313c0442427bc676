"""A loopback server that speaks OpenAI's `/v1/audio/speech`, well or badly."""

import asyncio
import re

from assistant.domain.speech import Sound
from assistant.voice import sound as sounds
from tests.models.openai_server import Respond, http, sends
from tests.voice.speaking import silence, tone

SYLLABLE = 0.25


def spoken(text: str) -> Sound:
    """A tone of 0.25 s for each character."""
    return Sound(tone(SYLLABLE * len(re.findall(r"\w", text))) + silence(0.3), 24_000)


def says(text: str, kind: str = "audio/wav") -> Respond:
    return sends(http(_encoded(text, kind), kind=kind))


def truncates(text: str) -> Respond:
    """Half of a file, and no sign of it in the protocol."""
    data = _encoded(text, "audio/wav")
    return sends(http(data[: len(data) // 2], kind="audio/wav"))


def cuts(text: str) -> Respond:
    """The network goes away in the middle of the body."""
    raw = http(_encoded(text, "audio/wav"), kind="audio/wav")

    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(raw[: len(raw) // 2])
        await writer.drain()
        writer.transport.abort()

    return respond


def streams(text: str) -> Respond:
    """A WAV file whose head does not know how long it will be, as streaming servers send it."""
    data = bytearray(_encoded(text, "audio/wav"))
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    return sends(http(bytes(data), kind="audio/wav"))


def _encoded(text: str, kind: str) -> bytes:
    sound = spoken(text)
    if kind == "audio/mpeg":
        return sounds.mp3(sound)
    return sound.samples if kind == "audio/pcm" else sounds.wav(sound)
