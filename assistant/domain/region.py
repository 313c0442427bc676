"""行政区划: ancestry from a table, never from prefixes (province-run counties, zones)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.domain.source import NATIONAL


@dataclass(frozen=True, slots=True)
class Region:
    """One row of the table: GB/T 2260 code (6 digits; towns 9, villages 12)."""

    code: str
    name: str
    parent: str | None
    short_names: tuple[str, ...] = ()


class RegionTree:
    """All known regions. A code that the table lacks has only the nation above it."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Region | None:
        """The row of a code."""
        return self._by_code.get(code)

    def lineage(self, code: str) -> tuple[str, ...]:
        """The code itself and its ancestors, nearest first, the nation last."""
        line: list[str] = []
        here: str | None = code
        while here and here not in line:
            line.append(here)
            region = self._by_code.get(here)
            here = region.parent if region else None
        return tuple(line) if NATIONAL in line else (*line, NATIONAL)

    def sees(self, viewer: str | None, source: str) -> bool:
        """Whether a viewer's region sees a source's: its own and its ancestors', no sibling's."""
        return viewer is None or source in self.lineage(viewer)
