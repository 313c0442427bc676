"""Everyday words and dialect: `everyday`, `dialect` and `lay_terms.jsonl` of a lexicon folder.

`everyday.jsonl`: `{"everyday": […], "official": […], "note"}`, the best official word first.
`dialect.jsonl`: `{"from", "to"}`. `lay_terms.jsonl`: see `lay_terms`. All are data that an office
may edit.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.folding import clean, fold
from assistant.answering.lay_terms import NO_TERMS, LayTerms
from assistant.answering.official_words import VERSION as LAY_VERSION
from assistant.answering.official_words import GuideWords
from assistant.errors import FormatError

_KEPT = 1024
_HELPS = 0.5
"""So surely a lay term must mean its official ones that these are searched."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """An everyday word found in a folded text, with the official words that it may stand for."""

    start: int
    end: int
    official: tuple[str, ...]


class Lexicon:
    """Everyday word → official words, and dialect → standard speech. Matching is longest first."""

    def __init__(
        self,
        everyday: Mapping[str, Sequence[str]],
        dialect: Mapping[str, str] | None = None,
        lay: LayTerms = NO_TERMS,
    ) -> None:
        self.lay = lay
        self.guide_words = GuideWords(lay)
        pairs = ((fold(word), tuple(map(fold, words))) for word, words in everyday.items())
        self._official = {word: words for word, words in pairs if word}
        self._words = _longest_first(self._official)
        self._dialect = {clean(old): clean(new) for old, new in (dialect or {}).items()}
        self._sayings = _longest_first(self._dialect)
        self._found: dict[str, tuple[Expansion, ...]] = {}

    @classmethod
    def load(cls, folder: Path, own: Path | None = None) -> "Lexicon":
        """Read a folder; a missing file is an empty one. Raises FormatError on a bad line.

        `own` is an office's file of lay terms: its lines take the place of the folder's for the
        same terms; an empty `official` takes a term away.
        """
        everyday: dict[str, list[str]] = {}
        for row in _rows(folder / "everyday.jsonl", ("everyday", "official")):
            for word in _texts(row["everyday"]):
                everyday.setdefault(word, []).extend(_texts(row["official"]))
        rows = _rows(folder / "dialect.jsonl", ("from", "to"))
        lay = _lay_terms(folder / "lay_terms.jsonl", own)
        return cls(everyday, {str(row["from"]): str(row["to"]) for row in rows}, lay)

    @property
    def digest(self) -> str:
        """Names the lay terms and the way in which guides get them."""
        return f"{LAY_VERSION}-{self.lay.digest}"

    @property
    def words(self) -> Iterable[str]:
        """All everyday words, folded."""
        return self._official.keys()

    def standard(self, text: str) -> str:
        """Cleaned text with its dialect words put into standard speech."""
        return self._sayings.sub(lambda found: self._dialect[found.group()], clean(text))

    def expansions(self, folded: str) -> tuple[Expansion, ...]:
        """The everyday words in a folded text; they do not overlap.

        Kept, because several steps of one answer ask for the same text.
        """
        known = self._found.get(folded)
        if known is None:
            known = tuple(
                Expansion(found.start(), found.end(), self._official[found.group()])
                for found in self._words.finditer(folded)
            )
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[folded] = known
        return known

    def official_words(self, text: str) -> str:
        """The two best official words of each everyday word of a text: they help search to find."""
        folded = fold(self.standard(text))
        words = [word for each in self.expansions(folded) for word in each.official[:2]]
        lay = (s for hit in self.lay.longest(folded) for s in hit.senses if s.weight >= _HELPS)
        return " ".join(dict.fromkeys((*words, *(word for s in lay for word in s.official[:1]))))


def _lay_terms(shipped: Path, own: Path | None) -> LayTerms:
    keys = ("lay", "official", "weight")
    mine = list(_rows(own, keys)) if own else []
    replaced = {row["lay"] for row in mine}
    rows = [*(row for row in _rows(shipped, keys) if row["lay"] not in replaced), *mine]
    files = [path for path in (shipped, own) if path and path.exists()]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    return LayTerms.read((row for row in rows if row["official"]), digest.hexdigest()[:12])


def _longest_first(words: Mapping[str, object]) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _rows(path: Path, keys: Sequence[str]) -> Iterator[dict[str, object]]:
    if not path.exists():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            yield _row(line, keys, f"{path.name}:{number}")


def _row(line: str, keys: Sequence[str], where: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise FormatError("不是一个 JSON 对象", where=where) from error
    if not isinstance(row, dict) or any(key not in row for key in keys):
        raise FormatError(f"缺少键 {'、'.join(keys)}", where=where)
    return row


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


NO_LEXICON = Lexicon({})
