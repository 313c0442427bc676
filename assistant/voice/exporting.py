"""Sentences to one sound file, with the spoken label and the hidden one."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Literal

from assistant.domain.speech import Sound, SpokenText
from assistant.errors import Unavailable
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import marked
from assistant.voice import sound as sounds
from assistant.voice.seams import Reading, Voicing

SPOKEN_LABEL = {
    "start": "以下语音由人工智能生成。",
    "end": "以上语音由人工智能生成。",
}
"""What is said aloud: it holds 人工智能 and 生成 (标识办法 art. 4)."""
Place = Literal["start", "end", "off"]


async def exported(
    text: str, kind: str, reading: Reading, voicing: Voicing, *, place: Place, producer: str
) -> tuple[bytes, Sound, tuple[str, ...]]:
    """The file (`wav` or `mp3`), its sound, and the engines that spoke.

    Raises Unavailable where a sentence has no sound: a file with a hole is none.
    """
    sentences = labelled(text, reading, place)
    parts, engines = [], []
    for one in sentences:
        speech = await voicing(one)
        path = voicing.file(speech.audio)
        if path is None:
            raise Unavailable("没有可用的语音，未生成文件", hint="请检查 ASSISTANT_VOICE")
        parts.append(sounds.read_wav(await asyncio.to_thread(path.read_bytes)))
        engines.append(f"{speech.engine} {speech.version}")
    sound = Sound(b"".join(part.samples for part in parts), sounds.RATE)
    data = await asyncio.to_thread(_file, kind, sound, producer)
    return data, sound, tuple(dict.fromkeys(engines))


def labelled(text: str, reading: Reading, place: Place) -> Sequence[SpokenText]:
    """The sentences that sound, with the spoken label where the setting wants it."""
    before = SPOKEN_LABEL["start"] if place == "start" else ""
    after = SPOKEN_LABEL["end"] if place == "end" else ""
    every = [one for part in (before, text, after) if part for one in reading(part)]
    return [one for one in every if any(one.pinyin)]


def _file(kind: str, sound: Sound, producer: str) -> bytes:
    data = sounds.mp3(sound) if kind == "mp3" else sounds.wav(sound)
    digest = hashlib.sha256(sound.samples).hexdigest()[:40]
    return marked(kind, data, AigcLabel.first(producer, f"voice/{digest}"))
