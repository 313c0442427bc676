"""The question desk: the flow, with answerers that follow the sources."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answering.decide import VerdictPolicy, value
from assistant.answering.drift import DriftWatch
from assistant.answering.faq_answer import FaqAnswerer, Sees
from assistant.answering.flow import answer
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.matching import get_ready
from assistant.answering.near_faq import NearFaqs
from assistant.answering.services import Services
from assistant.answering.withheld import Withheld
from assistant.domain.answer import Draft
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.source import Faq, ServiceGuide, SourceHeader, SourceKind


class SourceReader(Protocol):
    """Structured sources by id."""

    async def guides(self, ids: Sequence[str] | None = None) -> list[ServiceGuide]:
        """Service guides: all, or those of some ids."""

    async def faqs(self, ids: Sequence[str] | None = None) -> list[Faq]:
        """Question-and-answer pairs: all, or those of some ids."""


class Index(Protocol):
    """What says which sources, in which version, are current."""

    @property
    def generation(self) -> int:
        """Grows with every change."""

    @property
    def headers(self) -> Mapping[str, SourceHeader]:
        """Current sources by id."""


class Desk:
    """Answers questions; guides and FAQs are read again when the index has changed."""

    def __init__(
        self,
        services: Services,
        guides: GuideAnswerer,
        sees: Sees,
        sources: SourceReader,
        index: Index,
    ) -> None:
        self._services = services
        self._others = services.drafters
        self._faqs = FaqAnswerer((), sees)
        self._guides = guides
        self._sees = sees
        self._sources = sources
        self._index = index
        self._drift: DriftWatch | None = None
        self._withheld: Withheld | None = None
        self._seen: dict[str, int] = {}
        self._generation = -1
        self._following = asyncio.Lock()

    @property
    def services(self) -> Services:
        """What answers now."""
        return self._services

    @property
    def guides(self) -> GuideAnswerer:
        """What understands questions and links items; its catalogue follows the sources."""
        return self._guides

    @property
    def faqs(self) -> FaqAnswerer:
        """The FAQs in use, those of guides included."""
        return self._faqs

    def withhold(self, withheld: Withheld) -> None:
        """Give no answer that was taken back."""
        self._withheld = withheld

    def watch(self, drift: DriftWatch) -> None:
        """Note the numbers of every draft."""
        self._drift = drift

    def stand_by(self, policy: VerdictPolicy) -> None:
        """Let answers through by this standard, from the next question on."""
        self._services = replace(self._services, policy=policy)

    async def answer(self, question: Question) -> Outcome:
        """Answer one question from the sources as they are now; not what was taken back."""
        await self.refresh()
        outcome = await answer(question, self._services)
        if self._drift:
            _noted(self._drift, outcome.draft)
        return self._withheld.checked(outcome) if self._withheld else outcome

    async def warm(self) -> None:
        """Read beforehand what the first viewers would wait for."""
        await self.refresh()
        await asyncio.to_thread(get_ready, self._guides.catalogue)

    async def refresh(self) -> None:
        """Read what changed since the last time; nothing to do is quick."""
        if self._generation == self._index.generation:
            return
        async with self._following:
            generation, headers = self._index.generation, dict(self._index.headers)
            current = {i: h.version for i, h in headers.items() if h.kind is not SourceKind.POLICY}
            changed = [i for i, version in current.items() if self._seen.get(i) != version]
            gone = [i for i in self._seen if i not in current]
            await self._take(changed, gone, headers)
            self._seen, self._generation = current, generation

    async def _take(
        self, changed: list[str], gone: list[str], headers: Mapping[str, SourceHeader]
    ) -> None:
        wanted = [i for i in changed if headers[i].kind is SourceKind.GUIDE]
        guides = await self._sources.guides(wanted) if wanted else []
        if guides or gone:
            self._guides.catalogue = await asyncio.to_thread(
                Catalogue.updated, self._guides.catalogue, guides, gone
            )
        if changed or gone:
            await self._take_faqs()

    async def _take_faqs(self) -> None:
        own = [faq for guide in self._guides.catalogue.guides.values() for faq in faqs_of(guide)]
        faqs = [*await self._sources.faqs(), *own]
        self._faqs = await asyncio.to_thread(FaqAnswerer, faqs, self._sees)
        self._services = replace(
            self._services, drafters=(self._faqs, *self._others), nearest=NearFaqs(self._faqs)
        )


def _noted(drift: DriftWatch, draft: Draft) -> None:
    names = drift.watched(draft.route)
    if names:
        drift.take(draft, {name: value(draft.support, name) for name in names})


def faqs_of(guide: ServiceGuide) -> list[Faq]:
    """The 常见问题 that stand in a guide, answered under the guide's own id."""
    return [
        Faq(
            guide.id,
            each.question,
            each.answer,
            region=guide.region,
            effective_from=guide.effective_from,
            effective_to=guide.effective_to,
        )
        for each in guide.faqs or ()
    ]
