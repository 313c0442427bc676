"""What drafting needs of the knowledge base; owned here, so that a fake is a few lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.answering.guide_answer import GuideAnswerer
from assistant.domain.evidence import Ranking
from assistant.domain.passage import Passage
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import Source, SourceHeader, in_force


class Search(Protocol):
    """The question desk's own ranked search."""

    async def __call__(self, text: str, scope: Scope, limit: int = 50) -> Ranking:
        """The best passages of the scope, best first."""


class Reader(Protocol):
    """Sources and their passages by id."""

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        """The current version of a source in use."""

    async def passages_of(self, source_id: str) -> list[Passage]:
        """The passages of a source in use, in their order."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The knowledge base as drafting sees it. `headers` are the sources in use, by id."""

    headers: Mapping[str, SourceHeader]
    sources: Reader
    search: Search
    guides: GuideAnswerer
    regions: RegionTree

    def holds(self, source_id: str, day: date) -> bool:
        """Whether a source is in use and in force on a day."""
        header = self.headers.get(source_id)
        return header is not None and in_force(header, day)

    def seen(self, ids: Sequence[str], region: str | None) -> tuple[str, ...]:
        """Those of some sources that a region sees."""
        headers = (self.headers[one] for one in ids if one in self.headers)
        return tuple(h.id for h in headers if self.regions.sees(region, h.region))
