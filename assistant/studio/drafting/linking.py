"""From the topic of a brief to guides and documents, by the question desk's own item linking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.choose import Choice, choose
from assistant.answering.folding import fold, grams
from assistant.answering.guide_speech import OVERVIEW
from assistant.answering.matching import measure, threshold
from assistant.answering.mention import Mention
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question, Scope
from assistant.domain.source import SourceKind
from assistant.studio.drafting.asked_for import parts_of
from assistant.studio.drafting.knowledge import Knowledge

MOST_ITEMS = 5
_MOST_POLICIES = 3
_LIKELY = 0.35
"""From this estimate on the likeliest item is drafted, and asked back about."""
_SURE_TITLE = 4
_POLICY_WORDS = re.compile("最新|新的?(?=规定|政策|规)|规定|政策|文件|新规|解读|通知|有关|相关|的$")
_EXPLAINED = 0.4
"""So much of the topic's words the likeliest item must explain."""
_POLICY_COVERAGE = 0.6
"""So much of the topic's words a document must hold to be taken where it is not named."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Guides and documents that a topic means, and what has to be asked back."""

    items: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


async def link_items(topic: str, on: Knowledge, day: date, region: str | None) -> Linked:
    """The guides that a topic means: as a whole, else each of the items that it lists."""
    if not topic or topic.startswith("《"):
        return Linked()
    listed = parts_of(topic)
    if len(listed) < 2:
        return await _one(topic, on, day, region)
    whole = await _one(topic, on, day, region)
    each = [await _one(words, on, day, region) for words in _completed(listed)]
    named = tuple(dict.fromkeys(item for linked in each for item in linked.items))
    if not named or len(named) < len(whole.items):
        return whole
    return Linked(
        named[:MOST_ITEMS],
        missing=tuple(m for linked in each for m in linked.missing),
        assumed=tuple(a for linked in each for a in linked.assumed),
    )


def _completed(listed: Sequence[str]) -> list[str]:
    """变更 in 个体户设立、变更 is 个体户变更: a short part takes the head of the first."""
    first = listed[0]
    return [
        first[: max(2, len(first) - len(part))] + part if 0 < len(part) < 4 < len(first) else part
        for part in listed
    ]


async def _one(topic: str, on: Knowledge, day: date, region: str | None) -> Linked:
    question = Question(f"{topic}怎么办理", day, region)
    reading = on.guides.understand(question)
    if reading.where.elsewhere:
        return Linked(missing=(f"“{topic}”说的是别的地区，请确认地区",))
    scope = replace(reading.scope(question), kinds=frozenset({SourceKind.GUIDE}))
    ranking = await on.search(topic, scope, 50)
    found = [
        _chosen(topic, choice)
        for part in reading.parts
        if (choice := _choice(part.mention, ranking, on, day, scope.region))
    ]
    return Linked(
        tuple(dict.fromkeys(i for linked in found for i in linked.items))[:MOST_ITEMS],
        missing=tuple(dict.fromkeys(m for linked in found for m in linked.missing)),
        assumed=tuple(dict.fromkeys(a for linked in found for a in linked.assumed)),
    )


def _choice(
    mention: Mention, ranking: Ranking, on: Knowledge, day: date, region: str | None
) -> Choice | None:
    catalogue = on.guides.catalogue
    fits = measure(mention, catalogue, ranking)
    return choose(mention, fits, catalogue, OVERVIEW, day, region)


def _chosen(topic: str, choice: Choice) -> Linked:
    """The guide where it is sure; the likeliest and a question back where it is not."""
    exact = [guide for _, guide in choice.guesses if fold(topic) == fold(guide.name)]
    if len(exact) == 1:
        return Linked((exact[0].id,))
    sure = choice.match >= threshold("answer_from")
    if sure and len(choice.guides) == 1:
        return Linked((choice.guides[0].id,))
    likely = choice.guides if sure else tuple(g for p, g in choice.guesses[:4] if p >= 0.08)
    explained = choice.fit.explained >= _EXPLAINED
    if not likely or (not sure and (choice.match < _LIKELY or not explained)):
        return Linked()
    names = "；".join(guide.name for guide in likely[:4])
    return Linked(
        (likely[0].id,),
        missing=(f"“{topic}”是指哪一项：{names}？",) if len(likely) > 1 else (),
        assumed=(f"事项暂按“{likely[0].name}”起草",),
    )


async def link_policies(
    text: str, topic: str, on: Knowledge, day: date, region: str | None, *, wanted: bool
) -> tuple[str, ...]:
    """Documents that the brief names by title or 文号; where `wanted`, else the likeliest one."""
    policies = [h for h in on.headers.values() if h.kind is SourceKind.POLICY]
    able = [h for h in policies if on.holds(h.id, day) and on.regions.sees(region, h.region)]
    folded, about = fold(text), fold(_POLICY_WORDS.sub("", topic))
    titles = [fold(title) for title in re.findall("《([^》]+)》", text)]
    named = [
        h.id
        for h in able
        if any(title in fold(h.title) for title in titles)
        or (h.document_number and fold(h.document_number) in folded)
        or (len(fold(topic)) >= _SURE_TITLE and fold(topic) in fold(h.title))
    ]
    if named or not wanted or not about:
        return tuple(dict.fromkeys(named))[:_MOST_POLICIES]
    scope = Scope(day, region, kinds=frozenset({SourceKind.POLICY}))
    ranking = await on.search(about, scope, 20)
    near = [h for h in ranking.hits if h.scores.coverage >= _POLICY_COVERAGE]
    titled = [h for h in near if _half_in(about, fold(h.source.title))]
    return tuple(dict.fromkeys(hit.source.id for hit in titled or near))[:1]


def _half_in(about: str, title: str) -> bool:
    """Whether a title holds half of the pairs of what is asked about."""
    pairs = grams(about)
    return sum(pair in title for pair in pairs) * 2 >= len(pairs)


def resting_on(
    policies: Sequence[str], on: Knowledge, day: date, region: str | None, *, most: int
) -> Linked:
    """Guides whose 设定依据 names one of the documents: where its clauses can be acted on."""
    titles = {fold(on.headers[one].title) for one in policies}
    found = [
        guide
        for guide in on.guides.catalogue.guides.values()
        if any(fold(basis.title) in titles for basis in guide.basis or ())
        and on.holds(guide.id, day)
        and on.regions.sees(region, guide.region)
    ][:most]
    if not found:
        return Linked()
    names = "、".join(guide.name for guide in found)
    return Linked(tuple(g.id for g in found), assumed=(f"配上依据这份文件办理的事项：{names}",))
