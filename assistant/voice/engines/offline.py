"""The offline voice: eSpeak NG, fed with toned pinyin (Hanzi given directly is misread).

A sentence is said clause by clause; the silences between are ours, so that each mark of
punctuation has its own and every boundary is exact. Robotic, and clear: it is what remains when
the network is gone.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.domain.speech import Mark, Sound, Span, SpokenText, Voice
from assistant.errors import VoiceFailed
from assistant.voice.engines.sandhi import changed
from assistant.voice.engines.worker import Worker

REVISION = 3
"""Grows when a table or number here changes what is heard."""
COMMAND = (sys.executable, "-m", "assistant.voice.engines.espeak")
VOICES = {"": "cmn-latn-pinyin+f2", "female": "cmn-latn-pinyin+f2", "male": "cmn-latn-pinyin"}
PITCHES = {"male": 60}
PITCH, RANGE, WORDS_A_MINUTE = 55, 99, 202
"""eSpeak's units. The widest range gives the four tones ten semitones, as people use; with its own
(50) they lie within five. The pace is about 240 characters a minute with pauses."""
FASTEST, SLOWEST = 440, 110
PAUSES = {"、": 0.12, "，": 0.20, ",": 0.20, "：": 0.25, "；": 0.30, ";": 0.30, "—": 0.2, "…": 0.3}
FULL_STOP = 0.35
"""Seconds of silence after what ends a sentence inside a text."""
LETTERS = {
    "A": "ei1",
    "B": "bi4",
    "C": "sei1",
    "D": "di4",
    "E": "yi4",
    "F": "ai2 fu5",
    "G": "ji4",
    "H": "ei1 chi5",
    "I": "ai4",
    "J": "jie4",
    "K": "kei4",
    "L": "ai2 lou5",
    "M": "ai2 mu5",
    "N": "en1",
    "O": "ou1",
    "P": "pi4",
    "Q": "kiu1",
    "R": "a4",
    "S": "ai2 si5",
    "T": "ti4",
    "U": "you4",
    "V": "wei4",
    "W": "da2 bu5 liu4",
    "X": "ai2 ke5 si5",
    "Y": "wai4",
    "Z": "zei4",
}
"""How people here say Latin letters; eSpeak would change to English and back."""
RESPELT = {"lue": "lve", "nue": "nve", "r": "er", "m": "mu", "n": "en", "ng": "eng", "hm": "heng"}
RESPELT |= {"hng": "heng", "ê": "ei", "wong": "weng"}
UNKNOWN = {"jiong": "tS;j'ong", "qiong": "tS;hj'ong", "xiong": "S;j'ong"}
"""Syllables that its dictionary lacks (it would spell them in English), as its phonemes."""
TONES = {"1": "55", "2": "35", "3": "214", "4": "51", "5": "11"}
_ANYTHING = SpokenText("好", "好", (Span(0, 1, 0, 1),), ("hao3",))
_SYLLABLE = re.compile(r"([a-zêü:]+)([1-5])")


@dataclass(frozen=True, slots=True)
class _Clause:
    """What is said in one breath: `places` are the characters that `syllables` read."""

    places: tuple[int, ...]
    syllables: tuple[str, ...]
    pause: float


class OfflineEngine:
    """Reads a sentence with the voice of this machine. Close it at the end."""

    name = "offline"

    def __init__(self, worker: Worker | None = None) -> None:
        self._worker = worker or Worker(COMMAND)

    @property
    def version(self) -> str:
        """The library's release and ours."""
        from importlib.metadata import version

        return f"espeak-ng {version('espeakng-loader')}/{REVISION}"

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        """The sound of a sentence. Raises VoiceFailed."""
        clauses = _clauses(text)
        if not clauses:
            raise VoiceFailed("没有可读的文字", retryable=False)
        parts = [await self._said(clause, voice) for clause in clauses]
        return _joined(clauses, parts)

    async def warm(self) -> None:
        """Start the helping process before the first viewer waits."""
        await self.say(_ANYTHING, Voice())

    async def has_lost_process(self) -> bool:
        """Whether the helping process ended unasked since the last look."""
        return await self._worker.has_lost_process()

    async def close(self) -> None:
        """End the helping process."""
        await self._worker.close()

    async def _said(self, clause: _Clause, voice: Voice) -> tuple[dict[str, Any], bytes]:
        told, samples = await self._worker.ask(_request(clause, voice))
        if "(en)" in told["phonemes"]:
            raise VoiceFailed("离线语音读不出其中的音节", retryable=False)
        return told, samples


def _request(clause: _Clause, voice: Voice) -> dict[str, Any]:
    pace = round(WORDS_A_MINUTE * (100 + voice.rate_percent) / 100)
    return {
        "text": " ".join(clause.syllables) + ".",
        "voice": VOICES.get(voice.name, VOICES[""]),
        "rate": min(FASTEST, max(SLOWEST, pace)),
        "pitch": PITCHES.get(voice.name, PITCH),
        "range": RANGE,
    }


def _clauses(text: SpokenText) -> list[_Clause]:
    made: list[_Clause] = []
    places: list[int] = []
    syllables: list[str] = []
    for place, pinyin in enumerate(changed(text)):
        if pinyin:
            said = _readable(pinyin)
            places += [place] * len(said)
            syllables += said
        elif syllables and (pause := _pause(text.spoken[place])):
            made.append(_Clause(tuple(places), tuple(syllables), pause))
            places, syllables = [], []
    if syllables:
        made.append(_Clause(tuple(places), tuple(syllables), 0.0))
    return made


def _pause(character: str) -> float:
    return FULL_STOP if character in "。！？!?" else PAUSES.get(character, 0.0)


def _readable(pinyin: str) -> list[str]:
    """The syllables to give to eSpeak for one character. Raises VoiceFailed."""
    letters = LETTERS.get(pinyin.upper())
    said = letters.split() if letters and len(pinyin) == 1 else [pinyin]
    return [_respelt(each) for each in said]


def _respelt(syllable: str) -> str:
    found = _SYLLABLE.fullmatch(syllable.lower().replace("ü", "v").replace("u:", "v"))
    if found is None:
        raise VoiceFailed("离线语音只读拼音", retryable=False)
    if found[1] in UNKNOWN:
        return f"[[{UNKNOWN[found[1]]}{TONES[found[2]]}]]"
    return RESPELT.get(found[1], found[1]) + found[2]


def _joined(clauses: Sequence[_Clause], parts: Sequence[tuple[dict[str, Any], bytes]]) -> Sound:
    rate = int(parts[0][0]["sample_rate"])
    samples, marks = bytearray(), list[Mark]()
    for clause, (told, pcm) in zip(clauses, parts, strict=True):
        marks += _marks(clause, told["words"], len(samples) // 2, int(told["end"]), rate)
        tail = len(pcm) // 2 - int(told["end"])  # the voice's own echo sounds into the pause
        samples += pcm + bytes(2 * max(0, round(clause.pause * rate) - tail))
    return Sound(bytes(samples), rate, tuple(marks))


def _marks(
    clause: _Clause, starts: Sequence[int], offset: int, length: int, rate: int
) -> list[Mark]:
    """The boundaries of one clause, a character each; none where eSpeak divided it otherwise."""
    if len(starts) != len(clause.places):
        return []
    made: list[Mark] = []
    for place, (start, end) in zip(clause.places, pairwise([*starts, length]), strict=True):
        begin, stop = (offset + start) / rate, (offset + max(start, end)) / rate
        if made and made[-1].first == place:  # a letter of several syllables
            begin = made.pop().start
        made.append(Mark(begin, stop, place, place + 1))
    return made
