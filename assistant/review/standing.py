"""Whether what an answer rests on still stands: the source in force, the quoted passage as it was.

Any change of the passage that was quoted counts, and of the source's status, dates or region; a
new version that changes something else does not.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from assistant.domain.passage import Passage
from assistant.domain.review import Basis
from assistant.domain.source import (
    SILENT,
    PolicyDocument,
    Source,
    SourceHeader,
    Status,
    in_force,
    supersessions,
)
from assistant.records.source_rows import header_of
from assistant.retrieval.sections import passages_of

_DAY = timedelta(days=1)


class Sources(Protocol):
    """Sources by id, with their versions (`SourceRepository`)."""

    async def header(self, source_id: str) -> SourceHeader | None:
        """The header of a source in use."""
        ...

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        """A source in use, or any version by its number."""
        ...

    async def superseding(self) -> list[SourceHeader]:
        """The headers of sources in use that take the place of others."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which sources hold together, and all that they are tagged with."""

    first: date | None = None
    last: date | None = None
    tags: tuple[str, ...] = ()


class Standing:
    """Looks at the sources as they are now."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def why_not(self, rests_on: Sequence[Basis], day: date) -> str:
        """Why an answer can no longer rest on these, in Chinese; "" where it can."""
        superseded = supersessions(await self._sources.superseding())
        for one in rests_on:
            header = await self._sources.header(one.source_id)
            if header is None:
                return f"依据《{await self._title(one)}》已停用"
            why = _lapsed(header, day, superseded.get(header.id))
            if not why and header.version != one.version:
                why = await self._changed(one, header)
            if why:
                return f"依据《{header.title}》{why}"
        return ""

    async def current(self, rests_on: Sequence[Basis]) -> tuple[Basis, ...]:
        """The same quotes, from the versions of today; only for what still stands."""
        found = []
        for one in rests_on:
            header = await self._sources.header(one.source_id)
            found.append(replace(one, version=header.version) if header else one)
        return tuple(found)

    async def based_anew(self, rests_on: Sequence[Basis], day: date) -> tuple[Basis, ...]:
        """What is left of these after a person found the answer right still.

        A quote that is gone gives way to the passage in its place; a source that is gone, or no
        longer holds, falls away.
        """
        superseded = supersessions(await self._sources.superseding())
        found = []
        for one in rests_on:
            header = await self._sources.header(one.source_id)
            if header is None or _lapsed(header, day, superseded.get(header.id)):
                continue
            source = await self._sources.get(one.source_id)
            quote = await asyncio.to_thread(_in_place_of, one, source) if source else ""
            if quote:
                found.append(replace(one, version=header.version, quote=quote))
        return tuple(found)

    async def span(self, rests_on: Iterable[Basis]) -> Span:
        """When these sources all hold."""
        superseded = supersessions(await self._sources.superseding())
        ids = dict.fromkeys(one.source_id for one in rests_on)
        known = [h for i in ids if (h := await self._sources.header(i)) is not None]
        firsts = [h.effective_from for h in known if h.effective_from]
        lasts = [h.effective_to for h in known if h.effective_to]
        lasts += [
            superseded[h.id] - _DAY for h in known if superseded.get(h.id, date.min) > date.min
        ]
        tags = dict.fromkeys(tag for h in known for tag in h.tags)
        return Span(max(firsts, default=None), min(lasts, default=None), tuple(tags))

    async def _title(self, one: Basis) -> str:
        source = await self._sources.get(one.source_id, one.version)
        return header_of(source, one.version).title if source else one.source_id

    async def _changed(self, one: Basis, header: SourceHeader) -> str:
        old = await self._sources.get(one.source_id, one.version)
        new = await self._sources.get(one.source_id)
        if old is None or new is None:
            return "已更新，无法核对引用的版本"
        before = header_of(old, one.version)
        if _state(before) != _state(header):
            return "的效力、日期或地区有变动"
        holds = await asyncio.to_thread(_still_holds, one, old, new)
        return "" if holds else "已更新，引用的段落有改动"


def _lapsed(header: SourceHeader, day: date, superseded_from: date | None) -> str:
    """Why a source no longer holds. One that does not hold yet is no reason."""
    begun = max(day, header.effective_from or day)
    if in_force(header, begun, superseded_from):
        return ""
    if header.status in SILENT:
        return "已废止" if header.status is Status.REPEALED else "只是征求意见稿"
    if header.effective_to and begun > header.effective_to:
        return f"已于 {header.effective_to} 到期"
    return "已被新文件取代"


def _state(header: SourceHeader) -> tuple[object, ...]:
    return header.status, header.effective_from, header.effective_to, header.region


def _still_holds(one: Basis, old: Source, new: Source) -> bool:
    """Whether the quoted passage stands in the new version as it stood in the old one."""
    quoted = list(_quoted(one, old))
    if not quoted:
        return one.quote != "" and one.quote in _text(new)
    return {passage.text for passage in quoted} <= {passage.text for passage in passages_of(new)}


def _quoted(one: Basis, source: Source) -> Iterator[Passage]:
    """The passages that hold the quote; where its place is known, the one there."""
    holding = [p for p in passages_of(source) if one.quote and one.quote in p.text]
    there = [p for p in holding if one.locator and p.locator == one.locator]
    yield from there or holding


def _in_place_of(one: Basis, source: Source) -> str:
    """The quote where the source still has it, else the passage that stands where it stood."""
    if one.quote and one.quote in _text(source):
        return one.quote
    there = (p.text for p in passages_of(source) if one.locator and p.locator == one.locator)
    return next(there, "")


def _text(source: Source) -> str:
    if isinstance(source, PolicyDocument):
        return source.text
    return "\n".join(passage.text for passage in passages_of(source))
