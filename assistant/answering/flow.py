"""question → understood → evidence → draft → verdict. Short on purpose: the rooms do the work."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import structlog

from assistant.answering.by_meaning import by_meaning, going_on, judged_of
from assistant.answering.decide import VerdictPolicy
from assistant.answering.lines import fixed_line
from assistant.answering.masking import masked
from assistant.answering.services import Services
from assistant.answering.understand import Understanding
from assistant.answering.weighing import (
    BOLD,
    Judged,
    approved,
    asks_region,
    boldness,
    conflict,
    is_settled,
    of_some_region,
    withheld,
)
from assistant.domain.answer import NO_DRAFT, Draft, Route
from assistant.domain.evidence import Ranking
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.source import SourceKind
from assistant.domain.verdict import Action, Verdict

log = structlog.get_logger()


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
    if verdict.action is Action.REVIEW:
        draft, verdict = await going_on(question, reading, on) or (draft, verdict)
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
        judged.append(judged_of(question, draft, ranking, on))
        if draft.route is not Route.FAQ and is_settled(judged):
            break
    torn = conflict(judged)
    if torn is not None:
        return *torn, ()
    best = approved(judged, max(judged, key=lambda pair: boldness(pair[1])))
    best = of_some_region(judged, best)
    if best[1].action in BOLD and (surer := withheld(judged, best, on.policy)):
        return *surer, ()
    if best[1].action in BOLD:
        return *best, ()
    found, near = by_meaning(question, asked, reading, ranking, on)
    if asks_region(judged):
        found = [one for one in found if one[0].route is not Route.FAQ]
    return *max((best, *found), key=lambda pair: boldness(pair[1])), near


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


def _said(
    question: Question,
    draft: Draft,
    verdict: Verdict,
    ranking: Ranking,
    near: Sequence[str] = (),
) -> Outcome:
    """Put draft and verdict together; a draft that is not said shows a fixed line instead."""
    spoken_for = verdict.action in BOLD
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
