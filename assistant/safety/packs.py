"""The rule packs together: which rules a text hits, where, and what spared it.

`common` holds the lists that other packs use; official terms of every pack count for all. A word
inside an official term is not seen (禁毒 holds no 毒).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.bundled import bundled
from assistant.domain.screening import Severity
from assistant.errors import ConfigurationError, FormatError
from assistant.safety.folding import Folded, fold
from assistant.safety.pack_values import Pack, Rule, read_pack, read_pack_file
from assistant.safety.sentence_forms import Form, inline_words, parse, squeeze
from assistant.safety.word_scan import Found, WordScan

COMMON = "common"
_OFFICIAL = "#official"
_TOLD = frozenset(("受骂", "求助"))
"""Lists of `common`: someone was insulted, and asks what to do about it."""
_LATIN = re.compile(r"[a-z<{$;'\\-]")
"""What a pattern in ASCII alone needs to hit."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that hits a text. `matched` is the place in the folded text: for operators only.

    `spared_by` is the official term or the exception (`none`) that keeps it from counting.
    """

    pack: str
    rule: str
    code: str
    severity: Severity
    reason: str
    matched: str
    spared_by: str = ""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule with its forms read."""

    pack: str
    rule: Rule
    any: tuple[Form, ...]
    none: tuple[Form, ...]


class RulePacks:
    """An unchangeable set of packs, ready to match. Building one takes some 50 ms."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        """Raises FormatError where a form names a list that no pack has."""
        self.packs = {pack.name: pack for pack in packs}
        self.version = _fingerprint(self.packs.values())
        self._rules = [ready for pack in self.packs.values() for ready in self._prepared(pack)]
        self._scan = WordScan(self._words())
        self._forms = self._by_label()
        self._patterns = [(n, p) for n, r in enumerate(self._rules) for p in r.rule.patterns]

    @classmethod
    def load(cls, folder: Path) -> "RulePacks":
        """Read every `*.json` of a folder. Raises ConfigurationError that names file and rule."""
        try:
            return cls(read_pack_file(path) for path in sorted(folder.glob("*.json")))
        except FormatError as error:
            raise ConfigurationError(f"规则包有误：{error.message}", hint=error.hint) from error

    def with_pack(self, text: str) -> "RulePacks":
        """The packs with one added or replaced, for a test before saving. Raises FormatError."""
        pack = read_pack(text)
        return RulePacks((self.packs | {pack.name: pack}).values())

    def hits(self, text: Folded) -> Iterator[Hit]:
        """The rules that hit a folded text, as they are found."""
        places = _grouped(_outside_official(self._scan.find(text)))
        for ready, matched in self._matches(text, places):
            if self._exception(ready, text, places) is None:
                yield _hit(ready, matched)

    def told(self, text: Folded) -> bool:
        """Whether the viewer tells of an insult and seeks help: the harsh words are another's."""
        return {found.label for found in self._scan.find(text)} >= _TOLD

    def test(self, text: str) -> list[Hit]:
        """Every rule that hits, and every one that an official term or an exception spares."""
        folded = fold(text)
        everything = self._scan.find(folded)
        counted = _grouped(_outside_official(everything))
        seen = _grouped(everything)
        terms = [found for found in everything if found.label == _OFFICIAL]
        hits: dict[tuple[str, str], Hit] = {}
        for places in (counted, seen):
            for ready, matched in self._matches(folded, places):
                spared = self._exception(ready, folded, counted) or ""
                if places is seen and not spared:
                    spared = "、".join(folded.shown(t.start, t.end) for t in terms)
                hits.setdefault((ready.pack, ready.rule.name), _hit(ready, matched, spared))
        return list(hits.values())

    def _matches(
        self, text: Folded, places: Mapping[str, Sequence[Found]]
    ) -> Iterator[tuple[_Ready, str]]:
        done: set[int] = set()
        for label in places:
            for number, form in self._forms.get(label, ()):
                if number in done or not form.labels <= places.keys():
                    continue
                if chain := form.match(text, places):
                    done.add(number)
                    shown = text.shown(chain[0].start, chain[-1].end)
                    yield self._rules[number], shown
        latin = _LATIN.search(text.plain) is not None
        for number, pattern in self._patterns:
            if number in done or (not latin and pattern.pattern.isascii()):
                continue
            if match := pattern.search(text.plain):
                done.add(number)
                yield self._rules[number], match[0]

    def _exception(
        self, ready: _Ready, text: Folded, places: Mapping[str, Sequence[Found]]
    ) -> str | None:
        for form in ready.none:
            if form.labels <= places.keys() and (chain := form.match(text, places)):
                return text.shown(chain[0].start, chain[-1].end)
        return None

    def _prepared(self, pack: Pack) -> Iterator[_Ready]:
        common = self.packs[COMMON].words if COMMON in self.packs else {}
        lists = {**{name: name for name in common}, **{n: f"{pack.name}.{n}" for n in pack.words}}
        for rule in pack.rules:
            try:
                forms = tuple(_form(source, lists) for source in rule.any)
                none = tuple(_form(source, lists) for source in rule.none)
            except FormatError as error:
                where = f"{pack.name} 规则 {rule.name}"
                raise FormatError(error.message, where=where, hint=error.hint) from error
            yield _Ready(pack.name, rule, forms, none)

    def _words(self) -> dict[str, set[str]]:
        words: dict[str, set[str]] = {}
        for pack in self.packs.values():
            for name, listed in pack.words.items():
                label = name if pack.name == COMMON else f"{pack.name}.{name}"
                for word in listed:
                    _add(words, word, label)
            for term in pack.official:
                words.setdefault(squeeze(term), set()).add(_OFFICIAL)
        for ready in self._rules:
            for label in {label for form in ready.any + ready.none for label in form.labels}:
                for word in inline_words(label):
                    _add(words, word, label)
        return words

    def _by_label(self) -> dict[str, list[tuple[int, Form]]]:
        """Each form under the one of its lists that the fewest forms use."""
        uses: dict[str, int] = {}
        forms = [(n, form) for n, ready in enumerate(self._rules) for form in ready.any]
        for _, form in forms:
            for label in form.labels:
                uses[label] = uses.get(label, 0) + 1
        table: dict[str, list[tuple[int, Form]]] = {}
        for number, form in forms:
            rarest = min(sorted(form.labels), key=lambda label: uses[label])
            table.setdefault(rarest, []).append((number, form))
        return table


def _add(words: dict[str, set[str]], word: str, label: str) -> None:
    """List a word, and with the polite 您 where it has 你: a please changes nothing."""
    for spelling in {word, word.replace("你", "您")}:
        words.setdefault(spelling, set()).add(label)


def _form(source: str, lists: Mapping[str, str]) -> Form:
    form = parse(source, lists)
    parts = tuple(type(part)(lists.get(part.label, part.label), part.gap) for part in form.parts)
    return Form(source, parts, form.anchored)


def _outside_official(found: Sequence[Found]) -> Iterable[Found]:
    terms = [word for word in found if word.label == _OFFICIAL]
    if not terms:
        return found
    return [
        word
        for word in found
        if not any(term.start <= word.start and word.end <= term.end for term in terms)
    ]


def _grouped(found: Iterable[Found]) -> dict[str, list[Found]]:
    places: dict[str, list[Found]] = {}
    for word in found:
        places.setdefault(word.label, []).append(word)
    return places


def _hit(ready: _Ready, matched: str, spared_by: str = "") -> Hit:
    rule = ready.rule
    return Hit(ready.pack, rule.name, rule.code, rule.severity, rule.reason, matched, spared_by)


def _fingerprint(packs: Iterable[Pack]) -> str:
    """Twelve hexadecimal digits that change with any pack."""
    digest = hashlib.sha256()
    for pack in sorted(packs, key=lambda pack: pack.name):
        digest.update(f"{pack.name}\0{pack.text}\0".encode())
    return digest.hexdigest()[:12]


@cache
def shipped_packs() -> RulePacks:
    """The packs that come with the program."""
    return RulePacks.load(bundled("knowledge") / "rules")
