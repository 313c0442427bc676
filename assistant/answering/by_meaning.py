"""Where nothing can be said by names and wordings: by what is meant, or by the question before."""

import asyncio
from dataclasses import replace

from assistant.answering.decide import decide
from assistant.answering.services import Services
from assistant.answering.understand import Understanding
from assistant.answering.weighing import BOLD, Judged, boldness
from assistant.domain.answer import NO_DRAFT, Draft
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question


def judged_of(question: Question, draft: Draft, ranking: Ranking, on: Services) -> Judged:
    """A draft with its verdict, corrected and held back where something speaks against it."""
    verdict = decide(draft, on.policy)
    if verdict.action not in BOLD:
        return draft, verdict
    vetted = on.vetting(question, draft, ranking)
    return vetted.draft, decide(vetted.draft, on.policy, vetted.vetoes)


def by_meaning(
    question: Question, asked: Question, reading: Understanding, ranking: Ranking, on: Services
) -> tuple[list[Judged], tuple[str, ...]]:
    """What is meant in other words than the sources', and the guides that may be."""
    linked, near = on.linking(question, reading, ranking) if on.linking else (NO_DRAFT, ())
    drafts = [linked]
    if on.nearest is not None and len(reading.parts) == 1 and not reading.where.elsewhere:
        here = replace(question, region=reading.scope(question).region)
        words = dict.fromkeys((asked.text, question.text, reading.sounded or asked.text))
        drafts += (on.nearest.draft(replace(here, text=one), ranking) for one in words)
    return [judged_of(question, draft, ranking, on) for draft in drafts], near


async def going_on(question: Question, reading: Understanding, on: Services) -> Judged | None:
    """The approved answer to a question that by itself has none, read after the one before it.

    Only what was approved is said so: which item a question means that names none is not sure.
    """
    if not question.history or reading.is_follow_up:
        return None
    again = await asyncio.to_thread(on.guides.going_on, question)
    if again is None or again.where.elsewhere:
        return None
    ranking = await on.search(again.text, again.scope(question))
    return await asyncio.to_thread(_nearest, question, again, ranking, on)


def _nearest(
    question: Question, again: Understanding, ranking: Ranking, on: Services
) -> Judged | None:
    if on.nearest is None:
        return None
    own = replace(question, region=again.scope(question).region)
    drafts = [on.nearest.draft(one, ranking) for one in (own, again.in_context(own))]
    judged = [judged_of(question, draft, ranking, on) for draft in drafts]
    best = max(judged, key=lambda pair: boldness(pair[1]))
    return best if best[1].action in BOLD else None
