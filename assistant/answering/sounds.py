"""Words spelt by ear: homophones (注策 for 注册) and pinyin in Latin letters (lvshi for 律师).

A text is respelt only towards character pairs that occur in the names of items. pypinyin's table
is read when the first question needs it.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.answering.folding import grams
from assistant.answering.words import word_spans

_LATIN = re.compile(r"[a-z]{4,}")
_KEPT = re.compile(
    "怎么|什么|多少|哪[里儿个些]|几[天个次趟]|可以|需要|时候|办理|如何|咨询|电话|材料|网上"
)
"""Words of asking, which are never taken for a slip."""
_APART = re.compile(r"\b[a-z]{1,6}(?: [a-z]{1,6})+\b")
_LONGEST_SYLLABLE = 6
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ü", "v"))


@dataclass(frozen=True)
class SoundIndex:
    """Character pairs by their sound, the most frequent of each sound first, and how frequent."""

    pairs: Mapping[tuple[str, str], tuple[str, ...]]
    frequency: Mapping[str, int]

    @classmethod
    def build(cls, frequency: Mapping[str, int]) -> "SoundIndex":
        """Index pairs (two Chinese characters each) by sound."""
        found: dict[tuple[str, str], list[str]] = {}
        for pair in sorted(frequency, key=lambda pair: (-frequency[pair], pair)):
            if len(pair) == 2 and not pair.isascii():
                found.setdefault((syllable(pair[0]), syllable(pair[1])), []).append(pair)
        return cls({sound: tuple(spelt) for sound, spelt in found.items()}, frequency)

    def respelt(self, folded: str, known: Mapping[str, object]) -> str:
        """The text with Latin pinyin and unknown homophones spelt as the names spell them."""
        together = _APART.sub(lambda run: run.group().replace(" ", ""), folded)
        return self._homophones(_LATIN.sub(self._chinese, together), known)

    def _chinese(self, run: re.Match[str]) -> str:
        sounds = syllables(run.group())
        if len(sounds) < 2:
            return run.group()
        return self._spelt(tuple(map(_blurred, sounds))) or run.group()

    def _spelt(self, sounds: Sequence[str]) -> str:
        """The sounds in Chinese, by the longest stretches that names know; empty where none."""
        for end in range(len(sounds), 1, -1):
            head = self._chain(sounds[:end])
            if head:
                return head + (self._spelt(sounds[end:]) if end < len(sounds) else "")
        return ""

    def _chain(self, sounds: Sequence[str]) -> str:
        """The most usual spelling in which each pair of neighbours occurs in some name."""
        spelt = list(self.pairs.get((sounds[0], sounds[1]), ()))
        for before, sound in itertools.pairwise(sounds[1:]):
            nexts = self.pairs.get((before, sound), ())
            spelt = [s + pair[1] for s in spelt for pair in nexts if pair[0] == s[-1]]
        return max(spelt, key=self._usual) if spelt else ""

    def _usual(self, spelt: str) -> int:
        return min(self.frequency.get(pair, 0) for pair in grams(spelt))

    def _homophones(self, folded: str, known: Mapping[str, object]) -> str:
        chars = list(folded)
        kept = [found.span() for found in _KEPT.finditer(folded)]
        words = {start for start, end in word_spans(folded) if end == start + 2}
        for place, pair in enumerate(grams(folded)):
            if "".join(chars[place : place + 2]) != pair or place in words:
                continue
            if any(start < place + 2 and place < end for start, end in kept):
                continue
            if len(pair) < 2 or pair in known or pair.isascii():
                continue
            sound = (syllable(pair[0]), syllable(pair[1]))
            better = next((p for p in self.pairs.get(sound, ()) if _one_differs(p, pair)), None)
            if better is not None and _fits(better, chars, place, known):
                chars[place : place + 2] = better
        return "".join(chars)


def _one_differs(one: str, other: str) -> bool:
    return (one[0] == other[0]) != (one[1] == other[1])


def _fits(pair: str, chars: Sequence[str], place: int, known: Mapping[str, object]) -> bool:
    """Whether the respelt pair goes with a neighbour: one match by ear alone proves little."""
    before = chars[place - 1] + pair[0] if place else ""
    after = pair[1] + chars[place + 2] if place + 2 < len(chars) else ""
    return before in known or after in known


@lru_cache(maxsize=16384)
def syllable(char: str) -> str:
    """The sound of a character without tone; sounds that many people do not tell apart are one."""
    readings = _table().get(ord(char), "")
    return _blurred(_toneless(readings.split(",")[0])) if readings else char


@lru_cache(maxsize=1024)
def syllables(run: str) -> tuple[str, ...]:
    """Latin letters as syllables, () where they are not pinyin: lvshi → lv, shi."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before = best[start]
            if before is not None and run[start:end] in _known_syllables():
                longer = (*before, run[start:end])
                best[end] = min(best[end] or longer, longer, key=len)
    return best[len(run)] or ()


def _blurred(sound: str) -> str:
    for one, other in _ALIKE:
        sound = sound.replace(one, other)
    return sound


def _toneless(sound: str) -> str:
    return sound.translate(_TONES)


_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê", "aaaaeeeeiiiioooouuuuvvvvvnnnme")


@cache
def _table() -> Mapping[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    table: Mapping[int, str] = pinyin_dict
    return table


@cache
def _known_syllables() -> frozenset[str]:
    return frozenset(_syllables_of(_table().values()))


def _syllables_of(readings: Iterable[str]) -> Iterable[str]:
    return (_toneless(one) for reading in readings for one in reading.split(","))
