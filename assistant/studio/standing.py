"""Whether a draft's facts still stand: their sources in force on the day, their text as it was.

A new version of a source that leaves a fact's text as it was changes nothing for that fact.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.domain.passage import Passage
from assistant.domain.source import (
    SILENT,
    Faq,
    PolicyDocument,
    ServiceGuide,
    Source,
    SourceHeader,
    Status,
    in_force,
    supersessions,
)
from assistant.domain.studio import Fact
from assistant.studio.drafting.facts import (
    BRIEF,
    FactBook,
    document_fact,
    faq_fact,
    item_facts,
    validity_fact,
)


class Sources(Protocol):
    """Sources in use by id (`SourceRepository`)."""

    async def header(self, source_id: str) -> SourceHeader | None:
        """The header of a source in use."""
        ...

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        """A source in use, or any version by its number."""
        ...

    async def passages_of(self, source_id: str) -> list[Passage]:
        """The passages of a source in use."""
        ...

    async def superseding(self) -> list[SourceHeader]:
        """The headers of sources in use that take the place of others."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """A source of a draft on a day. `why` it cannot be used, "" where it can.

    `changed` are the facts whose text it no longer states.
    """

    source_id: str
    title: str
    version: int
    why: str = ""
    changed: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether everything that rests on it may be said."""
        return not self.why and not self.changed


@dataclass(frozen=True, slots=True)
class Grounds:
    """Looks at the sources as they are now."""

    sources: Sources

    async def of(self, facts: Sequence[Fact], day: date) -> list[Ground]:
        """Each source that the facts come from, on a day."""
        by_source: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.source_id != BRIEF:
                by_source[fact.source_id].append(fact)
        superseded = supersessions(await self.sources.superseding())
        return [
            await self._ground(source_id, own, day, superseded.get(source_id))
            for source_id, own in by_source.items()
        ]

    async def _ground(
        self, source_id: str, facts: Sequence[Fact], day: date, superseded: date | None
    ) -> Ground:
        header = await self.sources.header(source_id)
        if header is None:
            title = await self._title(source_id, facts[0].source_version)
            return Ground(source_id, title, 0, "已停用")
        why = _lapsed(header, day, superseded)
        changed: tuple[str, ...] = ()
        if any(fact.source_version != header.version for fact in facts):
            changed = await self._changed(header, facts)
        return Ground(source_id, header.title, header.version, why, changed)

    async def _title(self, source_id: str, version: int) -> str:
        old = await self.sources.get(source_id, version)
        if isinstance(old, ServiceGuide):
            return old.name
        if isinstance(old, Faq):
            return old.question
        return old.title if old else source_id

    async def _changed(self, header: SourceHeader, facts: Sequence[Fact]) -> tuple[str, ...]:
        source = await self.sources.get(header.id)
        passages = (
            await self.sources.passages_of(header.id) if isinstance(source, PolicyDocument) else []
        )
        if source is None:
            return tuple(fact.id for fact in facts)
        stated = await asyncio.to_thread(_stated, source, header, passages)
        return tuple(fact.id for fact in facts if fact.text not in stated)


def _stated(source: Source, header: SourceHeader, passages: Sequence[Passage]) -> set[str]:
    """The texts of all facts that a source states now."""
    book = FactBook()
    if isinstance(source, ServiceGuide):
        item_facts(source, header.version, book)
        validity_fact(source, header.version, book)
    elif isinstance(source, Faq):
        faq_fact(source, header.version, book)
    else:
        document_fact(header, book)
    return {fact.text for fact in book.facts} | {one.text.strip() for one in passages}


def _lapsed(header: SourceHeader, day: date, superseded: date | None) -> str:
    """Why a source does not hold on a day; "" where it does."""
    if in_force(header, day, superseded):
        return ""
    if header.status in SILENT:
        return "已废止" if header.status is Status.REPEALED else "只是征求意见稿"
    if header.effective_from and day < header.effective_from:
        return f"{header.effective_from} 才施行，播出那天还没有生效"
    if header.effective_to and day > header.effective_to:
        return f"{header.effective_to} 到期，播出那天已失效"
    return "播出那天已被新文件取代"
