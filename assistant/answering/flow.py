"""question → understood → evidence → draft → verdict. Short on purpose: the rooms do the work."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from assistant.answering.decide import VerdictPolicy, decide
from assistant.answering.disagreement import contradicts
from assistant.answering.lines import fixed_line
from assistant.answering.masking import masked
from assistant.answering.torn import TORN
from assistant.answering.understand import Understanding
from assistant.answering.vetoes import Vetted, Vetting
from assistant.domain.answer import NO_DRAFT, Draft, Route
from assistant.domain.evidence import Ranking
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question, Scope
from assistant.domain.source import SourceKind
from assistant.domain.verdict import Action, Verdict

log = structlog.get_logger()

_BOLD = (Action.ANSWER, Action.CLARIFY)
_PLAINLY = 0.9
_SAME_WORDS = 0.85
CERTAIN = 0.97
"""From this confidence on no other draft is asked for."""


class Search(Protocol):
    """Ranked passages for a text."""

    async def __call__(self, text: str, scope: Scope, limit: int = 50) -> Ranking:
        """The best passages of the scope, best first."""


class Guides(Protocol):
    """Exact answers from service guides."""

    def understand(self, question: Question) -> Understanding:
        """What the question asks."""

    def draft(self, question: Question, reading: Understanding, ranking: Ranking) -> Draft:
        """What the guides say to it."""


class Drafter(Protocol):
    """Anything that drafts an answer from ranked passages."""

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        """What this part says; NO_DRAFT where it has nothing."""


class Linking(Protocol):
    """What an everyday question most likely means."""

    def __call__(
        self, question: Question, reading: Understanding, ranking: Ranking
    ) -> tuple[Draft, tuple[str, ...]]:
        """A draft, and the ids of the guides that may be meant, the likeliest first."""
        ...


class Improver(Protocol):
    """A chat model that may rephrase what was found; checked by code."""

    async def improve(self, question: Question, draft: Draft) -> Draft:
        """The draft in better words, or as it was."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the flow needs; built by bootstrap, faked in tests.

    `drafters` are one or more, the slowest last. `linking` is asked where none of them, nor the
    guides, drafts what can be said; `proposing` gives official terms for such a question.
    `refuse` gives the reason why a question is not answered on air, or None.
    """

    refuse: Callable[[str], str | None]
    guides: Guides
    drafters: Sequence[Drafter]
    search: Search
    policy: VerdictPolicy
    improver: Improver | None = None
    vetting: Callable[[Question, Draft, Ranking], Vetted] = field(default_factory=Vetting)
    linking: Linking | None = None
    proposing: Callable[[str], Awaitable[str]] | None = None


async def answer(question: Question, on: Services) -> Outcome:
    """Answer one question. A failure anywhere becomes a review, never an answer.

    The outcome holds the question masked: what it is stored and shown as from here on.
    """
    began = time.perf_counter()
    words, question = question.text, masked(question)
    try:
        outcome = await _answer(question, on.refuse(words), on)
    except Exception as error:
        log.exception("answer_failed", kind=type(error).__name__)
        verdict = Verdict(Action.REVIEW, 0.0, ("系统处理出错，已转人工",))
        outcome = _said(question, NO_DRAFT, verdict, Ranking())
    return replace(outcome, latency_ms=(time.perf_counter() - began) * 1000)


async def _answer(question: Question, refusal: str | None, on: Services) -> Outcome:
    if refusal is not None:
        verdict = Verdict(Action.REFUSE, 1.0, (refusal,))
        return _said(question, NO_DRAFT, verdict, Ranking())
    reading = await asyncio.to_thread(on.guides.understand, question)
    asked = reading.in_context(question)
    ranking = reading.within_place(await on.search(asked.text, reading.scope(question)))
    draft, verdict, near = await asyncio.to_thread(_best, question, asked, reading, ranking, on)
    if near and verdict.action is Action.REVIEW:
        near = await _proposed(question, asked, reading, on) or near
    if on.improver is not None and _may_reword(verdict, on.policy):
        draft = await on.improver.improve(asked, draft)
    return _said(question, draft, verdict, ranking, near)


async def _proposed(
    question: Question, asked: Question, reading: Understanding, on: Services
) -> tuple[str, ...]:
    """The guides that may be meant by official terms that a model proposes: for a person."""
    terms = await on.proposing(asked.text) if on.proposing else ""
    if not terms or on.linking is None:
        return ()
    found = await on.search(f"{asked.text} {terms}", reading.scope(question))
    _, near = await asyncio.to_thread(on.linking, question, reading, found)
    return near


def _may_reword(verdict: Verdict, policy: VerdictPolicy) -> bool:
    return verdict.action is Action.ANSWER and verdict.confidence >= policy.model_from


def _best(
    question: Question, asked: Question, reading: Understanding, ranking: Ranking, on: Services
) -> tuple[Draft, Verdict, tuple[str, ...]]:
    """The draft with the boldest justified verdict: said first, surest first.

    What is as good as certain is compared with guides and FAQs only: quoting clauses costs most of
    the time. Answers of two kinds that contradict each other are said by neither.
    With it the ids of the guides that an everyday question may mean.
    """
    judged: list[Judged] = []
    for draft in drafts_of(question, asked, reading, ranking, on):
        judged.append(_judged(question, draft, ranking, on))
        if draft.route is not Route.FAQ and _is_settled(judged):
            break
    conflict = _conflict(judged)
    if conflict is not None:
        return *conflict, ()
    best = _approved(judged, max(judged, key=lambda pair: _boldness(pair[1])))
    if on.linking is None or best[1].action in _BOLD:
        return *best, ()
    linked, near = on.linking(question, reading, ranking)
    others = (best, _judged(question, linked, ranking, on))
    return *max(others, key=lambda pair: _boldness(pair[1])), near


Judged = tuple[Draft, Verdict]


def _judged(question: Question, draft: Draft, ranking: Ranking, on: Services) -> Judged:
    verdict = decide(draft, on.policy)
    if verdict.action not in _BOLD:
        return draft, verdict
    vetted = on.vetting(question, draft, ranking)
    return vetted.draft, decide(vetted.draft, on.policy, vetted.vetoes)


def _approved(judged: Sequence[Judged], best: Judged) -> Judged:
    """The approved answer to nearly the same words, where it is unsure which field is asked."""
    if best[0].route is not Route.GUIDE or best[0].support.asked >= _PLAINLY:
        return best
    same = (one for one in judged if one[0].route is Route.FAQ and one[1].action is Action.ANSWER)
    return next((one for one in same if one[0].support.match >= _SAME_WORDS), best)


def _is_settled(judged: Sequence[Judged]) -> bool:
    """Whether a clause could add nothing: one is certain, or the items named are asked about."""
    draft, verdict = judged[-1]
    named = verdict.action is Action.CLARIFY and draft.support.features.get("named") == 1.0
    return named or any(_is_certain(one[1]) for one in judged)


def _is_certain(verdict: Verdict) -> bool:
    return verdict.action is Action.ANSWER and verdict.confidence >= CERTAIN


def _conflict(judged: Sequence[Judged]) -> Judged | None:
    """A FAQ that excludes another one or what a guide says: for a person, with both shown."""
    of = {d.route: (d, v) for d, v in judged if d.route in (Route.FAQ, Route.GUIDE)}
    if Route.FAQ not in of:
        return None
    faq, verdict = of[Route.FAQ]
    if verdict.action is Action.REVIEW and faq.support.features.get(TORN):
        return faq, verdict
    guide, other = of.get(Route.GUIDE, (NO_DRAFT, verdict))
    if verdict.action is other.action is Action.ANSWER and contradicts(faq, guide):
        reason = f"常见问题与办事指南说法不同：“{faq.text[:60]}”；“{guide.text[:60]}”"
        return faq, Verdict(Action.REVIEW, verdict.confidence, (reason, *verdict.reasons))
    return None


def drafts_of(
    question: Question, asked: Question, reading: Understanding, ranking: Ranking, on: Services
) -> Iterator[Draft]:
    """What each part would say, one after the other: the quick ones first, the slowest last.

    About a region that the viewer's own does not see, only the guides' note is given.
    """
    if reading.where.elsewhere:
        yield on.guides.draft(question, reading, ranking)
        return
    asked = replace(asked, region=reading.scope(question).region)
    *quick, slowest = on.drafters
    for drafter in quick:
        yield drafter.draft(asked, ranking)
    yield on.guides.draft(question, reading, ranking)
    yield slowest.draft(asked, ranking)


def _boldness(verdict: Verdict) -> tuple[bool, float]:
    return verdict.action in _BOLD, verdict.confidence


def _said(
    question: Question,
    draft: Draft,
    verdict: Verdict,
    ranking: Ranking,
    near: Sequence[str] = (),
) -> Outcome:
    """Put draft and verdict together; a draft that is not said shows a fixed line instead."""
    spoken_for = verdict.action in _BOLD
    line = "" if spoken_for else fixed_line(verdict.action)
    said = (*(c.source_id for c in draft.citations), *draft.source_ids) if spoken_for else ()
    ranked = tuple(dict.fromkeys((*said, *_ranked(ranking, near))))[:20]
    return Outcome(
        question=question,
        draft=draft,
        verdict=verdict,
        text=draft.text if spoken_for else line,
        spoken=draft.spoken if spoken_for else line,
        ranked_ids=ranked,
    )


def _ranked(ranking: Ranking, near: Sequence[str]) -> Iterator[str]:
    """The sources found; where it was asked what is meant, guides change places by that."""
    ids = ranking.source_ids()
    guides = {hit.source.id for hit in ranking.hits if hit.source.kind is SourceKind.GUIDE}
    ordered = iter(dict.fromkeys((*near, *(i for i in ids if i in guides))))
    for each in ids:
        yield next(ordered) if each in guides else each
    yield from ordered
