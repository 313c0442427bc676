"""A chat model may propose what people call the item of a guide; code and search decide what stays.

A term stays where it is short, stands nowhere in the guide, is none of what the thesaurus knows
for something else, and where neither a name nor the search gives it to another item. It helps to
find the guide, and is no part of it: never quoted, never said.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.answering.folding import fold
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue, Profile, profile_of
from assistant.answering.official_words import names_item
from assistant.answering.services import Search
from assistant.domain.evidence import Ranking
from assistant.domain.question import Scope
from assistant.domain.source import ServiceGuide, SourceKind
from assistant.models.chat import ChatModel
from assistant.models.prompts import Prompt, fence, load_prompt
from assistant.retrieval.guide_passages import guide_passages

SECONDS = 20.0
"""What a model has for one guide; nobody waits for it."""
_MOST = 10
_SHORTEST, _LONGEST = 2, 14
_NAMED = 0.5
"""So well a term must name another item to belong there."""
_CLEAR = 0.9
"""Another item is found better where this one has less than so much of its total.

Of 272 terms of the thesaurus asked for their own services (part `choose`, terms hidden) .41 are
kept, of 302 for another service .007; with 1.0 .36 and .0, with .8 .46 and .007.
"""
_NEAR = 20
_BULLET = re.compile(r"^[\s\d.、)）\-*·]+")
_WORDS = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A proposed term, and why it does not stay; empty where it does."""

    term: str
    why_not: str = ""


class LayProposer:
    """Lay terms of guides from a chat model. Raises ModelFailed where it gives none."""

    def __init__(
        self,
        chat: ChatModel,
        guides: GuideAnswerer,
        search: Search,
        refuse: Callable[[str], str | None],
        *,
        prompt: Prompt | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`refuse` says why words may not be shown, or None."""
        self._chat = chat
        self._guides = guides
        self._search = search
        self._refuse = refuse
        self._prompt = prompt or load_prompt("lay_terms")
        self._seconds = seconds

    @property
    def version(self) -> str:
        """The version of the prompt."""
        return self._prompt.version

    async def __call__(self, guide: ServiceGuide, as_of: date) -> list[Weighed]:
        """What the model proposes for a guide, each term weighed."""
        names = "、".join(dict.fromkeys((guide.name, *guide.aliases, guide.parent or "")))
        messages = self._prompt.render({"item": fence(names)})
        reply = await self._chat.complete(messages, self._seconds)
        scope = Scope(as_of, guide.region, kinds=frozenset({SourceKind.GUIDE}))
        return [await self._weighed(term, guide, scope) for term in lines(reply)]

    async def _weighed(self, term: str, guide: ServiceGuide, scope: Scope) -> Weighed:
        catalogue = self._guides.catalogue
        why = self._refuse(term) or why_not(term, guide, catalogue)
        if not why:
            found = await self._search(term, scope)
            why = better_elsewhere(found, profile_of(guide), catalogue)
        return Weighed(term, why)


def lines(reply: str) -> list[str]:
    """The terms of a reply, each once, at most ten; what is no short Chinese term is left out."""
    terms = (_BULLET.sub("", line).strip(" \t。；;，,") for line in reply.splitlines())
    found = dict.fromkeys(t for t in terms if _SHORTEST <= len(t) <= _LONGEST)
    return [term for term in found if _WORDS.fullmatch(term)][:_MOST]


def why_not(term: str, guide: ServiceGuide, catalogue: Catalogue) -> str:
    """Why a term cannot be the guide's, by names and thesaurus; empty where it can."""
    folded, own = fold(term), profile_of(guide)
    official = fold(" ".join((own.text, *(p.text for p in guide_passages(guide)))))
    if folded in official:
        return "指南里已有"
    if folded in dict(catalogue.lay_words(own)):
        return "词表里已有"
    if folded in catalogue.lexicon.lay.senses:
        return "词表里指别的事"
    if any(other != own for other in _named(folded, own, catalogue)):
        return "像另一事项的名称"
    return ""


def _named(folded: str, own: Profile, catalogue: Catalogue) -> Iterator[Profile]:
    """The items that a term names, better than it names this one."""
    for occurrence in catalogue.named(folded):
        yield from catalogue.by_surface[occurrence.number]
    known = catalogue.lexicon.guide_words.official
    least = max((names_item(folded, s, own.text, known) for s in own.surfaces), default=0.0)
    pairs = {pair: 1.0 for pair, _ in catalogue.index.weights(folded)[0]}
    for number in catalogue.index.similar(pairs, _NEAR):
        surface = catalogue.index.strings[number]
        if names_item(folded, surface, surface, known) >= max(_NAMED, least):
            yield from catalogue.by_surface.get(number, ())


def better_elsewhere(found: Ranking, own: Profile, catalogue: Catalogue) -> str:
    """Why a term is another item's by what the search finds with it; empty where it is not."""
    best: dict[Profile, tuple[float, str]] = {}
    for hit in found.hits:
        guide = catalogue.guides.get(hit.source.id)
        if guide is not None:
            best.setdefault(profile_of(guide), (hit.scores.total, guide.name))
    mine = best.pop(own, (0.0, ""))[0]
    other = max(best.values(), default=(0.0, ""))
    return f"查到的更像“{other[1]}”" if mine < _CLEAR * other[0] else ""
