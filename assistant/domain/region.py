"""行政区划: ancestry from a table; only towns and villages that it lacks go by their code.

County codes never go by prefix (province-run counties, zones). The codes of towns (9 digits) and
villages (12) begin with their county's and town's by definition of GB/T 10114 (decision 0012).
"""

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


_ABOVE = {9: 6, 12: 9}
"""Digits of the code above a town's and a village's code."""


class RegionTree:
    """All known regions. An unknown code has only the nation above it."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Region | None:
        """The row of a code."""
        return self._by_code.get(code)

    def knows(self, code: str) -> bool:
        """Whether the table has a code, or the county of a town's or village's code."""
        above = _ABOVE.get(len(code))
        return code in self._by_code or (above is not None and self.knows(code[:above]))

    def lineage(self, code: str) -> tuple[str, ...]:
        """The code itself and its ancestors, nearest first, the nation last."""
        line: list[str] = []
        here: str | None = code
        while here and here not in line:
            line.append(here)
            here = self._above(here)
        return tuple(line) if NATIONAL in line else (*line, NATIONAL)

    def _above(self, code: str) -> str | None:
        region = self._by_code.get(code)
        if region is not None:
            return region.parent
        return code[: _ABOVE[len(code)]] if len(code) in _ABOVE and self.knows(code) else None

    def sees(self, viewer: str | None, source: str) -> bool:
        """Whether a viewer's region sees a source's: its own and its ancestors', no sibling's."""
        return viewer is None or source in self.lineage(viewer)
