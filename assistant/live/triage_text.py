"""What the triage sees of a comment: hashed characters, asking forms, words of the trade.

Marks are dropped before anything is looked at, so no question mark decides; 吗 is one form of many.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["BUCKETS", "DENSE", "SCALE", "Features", "Vocabulary", "fold", "hashed", "is_noise"]

_DATA = Path(__file__).parent / "data"

BUCKETS = 1 << 16
"""Number of hashed features."""

_FORMS = (
    "which",
    "whether",
    "request",
    "field",
    "statement",
    "thanks",
    "opinion",
    "chat",
    "trailing",
    "problem",
)
DENSE = len(_FORMS) + 4 + 11
"""Number of features that are not hashed."""

_LONGEST = 120
"""Characters that are looked at; what a long message wants stands in its first lines."""

_TAIL = 6
SCALE = 0.3
"""The sum over n hashed features is divided by n to this power: long texts say more, not all."""

_CODES = re.compile(r"\[[a-z_]{2,12}:?[a-z0-9_]*\]|@\S{1,20}\s|https?://\S+")
_MARKS = re.compile(r"[\W_]+")
_RUN = re.compile(r"(.)\1{2,}")
_SYLLABLES = re.compile(r"(?:[b-df-hj-np-tv-z]{0,2}[aeiouv]{1,3}n?g?){3,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def fold(text: str) -> str:
    """Half-width, in small letters, without marks, picture codes and names; runs cut to two."""
    plain = unicodedata.normalize("NFKC", text[: 4 * _LONGEST]).lower()
    if "[" in plain or "@" in plain or "://" in plain:
        plain = _CODES.sub(" ", plain)
    return _RUN.sub(r"\1\1", _MARKS.sub("", plain))[:_LONGEST]


def is_noise(folded: str) -> bool:
    """Obvious noise, in microseconds: one or two characters, one character again and again, signs.

    Letters alone go on only where they could be pinyin of some length.
    """
    if len(folded) < 3 or len(set(folded)) < 3:
        return True
    return not _HAN.search(folded) and not _SYLLABLES.search(folded)


def hashed(folded: str) -> NDArray[np.uint32]:
    """Buckets of all one, two and three characters in a row, the ends of the text included.

    Those of the last characters count once more, apart: there a question shows itself.
    """
    whole = _grams_of(f"\x02{folded}\x03", np.uint32(2654435761))
    tail = _grams_of(f"{folded[-_TAIL:]}\x03", np.uint32(668265263))
    return np.concatenate((*whole, *tail)) >> np.uint32(16)


def _grams_of(text: str, salt: np.uint32) -> tuple[NDArray[np.uint32], ...]:
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    one = codes * salt
    two = (one[:-1] + codes[1:]) * np.uint32(2246822519)
    return one, two, (two[:-1] + codes[2:]) * np.uint32(3266489917)


class Vocabulary:
    """Words of the trade: everyday words and names of items, as far as knowledge is loaded.

    A name counts by any three of its characters in a row: viewers shorten and reorder names.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._grams = {gram for word in words for gram in _grams(fold(word))}

    def covered(self, folded: str) -> tuple[int, int]:
        """How many characters belong to such words, and the longest stretch of them."""
        grams, total, longest, start, end = self._grams, 0, 0, 0, 0
        places = range(len(folded) - 1)
        twos = [place for place in places if folded[place : place + 2] in grams]
        threes = [place for place in places if folded[place : place + 3] in grams]
        ends = {place: place + 2 for place in twos} | {place: place + 3 for place in threes}
        for place in sorted(ends):
            if place > end:
                start = place
            stop = ends[place]
            total += max(0, stop - max(place, end))
            end = max(end, stop)
            longest = max(longest, end - start)
        return total, longest


def _grams(word: str) -> list[str]:
    if len(word) < 4:
        return [word] if len(word) > 1 else []
    return [word[place : place + 3] for place in range(len(word) - 2)]


class Features:
    """The features of the model that are not hashed: `DENSE` numbers of about 0 to 1."""

    def __init__(self, forms: Sequence[str], words: Vocabulary) -> None:
        self._cues = tuple(re.compile(form) for form in forms)
        self._words = words

    @classmethod
    def shipped(cls, words: Vocabulary) -> "Features":
        """With the forms that the shipped model was trained on."""
        read = json.loads((_DATA / "triage.forms.json").read_text("utf-8"))
        return cls(["|".join(read["forms"][name]) for name in _FORMS], words)

    def __call__(self, folded: str) -> list[float]:
        """Forms found (0, ½ or 1), how much is of the trade, length, and what goes together."""
        forms = [min(2, len(cue.findall(folded))) / 2 for cue in self._cues]
        total, longest = self._words.covered(folded)
        size = len(folded) or 1
        topic = min(1.0, longest / 4)
        length = (min(size, 40) / 40, float(size < 6))
        return [*forms, topic, total / size, *length, *_together(forms, topic)]


def _together(forms: Sequence[float], topic: float) -> tuple[float, ...]:
    """A question of the trade asks and has its words; talk about the trade has only these."""
    which, whether, request, field, statement, thanks, opinion, chat, trailing, problem = forms
    asks = max(which, whether, request, trailing)
    talk = max(statement, thanks, opinion, chat)
    return (
        asks * topic,
        asks * field,
        asks * topic * field,
        asks * talk,
        topic * talk,
        field * topic * (1 - talk),
        field * talk,
        trailing * topic * (1 - talk),
        asks * (1 - topic) * (1 - field),
        problem * topic * (1 - talk),
        problem * talk,
    )
