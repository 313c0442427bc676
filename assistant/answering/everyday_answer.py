"""Answers to questions that name no item: by the item that their everyday words most likely mean.

Drafted only where nothing else can be said. One item must be as good as sure to be answered, and
the field asked be understood: an overview would be right in half of such questions (README of the
training). Where only a few items together are as sure, their names are asked back; else a person
answers.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.asking_back import OPTIONS, WORTH_ASKING, clarify
from assistant.answering.choose import narrowed, values
from assistant.answering.fields import OTHER
from assistant.answering.folding import clean
from assistant.answering.guide_answer import (
    UNSAID,
    GuideAnswerer,
    Setting,
    answer,
    beyond_guides,
)
from assistant.answering.items import Catalogue
from assistant.answering.linker import Linked, link, threshold
from assistant.answering.matching import Fit, log_odds, measure
from assistant.answering.mention import Mention
from assistant.answering.nearness import Nearness
from assistant.answering.resolving import without_materials
from assistant.answering.understand import Part, Understanding
from assistant.domain.answer import NO_DRAFT, Draft, Route, Support
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide

_SPAN = 18.0
"""Log-odds from -9 to 9, as 0..1."""
_NOTE = "事项由俗称或情形推断"

Able = tuple[Linked, tuple[ServiceGuide, ...]]
Everyday = tuple[Draft, tuple[str, ...]]
"""A draft, and the ids of the guides that a question may mean, the likeliest first."""


NOTHING: Everyday = (NO_DRAFT, ())


class EverydayAnswerer:
    """Drafts from the guides of another answerer, by the learned linker."""

    def __init__(self, guides: GuideAnswerer, nearness: Nearness) -> None:
        self._guides = guides
        self._nearness = nearness

    def __call__(self, question: Question, reading: Understanding, ranking: Ranking) -> Everyday:
        """The draft of a question of one part that is about here; none for others."""
        part = asked_of(reading)
        if part is None:
            return NOTHING
        return _everyday(part, self._guides.setting(question, reading, ranking), self._nearness)


def asked_of(reading: Understanding) -> Part | None:
    """What the linker is asked; None where it may not be: no guide could answer, or two ask."""
    if reading.where.elsewhere or len(reading.parts) != 1:
        return None
    if "?" in clean(reading.parts[0].text).rstrip("? "):
        return None
    return None if beyond_guides(reading.parts[0]) else reading.parts[0]


def candidates(part: Part, at: Setting) -> tuple[Mention, list[Fit]]:
    """What may name an item, and the items that it may mean; training collects by this too."""
    mention = without_materials(part.mention, part.text, at.catalogue)
    return mention, measure(mention, at.catalogue, at.ranking)


def _everyday(part: Part, at: Setting, nearness: Nearness) -> Everyday:
    linked = link(*candidates(part, at), at.catalogue, nearness)
    able = [
        (one, guides)
        for one in linked
        if (guides := at.catalogue.in_force([one.fit.profile], at.as_of, at.region))
    ]
    if not able:
        return NOTHING
    near = tuple(dict.fromkeys(guide.id for _, guides in able for guide in guides))
    return _draft(part, able, at), near


def _draft(part: Part, able: Sequence[Able], at: Setting) -> Draft:
    if part.mention.is_named:
        return NO_DRAFT
    fields = [field for field in part.fields if field != OTHER]
    best, found = able[0]
    guides = narrowed(found, part.mention)
    alike = len({values(guide, fields) for guide in guides}) == 1
    sure = answer_from(at.catalogue)
    if fields and alike and best.chance >= sure:
        draft = answer(guides[0], fields, part, _support(part, able, best.chance), at)
    else:
        offered = [one for one in able[:OPTIONS] if one[0].chance >= WORTH_ASKING]
        together = min(1.0, sum(one.chance for one, _ in offered))
        if len(offered) < 2 or together < sure:
            return NO_DRAFT
        likely = [guide for _, of in offered for guide in of]
        draft = clarify(likely, _support(part, able, together), at.catalogue)
    if not draft.statements:
        return draft
    return replace(draft, route=Route.LINKED, notes=(_NOTE, *draft.notes))


def answer_from(catalogue: Catalogue) -> float:
    """The least probability that is said: a higher one where few items are known."""
    is_small = len(catalogue.profiles) <= threshold("few")
    return threshold("answer_from_few" if is_small else "answer_from")


def _support(part: Part, able: Sequence[Able], chance: float) -> Support:
    """`link`: the log-odds that the item is among those drafted for, as 0..1."""
    best = able[0][0]
    margin = best.chance - (able[1][0].chance if len(able) > 1 else 0.0)
    link_odds = (log_odds(chance) + _SPAN / 2) / _SPAN
    return Support(
        match=chance,
        margin=margin,
        asked=part.surety if part.fields else UNSAID,
        coverage=best.fit.explained,
        dense=best.fit.dense,
        features={**best.numbers, "link": link_odds, "link_margin": margin},
    )
