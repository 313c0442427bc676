"""Two sources in force that say different things: shown as a conflict, never merged.

Sentences are compared that are alike but for their amounts, dates and phones. Sources of different
places do not disagree: there the place must be known.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.amounts import Amount, amounts
from assistant.answering.figures import FigureKind, figures, fold
from assistant.domain.answer import Citation, Draft, Route
from assistant.domain.evidence import Hit, Ranking
from assistant.domain.source import SourceHeader, SourceKind

ALIKE = 0.6
"""Least share of pairs of characters that two sentences have in common, figures aside."""
_MOST_HITS = 16
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_FIGURE = re.compile(r"[\d.,%:〇零一二三四五六七八九十百千万亿两-]+")
_SHOWN = 60

Places = Callable[[str], set[str]]


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence with what it states, and its pairs of characters without its figures."""

    text: str
    pairs: frozenset[str]
    amounts: tuple[Amount, ...]
    phones: frozenset[str]


def disagreement(question: str, draft: Draft, ranking: Ranking, places: Places) -> str:
    """Why the sources of a quoted clause do not agree, in Chinese; empty where they do."""
    if draft.route is not Route.POLICY:
        return ""
    own = set(draft.source_ids)
    others = [hit for hit in ranking.hits[:_MOST_HITS] if _is_other(hit, own)]
    if not others:
        return ""
    mine = [(c, said) for c in draft.citations for said in stated(c.quote)]
    header = next((hit.source for hit in ranking.hits if hit.source.id in own), None)
    for citation, said in mine:
        for hit in others:
            other = next((one for one in stated(hit.passage.text) if differ(said, one)), None)
            if other is not None:
                return _told(question, citation, said, header, hit, other, places)
    return ""


def _is_other(hit: Hit, own: set[str]) -> bool:
    return hit.source.kind is SourceKind.POLICY and hit.source.id not in own


def stated(text: str) -> Iterator[_Said]:
    """The sentences that state an amount or a phone."""
    for match in _SENTENCE.finditer(text):
        found = tuple(amounts(match[0]))
        phones = frozenset(f.value for f in figures(match[0]) if f.kind is FigureKind.PHONE)
        if found or phones:
            yield _Said(match[0].strip(), _pairs(match[0]), found, phones)


def _pairs(text: str) -> frozenset[str]:
    runs = re.findall(r"[㐀-鿿]+", _FIGURE.sub(" ", fold(text)))
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def differ(one: _Said, other: _Said) -> bool:
    """Alike sentences with other amounts of the same unit, or another phone."""
    shared, every = len(one.pairs & other.pairs), len(one.pairs | other.pairs)
    if not every or len(one.pairs) < 4 or shared / every < ALIKE:
        return False
    units = {a.unit for a in one.amounts} & {b.unit for b in other.amounts}
    apart = any(_values(one, unit).isdisjoint(_values(other, unit)) for unit in units)
    phones = bool(one.phones and other.phones and one.phones.isdisjoint(other.phones))
    return apart or phones


def _values(said: _Said, unit: str) -> set[str]:
    return {str(a.value.normalize()) for a in said.amounts if a.unit == unit}


def _told(
    question: str,
    citation: Citation,
    said: _Said,
    header: SourceHeader | None,
    hit: Hit,
    other: _Said,
    places: Places,
) -> str:
    """The conflict in words; empty where the question names the place of the one alone."""
    if header is not None and _elsewhere(question, header, hit.source, places):
        return ""
    if header is not None and _of_two_places(header, hit.source, places):
        return f"没有说明是哪个地区：{_pair(citation, said, hit, other)}"
    return f"两份现行文件说法不同：{_pair(citation, said, hit, other)}"


def _pair(citation: Citation, said: _Said, hit: Hit, other: _Said) -> str:
    mine, theirs = said.text[:_SHOWN], other.text[:_SHOWN]
    return f"《{citation.title}》“{mine}”；《{hit.source.title}》“{theirs}”"


def _seat(header: SourceHeader, places: Places) -> set[str]:
    return places(fold(f"{header.title}{header.issuer or ''}"))


def _of_two_places(one: SourceHeader, other: SourceHeader, places: Places) -> bool:
    mine, theirs = _seat(one, places), _seat(other, places)
    return one.region != other.region or bool(mine and theirs and mine.isdisjoint(theirs))


def _elsewhere(question: str, one: SourceHeader, other: SourceHeader, places: Places) -> bool:
    """Whether the question names a place of the one source that the other is not of."""
    named, theirs = places(fold(question)), _seat(other, places)
    return bool(named & _seat(one, places)) and not named & theirs and bool(theirs)


def contradicts(one: Draft, other: Draft) -> bool:
    """Whether two drafts of different kinds state other amounts of one unit."""
    mine, theirs = _of(one), _of(other)
    units = {a.unit for a in mine} & {b.unit for b in theirs}
    return any(
        {a.value for a in mine if a.unit == unit}.isdisjoint(
            {b.value for b in theirs if b.unit == unit}
        )
        for unit in units
    )


def _of(draft: Draft) -> Sequence[Amount]:
    return amounts(draft.text)
