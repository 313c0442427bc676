"""Approved answers to questions put in other words: found by the search, weighed by a learned sum.

Asked only where nothing else can be said. What the answer cannot reflect (another year, an amount
or an age that it does not hold, several questions in one, other people) rules it out beforehand.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.faq_answer import Beside, FaqAnswerer
from assistant.answering.faq_draft import Match, drafted
from assistant.answering.fields import find_fields
from assistant.answering.folding import clean, fold
from assistant.answering.mention import content_of
from assistant.answering.near_signs import differs, is_several
from assistant.answering.strangers import held
from assistant.domain.answer import NO_DRAFT, Draft
from assistant.domain.evidence import Hit, Ranking
from assistant.domain.question import Question
from assistant.domain.source import SourceKind

_DATA = Path(__file__).parent / "data" / "near_faq.json"
NOTE = "与常见问题的意思相近"
_LOOKED_AT = 3
_SURELY = 0.8
_BIAS, _SLOPE = -2.0, 6.0
"""How the verdict reads the likeness of two questions (`data/verdict.json`)."""
_MOST = 0.95


Candidate = tuple[Beside, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Found:
    """A FAQ among the hits: its place, its lead over the next other FAQ, and its answer's text."""

    hit: Hit
    place: int
    lead: float
    answer: str


class NearFaqs:
    """Drafts the approved answer that a question most likely wants. Under a millisecond."""

    def __init__(self, faqs: FaqAnswerer) -> None:
        self._faqs = faqs

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        """The answer, where that is sure enough; NO_DRAFT elsewhere.

        `ranking` may be of the question with its history put in.
        """
        rated = [(chance_of(numbers), one) for one, numbers in self.candidates(question, ranking)]
        chance, best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
        if best is None or chance < float(_data()["answer_from"]):
            return NO_DRAFT
        draft = drafted(Match(best.faq, _as_likeness(chance), 0.0), ranking)
        return replace(draft, notes=(NOTE,))

    def candidates(self, question: Question, ranking: Ranking) -> Sequence[Candidate]:
        """The FAQs found that nothing rules out, each with its numbers."""
        if is_several(question.text):
            return ()
        return [
            (beside, _numbers(question.text, beside, one))
            for one in _found(ranking)
            if (beside := self._faqs.beside(question, one.hit.source.id, one.answer))
            and not differs(question, beside)
        ]


def _found(ranking: Ranking) -> Iterator[_Found]:
    faqs = [(place, hit) for place, hit in enumerate(ranking.hits) if _answer_of(hit)]
    for place, hit in faqs[:_LOOKED_AT]:
        others = (one.scores.total for at, one in faqs if at != place)
        lead = hit.scores.total - max(others, default=0.0)
        yield _Found(hit, place, min(1.0, max(0.0, (lead + 1.0) / 3.0)), _answer_of(hit))


def _answer_of(hit: Hit) -> str:
    """The answer that a hit holds: a FAQ's, or one of a guide's 常见问题; empty for others."""
    if hit.source.kind is SourceKind.FAQ:
        return hit.passage.text
    if hit.passage.field != "faqs":
        return ""
    return hit.passage.text.partition("\n答：")[2]


def chance_of(numbers: Mapping[str, float]) -> float:
    """How surely an approved answer is to the question, from `candidates`' numbers."""
    weights: Mapping[str, float] = _data()["weights"]
    score = float(_data()["bias"]) + sum(w * numbers[name] for name, w in weights.items())
    return 1.0 / (1.0 + math.exp(-score))


def _numbers(text: str, beside: Beside, found: _Found) -> dict[str, float]:
    """What the weights are for, each 0..1; see `Scores` for those of the search."""
    asked, known = _fields(text), _fields(beside.wording)
    scores = found.hit.scores
    return {
        "likeness": beside.likeness,
        "dense": scores.dense,
        "lexical": scores.lexical,
        "lead": found.lead,
        "rank": 1.0 / (1.0 + found.place),
        "said": _said(beside.wording, fold(text)),
        "no_replaced": float(beside.sign != "关键词不同"),
        "no_other_kind": float(beside.sign != "问的内容不同"),
        "no_other_field": float(not (asked and known) or bool(asked & known)),
        "no_field": float(bool(known) or not asked),
    }


def _fields(text: str) -> frozenset[str]:
    asked = find_fields(clean(text)).asked
    return frozenset(one.field for one in asked if one.surety >= _SURELY)


def _said(wording: str, folded: str) -> float:
    """The share of a wording's own words that a question says."""
    shares = [share for part in content_of(wording) for share in held(part, folded)]
    return sum(shares) / len(shares) if shares else 0.0


def _as_likeness(chance: float) -> float:
    """The likeness to which the verdict gives this chance."""
    kept = min(chance, _MOST)
    return (math.log(kept / (1.0 - kept)) - _BIAS) / _SLOPE


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return data
