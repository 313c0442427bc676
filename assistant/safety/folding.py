"""A comment as the rules see it: folded, and squeezed to its letters with their places.

Half-width, small letters, simplified characters; marks, spaces, emoji and invisible characters
between letters fall out of the squeezed form, so that a word spread over them is still the word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_LETTERS = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_END_OF_CLAUSE = re.compile(r"[,;:!?、。…\n\r]")
_END_OF_SENTENCE = re.compile(r"[;!?。…\n\r]")
# Letters that look alike, and emoji that stand for the character of an insult.
_ALIKE = str.maketrans("аеорсухі🐎🐴🐶🐕🐷🐖🐔💩🖕", "aeopcyxi马马狗狗猪猪鸡屎操")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text (`plain`), its letters alone (`squeezed`), and where in `plain` each stood."""

    plain: str
    squeezed: str
    places: tuple[int, ...]
    sentences: tuple[int, ...]
    """Where in `plain` sentences end."""

    def joins(self, start: int, end: int) -> bool:
        """Whether squeezed letters belong to one word of the writer's, hidden by marks or not.

        What stands together does; so does what spaces and symbols part ("a*b"), for these end no
        clause. Commas and stops do: a word over them counts only if each letter is set apart, and
        one of two letters only if a third letter beside it is too.
        """
        places = self.places
        first, last = places[start], places[end - 1]
        if last - first == end - 1 - start:
            return True
        parted = self.plain[first:last]
        if not _END_OF_CLAUSE.search(parted):
            return True
        if not all(places[i + 1] - places[i] > 1 for i in range(start, end - 1)):
            return False
        before = start > 0 and first - places[start - 1] > 1
        after = end < len(places) and places[end] - last > 1
        return end - start > 2 or before or after

    def clause_letters(self, at: int, most: int) -> int:
        """Letters between the start of the clause and a squeezed place; counts to `most` + 1."""
        places = self.places
        for back in range(min(at, most + 1)):
            right, left = places[at - back], places[at - back - 1]
            if right - left > 1 and _END_OF_CLAUSE.search(self.plain, left + 1, right):
                return back
        return min(at, most + 1)

    def cut(self, start: int, end: int) -> bool:
        """Whether a letter or digit run of ASCII goes on beyond these squeezed letters."""
        return self._goes_on(start - 1, start) or self._goes_on(end - 1, end)

    def _goes_on(self, left: int, right: int) -> bool:
        if left < 0 or right >= len(self.squeezed):
            return False
        if self.places[right] - self.places[left] != 1:
            return False
        a, b = self.squeezed[left], self.squeezed[right]
        return a.isascii() and b.isascii() and a.isdigit() == b.isdigit()

    def same_sentence(self, start: int, end: int) -> bool:
        """Whether no sentence ends between two squeezed places."""
        if not self.sentences:
            return True
        first, last = self.places[start], self.places[end]
        return not any(first < at < last for at in self.sentences)

    def shown(self, start: int, end: int) -> str:
        """What stood between two squeezed places (end excluded)."""
        return self.plain[self.places[start] : self.places[end - 1] + 1]


def fold(text: str) -> Folded:
    """Fold a text. Pure; some 10 µs for a comment."""
    plain = simplified(text)
    letters: list[str] = []
    places: list[int] = []
    for run in _LETTERS.finditer(plain):
        letters.append(run[0])
        places.extend(range(run.start(), run.end()))
    squeezed = "".join(letters)
    if _STRETCHED.search(squeezed):
        squeezed, places = _shrunk(squeezed, places)
    ends = tuple(m.start() for m in _END_OF_SENTENCE.finditer(plain))
    return Folded(plain, squeezed, tuple(places), ends)


def simplified(text: str) -> str:
    """NFKC, lower case, simplified characters, look-alikes replaced."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_ALIKE)
    return plain if plain.isascii() else plain.translate(_table())


def _shrunk(squeezed: str, places: list[int]) -> tuple[str, list[int]]:
    """A letter three times or more in a row counts once."""
    kept: list[int] = []
    at = 0
    for run in _STRETCHED.finditer(squeezed):
        kept.extend(range(at, run.start() + 1))
        at = run.end()
    kept.extend(range(at, len(squeezed)))
    return "".join(squeezed[i] for i in kept), [places[i] for i in kept]


@cache
def _table() -> dict[int, int]:
    """Traditional to simplified, one character to one (from OpenCC's table, Apache-2.0)."""
    traditional, simple = (_DATA / "traditional.txt").read_text("utf-8").split()
    return {ord(a): ord(b) for a, b in zip(traditional, simple, strict=True)}
