"""All words of all packs found in one walk over a text.

A pair of characters leads to the lengths of the words that begin with it: in Chinese few pairs
begin any word, so most places cost one look-up. A comment of 30 characters takes some 5 µs.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from assistant.safety.folding import Folded


class Found(NamedTuple):
    """A word of a list at squeezed places."""

    label: str
    start: int
    end: int


class WordScan:
    """Finds words by their first two characters."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """`words`: squeezed word → the labels of the lists that it is in."""
        self._labels = {word: tuple(sorted(labels)) for word, labels in words.items()}
        self._latin = frozenset(w for w in self._labels if w[0].isascii() or w[-1].isascii())
        lengths: dict[str, set[int]] = {}
        for word in self._labels:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {pair: tuple(sorted(of)) for pair, of in lengths.items()}

    def find(self, text: Folded) -> list[Found]:
        """Every word of the text, overlapping ones too."""
        squeezed, lengths = text.squeezed, self._lengths
        found: list[Found] = []
        for at, pair in enumerate(map("".join, pairwise(squeezed))):
            if pair[0] in lengths:
                self._add(text, at, lengths[pair[0]], found)
            if pair in lengths:
                self._add(text, at, lengths[pair], found)
        if squeezed and squeezed[-1] in lengths:
            self._add(text, len(squeezed) - 1, (1,), found)
        return found

    def _add(self, text: Folded, start: int, lengths: tuple[int, ...], found: list[Found]) -> None:
        squeezed, places = text.squeezed, text.places
        for length in lengths:
            word = squeezed[start : start + length]
            labels = self._labels.get(word)
            if labels is None or len(word) != length:
                continue
            end = start + length
            if places[end - 1] - places[start] != length - 1 and not text.joins(start, end):
                continue
            if word in self._latin and text.cut(start, end):
                continue
            found += [Found(label, start, end) for label in labels]
