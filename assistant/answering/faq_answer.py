"""Approved answers: said only where the question really is one of those they were approved for."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answering.faq_draft import Match, drafted, torn
from assistant.answering.faq_match import Form, disagreement, form_of, likeness
from assistant.domain.answer import Draft
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.domain.source import NATIONAL, Faq

ENOUGH = 0.7
"""Least likeness of a match; chosen on development questions, see tests and the closing note."""
LEARNT_ENOUGH = 0.95
"""The same for answers learnt at the review desk: nobody chose their wordings to tell them apart,
and 挂失 may be as near to 领取 as two ways of asking the same. What is near is asked again."""
_LEAD = 0.04
_LEARNT = re.compile(r"faq-[0-9a-z]{26}")
_CANDIDATES = 32
_RARE = 16

Sees = Callable[[str | None, str], bool]


__all__ = ["Alike", "FaqAnswerer", "Match"]


@dataclass(frozen=True, slots=True)
class Alike:
    """A FAQ beside a question: its nearest wording, and the sign by which that differs, or ""."""

    faq: Faq
    wording: str
    likeness: float
    sign: str

    @property
    def is_meant(self) -> bool:
        """Whether it is the same question."""
        return self.likeness >= ENOUGH and not self.sign


@dataclass(frozen=True, slots=True)
class Beside:
    """A FAQ that the search found, beside a question.

    `likeness`: to its nearest `wording`; `unlike`: to its nearest negative one.
    """

    faq: Faq
    wordings: tuple[str, ...]
    wording: str
    likeness: float
    unlike: float
    sign: str


class FaqAnswerer:
    """Finds the FAQ whose question, or a similar one, is what was asked. Under 2 ms at 10,000.

    `sees(viewer, source)` tells whether a viewer's region sees a source's (`RegionTree.sees`).
    """

    def __init__(self, faqs: Iterable[Faq], sees: Sees | None = None) -> None:
        self._sees = sees or _same_or_national
        self._faqs: list[Faq] = []
        self._forms: list[tuple[int, Form, bool]] = []
        self._wordings: list[str] = []
        self._own: list[list[int]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._holding: dict[str, list[int]] = {}
        self._arrays: dict[str, NDArray[np.int64]] = {}
        for faq in faqs:
            self._add(faq)
        self._idf = self._weights()
        self._unseen = log(1.0 + max(len(self._forms), 1) / 0.5)

    def _add(self, faq: Faq) -> None:
        number = len(self._faqs)
        self._faqs.append(faq)
        self._own.append([])
        self._numbers[faq.id, faq.answer] = number
        for text in (faq.question, *faq.similar_questions):
            self._add_form(number, text, positive=True)
        for text in faq.negative_questions:
            self._add_form(number, text, positive=False)

    def _add_form(self, number: int, text: str, *, positive: bool) -> None:
        form = form_of(text)
        for pair in form.pairs:
            self._holding.setdefault(pair, []).append(len(self._forms))
        self._own[number].append(len(self._forms))
        self._forms.append((number, form, positive))
        self._wordings.append(text)

    def _weights(self) -> dict[str, float]:
        count = max(len(self._forms), 1)
        return {pair: log(1.0 + count / len(held)) for pair, held in self._holding.items()}

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        """The approved answer, or NO_DRAFT. `ranking` gives the cosine where it holds the FAQ."""
        asked = form_of(question.text)
        best = self._best(asked, question)
        found = self._match(best)
        if found is not None:
            return drafted(found, ranking)
        even = [Match(self._faqs[n], best[n], best[n]) for n in self._even(best)] if best else []
        return torn([one for one in even if one.likeness >= _enough(one.faq)], ranking)

    def match(self, question: Question) -> Match | None:
        """The FAQ that is meant; None where none is, or where two fit alike."""
        return self._match(self._best(form_of(question.text), question))

    def _even(self, best: dict[int, float]) -> list[int]:
        """The best FAQ, and those that fit as well but answer differently."""
        ranked = sorted(best.items(), key=lambda pair: -pair[1])
        number, top = ranked[0]
        close = [n for n, s in ranked[1:] if top - s < _LEAD and self._differs(n, number)]
        return [number, *close]

    def _match(self, best: dict[int, float]) -> Match | None:
        if not best:
            return None
        even = self._even(best)
        chosen = self._newest(even)
        if chosen is None or best[even[0]] < _enough(self._faqs[chosen]):
            return None
        ranked = sorted(best.items(), key=lambda pair: -pair[1])
        others = (s for n, s in ranked if n != chosen and self._differs(n, chosen))
        return Match(self._faqs[chosen], best[chosen], max(others, default=0.0))

    def beside(self, question: Question, faq_id: str, answer: str) -> Beside | None:
        """A question beside one FAQ; None where that is unknown, or may not answer here now."""
        number = self._numbers.get((faq_id, answer))
        if number is None:
            return None
        faq = self._faqs[number]
        if _LEARNT.fullmatch(faq_id) or not self._eligible(faq, question.as_of, question.region):
            return None
        asked = form_of(question.text)
        near = {True: (0.0, 0), False: (0.0, 0)}
        for place in self._own[number]:
            _, form, positive = self._forms[place]
            alike = likeness(asked, form, self._idf, self._unseen)
            near[positive] = max(near[positive], (alike, place))
        (alike, place), (unlike, _) = near[True], near[False]
        wordings = [self._wordings[at] for at in self._own[number] if self._forms[at][2]]
        sign = disagreement(asked, self._forms[place][1])
        return Beside(faq, tuple(wordings), self._wordings[place], alike, unlike, sign)

    def alike(self, text: str) -> list[Alike]:
        """FAQs near a question, whatever their region and dates: what is meant first."""
        asked, found = form_of(text), dict[int, Alike]()
        for place in self._near(asked):
            number, form, is_positive = self._forms[place]
            if not is_positive:
                continue
            near = likeness(asked, form, self._idf, self._unseen)
            sign = disagreement(asked, form)
            one = Alike(self._faqs[number], self._wordings[place], near, sign)
            if number not in found or _nearness(one) > _nearness(found[number]):
                found[number] = one
        return sorted(found.values(), key=_nearness, reverse=True)

    def _newest(self, numbers: list[int]) -> int | None:
        """Of FAQs that fit alike but answer differently, the one approved last; None if unknown."""
        if len(numbers) == 1:
            return numbers[0]
        approved = sorted((self._faqs[n].approved_at or "", n) for n in numbers)
        return approved[-1][1] if approved[-1][0] > approved[-2][0] else None

    def _best(self, asked: Form, question: Question) -> dict[int, float]:
        """Likeness of every eligible FAQ near the question; a nearer negative removes it."""
        positive: dict[int, float] = {}
        negative: dict[int, float] = {}
        for place in self._near(asked):
            number, form, is_positive = self._forms[place]
            if not self._eligible(self._faqs[number], question.as_of, question.region):
                continue
            alike = likeness(asked, form, self._idf, self._unseen)
            if is_positive and (alike < ENOUGH - _LEAD or disagreement(asked, form)):
                continue
            side = positive if is_positive else negative
            side[number] = max(alike, side.get(number, 0.0))
        return {n: s for n, s in positive.items() if s > negative.get(n, 0.0)}

    def _near(self, asked: Form) -> list[int]:
        """The forms that share most of the question's rare pairs."""
        held = [pair for pair in asked.pairs if pair in self._holding]
        rarest = sorted(held, key=lambda pair: (-self._idf[pair], pair))[:_RARE]
        if not rarest:
            return []
        places = np.concatenate([self._places(pair) for pair in rarest])
        weights = np.concatenate(
            [np.full(len(self._holding[pair]), self._idf[pair]) for pair in rarest]
        )
        distinct, back = np.unique(places, return_inverse=True)
        shared = np.bincount(back, weights)
        order = np.argsort(-shared, kind="stable")[:_CANDIDATES]
        return [int(place) for place in distinct[order]]

    def _places(self, pair: str) -> NDArray[np.int64]:
        known = self._arrays.get(pair)
        if known is None:
            known = self._arrays[pair] = np.array(self._holding[pair], dtype=np.int64)
        return known

    def _eligible(self, faq: Faq, as_of: date, region: str | None) -> bool:
        begun = faq.effective_from is None or faq.effective_from <= as_of
        open_still = faq.effective_to is None or as_of <= faq.effective_to
        return begun and open_still and self._sees(region, faq.region)

    def _differs(self, one: int, other: int) -> bool:
        return self._faqs[one].answer != self._faqs[other].answer


def _nearness(one: Alike) -> tuple[bool, float]:
    return one.is_meant, one.likeness


def _enough(faq: Faq) -> float:
    """Least likeness of a match with this FAQ; those of the desk have ids of their own kind."""
    return LEARNT_ENOUGH if _LEARNT.fullmatch(faq.id) else ENOUGH


def _same_or_national(viewer: str | None, source: str) -> bool:
    return viewer is None or source in (viewer, NATIONAL)
