"""The syllables of a spoken text: pypinyin, corrected by the lexicon of polyphones.

Tones are those of the dictionary (一 yi1, 不 bu4): their change in speech is the engine's.
"""

from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from assistant.voice.reading.lexicon import Lexicon

_DICTIONARY = {"一": "yi1", "不": "bu4"}
"""pypinyin's phrases hold some changed tones (一个 yi2 ge4, also in 第一个, where it is wrong)."""


@lru_cache(maxsize=8192)
def is_readable(char: str) -> bool:
    """Whether it is a Chinese character with a known sound."""
    return ord(char) in PINYIN_DICT and (char == "〇" or char >= "\u3400")


def syllables(spoken: str, lexicon: Lexicon, region: str | None) -> tuple[str, ...]:
    """One entry for each character: a syllable with its tone, a letter itself, "" for a mark."""
    read = _read(spoken)
    if len(read) != len(spoken):  # a phrase of the dictionary with an odd number of syllables
        read = [(_read(char) or [""])[0] for char in spoken]
    read = [_DICTIONARY.get(char, sound) for char, sound in zip(spoken, read, strict=True)]
    for start, sounds in lexicon.found(spoken, region):
        read[start : start + len(sounds)] = sounds
    return tuple(read)


def _others(chars: str) -> list[str]:
    return [char if char.isascii() and char.isalpha() else "" for char in chars]


def _read(text: str) -> list[str]:
    errors: Any = _others  # a list of entries is allowed here, though its types say a text
    return lazy_pinyin(
        text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False, errors=errors
    )
