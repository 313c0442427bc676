"""Exact answers from service guides: the fields asked, or a question back, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.asking_back import among, clarify, guess_of
from assistant.answering.choose import Choice, choose, values
from assistant.answering.fields import OTHER, find_fields
from assistant.answering.folding import clean
from assistant.answering.going_on import own_words
from assistant.answering.guide_speech import (
    OVERVIEW,
    fit_voice,
    head,
    say,
    say_material,
)
from assistant.answering.items import Catalogue, Profile
from assistant.answering.joining import joined
from assistant.answering.matching import measure
from assistant.answering.places import Gazetteer, Named
from assistant.answering.resolving import (
    fields_for,
    material_asked,
    to_confirm,
    wants_overview,
    without_materials,
)
from assistant.answering.understand import Part, Understanding, going_on, understand
from assistant.domain.answer import NO_DRAFT, Draft, Route, Statement, Support
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide

_SPOKEN_NAME = 26
"""A longer name is shown but not voiced before the answer."""
_PLAINLY = 0.9
"""A field that is asked as surely is what is asked, and nothing else beside it."""
UNSAID = 0.55
"""How surely an overview is what was wanted, where no field was asked."""


class GuideAnswerer:
    """Understands questions and drafts answers from the guides of a catalogue.

    `catalogue` may be replaced at any time: a question is answered from the one it began with.
    """

    def __init__(self, catalogue: Catalogue, gazetteer: Gazetteer | None = None) -> None:
        self.catalogue = catalogue
        self.gazetteer = gazetteer or Gazetteer(catalogue.regions)

    def understand(self, question: Question) -> Understanding:
        """What the question asks."""
        return understand(question, self.catalogue, self.gazetteer)

    def going_on(self, question: Question) -> Understanding | None:
        """The question read as going on from the one before it; None where it names an item."""
        return going_on(question, self.catalogue, self.gazetteer)

    def draft(self, question: Question, reading: Understanding, ranking: Ranking) -> Draft:
        """The answer that the guides give; route GUIDE, CLARIFY or NONE."""
        if reading.where.elsewhere:
            return replace(NO_DRAFT, notes=("问的是别的地区，本地的办事指南不适用",))
        at = self.setting(question, reading, ranking)
        return joined([_draft(part, at) for part in reading.parts])

    def setting(self, question: Question, reading: Understanding, ranking: Ranking) -> "Setting":
        """What all parts of a question have in common."""
        return Setting(
            catalogue=self.catalogue,
            ranking=ranking,
            as_of=question.as_of,
            region=reading.scope(question).region,
            near=_names_of(reading.where, self.catalogue),
            parts=len(reading.parts),
            named=_named(reading.parts, self.catalogue),
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """What all parts of one question have in common."""

    catalogue: Catalogue
    ranking: Ranking
    as_of: date
    region: str | None
    near: tuple[str, ...]
    parts: int
    named: frozenset[Profile]


def _named(parts: Sequence[Part], catalogue: Catalogue) -> frozenset[Profile]:
    """The items that the parts of a question name."""
    hits = (one for part in parts if part.mention.is_named for one in part.mention.named)
    return frozenset(p for one in hits for p in catalogue.by_surface.get(one.number, ()))


def _names_of(where: Named, catalogue: Catalogue) -> tuple[str, ...]:
    """The names under which a guide's location may stand for the place that is asked about."""
    region = catalogue.regions.get(where.region) if where.region else None
    office = where.place.office if where.place else None
    names = (office, *((region.name, *region.short_names) if region else ()))
    return tuple(name for name in names if name)


def _draft(part: Part, at: Setting) -> Draft:
    why_not = beyond_guides(part)
    if why_not:
        return replace(NO_DRAFT, notes=(why_not,))
    fields = [field for field in part.fields if field != OTHER] or list(OVERVIEW)
    mention = without_materials(part.mention, part.text, at.catalogue)
    fits = measure(mention, at.catalogue, at.ranking)
    if at.parts > 1 and not mention.is_named:  # what another part names is not meant here
        fits = [fit for fit in fits if fit.profile not in at.named]
    choice = choose(mention, fits, at.catalogue, fields, at.as_of, at.region)
    if choice is None:
        return replace(NO_DRAFT, notes=("没有找到对应的办事指南",))
    support = _support(part, choice)
    guess = guess_of(choice, support, at.catalogue)
    if guess is not None:
        return guess
    if len({values(guide, fields) for guide in choice.guides}) > 1 or _is_parent(part, choice):
        return clarify(choice.guides, among(support, choice), at.catalogue)
    return answer(choice.guides[0], fields, part, support, at)


def beyond_guides(part: Part) -> str:
    """Why no guide can answer a part, empty where one may."""
    if part.fields == (OTHER,):
        return "办事指南没有这一栏内容"
    if part.is_other:
        return "接着问的是另一事项，没有找到它的办事指南"
    if not part.fields and not wants_overview(part.mention):
        return "问的内容不在办事指南的栏目里"
    claim = to_confirm(part.text)
    if claim is not None and not find_fields(clean(claim)).asked:
        return "问的是一个说法对不对，办事指南没有这一栏"
    return ""


def answer(
    guide: ServiceGuide, fields: Sequence[str], part: Part, support: Support, at: Setting
) -> Draft:
    """The fields of one guide, in the order asked."""
    material = material_asked(guide, part.text, own_words(part.text))
    if material is not None and set(fields) <= {"materials", *OVERVIEW}:
        statement = say_material(guide, material)
        return _guide_draft(guide, (head(guide), statement), support)
    asked = fields_for(guide, fields, part.text)
    stated = asked if part.fields else [f for f in asked if values(guide, [f]) != (None,)]
    if not stated:
        return replace(NO_DRAFT, notes=("办事指南没有载明办理信息",))
    qualified = "承诺" in part.text or "法定" in part.text
    lead = f"{guide.name}，" if len(guide.name) <= _SPOKEN_NAME else ""
    said = [say(guide, field, qualified=qualified, near=at.near) for field in stated]
    statements = (head(guide), *fit_voice(said, stated, guide, lead, parts=at.parts))
    return _guide_draft(guide, statements, support)


def _guide_draft(guide: ServiceGuide, statements: tuple[Statement, ...], support: Support) -> Draft:
    return Draft(Route.GUIDE, statements, (), support, (guide.id,), _notes(support))


def _is_parent(part: Part, choice: Choice) -> bool:
    """Whether the question names what several items lie below, and not surely what it asks.

    Where that is sure and the same for all of them, it is said.
    """
    return choice.is_shared and part.mention.is_named and part.surety < _PLAINLY


def _support(part: Part, choice: Choice) -> Support:
    fit = choice.fit
    return Support(
        match=choice.match,
        margin=choice.margin,
        asked=part.surety if part.fields else UNSAID,
        coverage=fit.explained,
        dense=fit.dense,
        features=fit.vector(),
    )


def _notes(support: Support) -> tuple[str, ...]:
    if support.features.get("named") == 1.0 and support.coverage >= 0.9:
        return ("事项名称完全一致",)
    return ("事项名称部分一致",) if support.match >= 0.5 else ("事项名称不一致，按意思推测",)
