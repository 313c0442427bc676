"""How well the evidence answers a question: numbers in 0..1, more is better, 1 if not asked.

Documents on the same subject share most words of a question, so what tells an answer from its
neighbour is whether the question's rare words, and above all its places, numbers and quoted names,
stand in the source, and near the words that would be said.
"""

import math
import re
from collections.abc import Iterable, Sequence

from assistant.answering.asked import AnswerKind, Asked, fold
from assistant.answering.clause_features import Grid
from assistant.answering.clauses import folded
from assistant.answering.marks import marks_held
from assistant.answering.policy_terms import (
    all_places_held,
    content_held,
    count_shown,
    offices_held,
)
from assistant.answering.sought import sought
from assistant.answering.span_model import Window
from assistant.domain.answer import Support
from assistant.domain.evidence import Hit
from assistant.domain.region import RegionTree

_MOST_HITS = 24
_NAMED = re.compile(r"[“\"《「]([^”\"》」]{2,30})[”\"》」]")
_PLACE = re.compile(
    r"[一-鿿]{2,3}?(?:(?<![社小校地辖园片市城景战学分])区|(?<![上城本全各超夜股])市|(?<![全本各外出跨])省|(?<![全本各])县|自治州)"
)
_STEM = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|自治县|省|市|区|县|盟|地区)$")


class Places:
    """Names of provinces, cities and counties, found in a text."""

    def __init__(self, regions: RegionTree | None = None) -> None:
        self._known = frozenset(_names(regions)) if regions else frozenset[str]()
        self._longest = max(map(len, self._known), default=0)

    def __call__(self, text: str) -> set[str]:
        """Stems of the places named (广东省 → 广东); by suffix also those that no table has."""
        found, rest = self._take(text)
        found += _PLACE.findall(rest)
        return {stem for name in found if len(stem := _STEM.sub("", name)) >= 2}

    def _take(self, text: str) -> tuple[list[str], str]:
        """The known names, longest first, and the text with spaces in their place."""
        found: list[str] = []
        start = 0
        while start < len(text):
            sizes = range(min(self._longest, len(text) - start), 1, -1)
            size = next((n for n in sizes if text[start : start + n] in self._known), 0)
            if size:
                found.append(text[start : start + size])
                text = text[:start] + " " * size + text[start + size :]
            start += max(size, 1)
        return found, text


def _names(regions: RegionTree) -> Iterable[str]:
    """Full names of all, short names of provinces and cities (those of counties are words too)."""
    for region in regions:
        if region.parent is None:
            continue
        if len(region.name) >= 3:
            yield region.name
        if region.code.endswith("00"):
            yield from (name for name in region.short_names if len(name) >= 2)


def support_of(grid: Grid, window: Window, hits: Sequence[Hit], places: Places) -> Support:
    """The numbers of a draft; `features` are named in `eval/training/verdict.py`."""
    chosen = grid.clauses[window.begin].hit
    own = [hit for hit in hits if hit.source.id == chosen.source.id]
    others = [hit for hit in hits if hit.source.id != chosen.source.id]
    texts = [_text(hit) for hit in hits[:_MOST_HITS]]
    weight = _weights(grid.asked, texts)
    near = _words_around(grid, window)
    passage, source = _text(chosen), "".join(_text(hit) for hit in own)
    named = places(grid.asked.text)
    features = {
        "source": _held(weight, source),
        "passage": _held(weight, passage),
        "near": _held(weight, near),
        "words": _words_held(grid.asked, passage),
        "content": content_held(grid.asked, source),
        "places": _places_held(named, passage, source),
        "all_places": all_places_held(named, source),
        "offices": offices_held(grid.asked.text, passage),
        "counted": count_shown(grid.asked.text, grid, window),
        "marks": marks_held(
            grid.asked.text, _told(grid, window), passage, chosen.source.published_on
        ),
        "names": _names_held(grid.asked.text, passage),
        "lead": _lead(chosen.scores.document, (hit.scores.document for hit in others)),
        "passage_lead": _lead(chosen.scores.lexical, (hit.scores.lexical for hit in others)),
        "begin": 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, window.logit)))),
        "found": max(hit.scores.coverage for hit in hits),
        "run": _longest_run(grid.asked.text, near),
        "open": float(sought(grid.asked.text).sort is None),
    }
    return Support(
        match=window.chance,
        margin=max(0.0, window.chance - window.rival),
        asked=_sign(grid, window),
        coverage=chosen.scores.coverage,
        dense=chosen.scores.dense,
        features=features,
    )


def _text(hit: Hit) -> str:
    return _heading(hit) + folded(hit.passage.text)


def _heading(hit: Hit) -> str:
    return folded(f"{hit.source.title}{hit.source.issuer or ''}{hit.passage.context}")


def _told(grid: Grid, window: Window) -> str:
    """What the window says, under its title and heading."""
    clauses = grid.clauses[window.begin : window.end + 1]
    return _heading(clauses[0].hit) + "".join(clause.piece.folded for clause in clauses)


def _words_around(grid: Grid, window: Window) -> str:
    begin, end = int(grid.back[window.begin]), int(grid.last[window.begin])
    return "".join(clause.piece.folded for clause in grid.clauses[begin : end + 1])


def _weights(asked: Asked, texts: Sequence[str]) -> dict[str, float]:
    """Weight of each pair: rare among the passages found says most."""
    count = len(texts)
    return {
        pair: math.log1p(count / (sum(pair in text for text in texts) + 0.5))
        for pair in asked.pairs
    }


def _held(weight: dict[str, float], text: str) -> float:
    total = sum(weight.values())
    return sum(w for pair, w in weight.items() if pair in text) / total if total else 0.0


def _words_held(asked: Asked, text: str) -> float:
    """Share of the question's words of two characters and more that the text holds."""
    words = [word for word in asked.words if len(word) > 1]
    return sum(word in text for word in words) / len(words) if words else 1.0


def _places_held(asked: set[str], passage: str, source: str) -> float:
    """1 where the passage or its title names every place asked; half for the rest of the source."""
    if not asked:
        return 1.0
    held = (1.0 if name in passage else 0.5 * (name in source) for name in asked)
    return sum(held) / len(asked)


def _names_held(question: str, passage: str) -> float:
    """Share of quoted names and numbers of the question that the passage holds."""
    names = [fold(name) for name in _NAMED.findall(question)]
    names += re.findall(r"\d+(?:\.\d+)?", question)
    held = (_number_in(n, passage) if n[0].isdigit() else n in passage for n in names)
    return sum(held) / len(names) if names else 1.0


def _number_in(number: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text) is not None


def _lead(score: float, others: Iterable[float]) -> float:
    return max(0.0, min(1.0, score - max(others, default=0.0)))


def _longest_run(question: str, text: str) -> float:
    """The longest stretch of the question that stands word for word in the text, as a share."""
    best = 0
    for start in range(len(question)):
        while question[start : start + best + 1] in text and start + best < len(question):
            best += 1
    return best / max(len(question), 1)


def _sign(grid: Grid, window: Window) -> float:
    """Whether the window shows the kind of thing asked for (a phone number, a date …)."""
    kind = grid.asked.kind
    if kind in (AnswerKind.WHAT, AnswerKind.HOW, AnswerKind.LIST, AnswerKind.YES_NO):
        return 1.0
    chosen = grid.clauses[window.begin : window.end + 1]
    return float(any(kind in clause.piece.signs for clause in chosen))
