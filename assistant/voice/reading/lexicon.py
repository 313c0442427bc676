"""Words whose reading pypinyin gets wrong or cannot know, by region, editable by the office.

A file has one word a line, columns parted by a tab: word, syllables (`chao2 yang2 xian4`), region
(a code of GB/T 2260 or its beginning, "" for everywhere), remark. `…` in a word stands for up to
eight characters of the same clause, no numerals among them, and has `…` as its syllable;
`^` at its beginning for the beginning of a clause. Single characters are the weakest, then words
with `…` and `^`, then plain words, the longest first. Later files win over earlier.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import structlog

log = structlog.get_logger()
_SYLLABLE = re.compile(r"[a-zv]{1,6}[1-5]")
_GAP, _START = "…", "^"


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, the syllables of its characters, and where it is read so ("" everywhere)."""

    word: str
    sounds: tuple[str, ...]
    region: str = ""

    def holds_in(self, region: str | None) -> bool:
        """Whether a room of this region reads it so."""
        return not self.region or (region or "").startswith(self.region)


class Lexicon:
    """All entries, found in a text by the longest word first."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_word: dict[tuple[str, str], Entry] = {(e.word, e.region): e for e in entries}
        self._plain: dict[str, list[Entry]] = {}
        self._gapped: list[tuple[re.Pattern[str], Entry]] = []
        for entry in by_word.values():
            if _GAP in entry.word or entry.word.startswith(_START):
                self._gapped.append((_gap_pattern(entry.word), entry))
            else:
                self._plain.setdefault(entry.word, []).append(entry)
        words = sorted(self._plain, key=len, reverse=True)
        self._words = re.compile("|".join(map(re.escape, words)) or r"(?!)")

    @classmethod
    def load(cls, *own: Path) -> "Lexicon":
        """The bundled lexicon, and the office's own files after it, where they are.

        A line of theirs that cannot be used is left out and named in the log: a slip of the pen
        must not keep a stream from starting.
        """
        bundled = files(__package__).joinpath("data/polyphones.tsv")
        texts = [("polyphones.tsv", bundled.read_text(encoding="utf-8"))]
        texts += [
            (path.name, path.read_text(encoding="utf-8-sig", errors="replace"))
            for path in own
            if path.exists()
        ]
        return cls(entry for name, text in texts for entry in _entries(text, name))

    def found(self, text: str, region: str | None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Where entries stand in a text, and the syllables there; the later ones win."""
        plain = list(self._plainly(text, region))
        yield from (one for one in plain if len(one[1]) == 1)
        for pattern, entry in self._gapped:
            if entry.holds_in(region):
                for match in pattern.finditer(text):
                    yield from _groups(match, entry)
        yield from (one for one in plain if len(one[1]) > 1)

    def _plainly(self, text: str, region: str | None) -> Iterator[tuple[int, tuple[str, ...]]]:
        for match in self._words.finditer(text):
            entry = self._best(match.group(), region)
            if entry is not None:
                yield match.start(), entry.sounds

    def _best(self, word: str, region: str | None) -> Entry | None:
        """The entry of the nearest region."""
        fitting = [entry for entry in self._plain[word] if entry.holds_in(region)]
        return max(fitting, key=lambda entry: len(entry.region), default=None)


def _gap_pattern(word: str) -> re.Pattern[str]:
    if word.startswith(_START):
        return re.compile(f"(?<![^，。；：！？、])({re.escape(word[1:])})")
    return re.compile(
        "[^，。；：！？、零一二三四五六七八九十百千万亿两A-Za-z]{0,8}?".join(
            f"({re.escape(p)})" for p in word.split(_GAP)
        )
    )


def _groups(match: re.Match[str], entry: Entry) -> Iterator[tuple[int, tuple[str, ...]]]:
    sounds = " ".join(entry.sounds).removeprefix(_START).split(_GAP)
    for place, part in enumerate(sounds, start=1):
        yield match.start(place), tuple(part.split())


def _entries(text: str, name: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        word, sounds, region, *_ = [*line.split("\t"), "", ""]
        entry = Entry(word.strip(), tuple(sounds.split()), region.strip())
        if _is_sound(entry):
            yield entry
        else:
            log.warning("lexicon_line_left_out", file=name, line=number)


def _is_sound(entry: Entry) -> bool:
    if len(entry.word) != len(entry.sounds) or not entry.word:
        return False
    pairs = zip(entry.word, entry.sounds, strict=True)
    return all(
        sound == char if char in {_GAP, _START} else _SYLLABLE.fullmatch(sound)
        for char, sound in pairs
    )
