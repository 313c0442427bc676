"""Which sources may answer: in force on the day, visible from the region, tagged, of a kind.

The rules are those of the domain (`in_force`, `RegionTree.sees`), applied to all sources at once
and remembered per scope until the sources change.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import SILENT, SourceHeader, SourceKind, supersessions

Flags = NDArray[np.bool_]
Days = NDArray[np.int32]

_REMEMBERED = 256
_NEVER = date.max.toordinal() + 1


class Eligibility:
    """Masks over sources; `headers[i]` is None for a source that no longer counts."""

    def __init__(self, headers: Sequence[SourceHeader | None], regions: RegionTree) -> None:
        self._headers = headers
        self._regions = regions
        self._present = np.array([h is not None for h in headers], np.bool_)
        self._first, self._last = _days(headers)
        codes = [h.region if h else "" for h in headers]
        self._codes, self._region = _numbered(codes)
        self._kind = np.array([h.kind.value if h else "" for h in headers], np.str_)
        self._item = _items(headers)
        self._remembered: dict[Scope, Flags] = {}

    def mask(self, scope: Scope) -> Flags:
        """One flag a source. Do not write to it."""
        found = self._remembered.get(scope)
        if found is None:
            found = self._mask(scope)
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[scope] = found
        return found

    def _mask(self, scope: Scope) -> Flags:
        day = scope.as_of.toordinal()
        mask = self._present & (self._first <= day) & (day < self._last)
        if scope.kinds is not None:
            mask &= np.isin(self._kind, [kind.value for kind in scope.kinds])
        if scope.tags:
            mask &= self._tagged(scope.tags)
        return mask if scope.region is None else self._visible(mask, scope.region)

    def _tagged(self, tags: frozenset[str]) -> Flags:
        flags = (h is not None and not tags.isdisjoint(h.tags) for h in self._headers)
        return np.fromiter(flags, np.bool_, len(self._headers))

    def _visible(self, mask: Flags, viewer: str) -> Flags:
        """Own and ancestors' sources, without guides that a nearer region's guide overrides."""
        far = len(self._regions.lineage(viewer))
        lineage = self._regions.lineage(viewer)
        steps = {code: n for n, code in enumerate(lineage) if self._regions.sees(viewer, code)}
        distance = np.array([steps.get(code, far) for code in self._codes], np.int32)[self._region]
        mask = mask & (distance < far)
        nearest = np.full(len(mask), far, np.int32)
        grouped = mask & (self._item >= 0)
        np.minimum.at(nearest, self._item[grouped], distance[grouped])
        return mask & ~(grouped & (distance > nearest[self._item]))


def _days(headers: Sequence[SourceHeader | None]) -> tuple[Days, Days]:
    """The first day on which each source holds, and the first on which it no longer does."""
    known = [h for h in headers if h is not None]
    superseded = supersessions(known)
    first = [h.effective_from.toordinal() if h and h.effective_from else 0 for h in headers]
    last = [_end(h, superseded.get(h.id)) if h else 0 for h in headers]
    return np.array(first, np.int32), np.array(last, np.int32)


def _end(header: SourceHeader, superseded: date | None) -> int:
    if header.status in SILENT:
        return 0
    expiry = header.effective_to.toordinal() + 1 if header.effective_to else _NEVER
    return min(expiry, superseded.toordinal() if superseded else _NEVER)


def _items(headers: Sequence[SourceHeader | None]) -> NDArray[np.int32]:
    """A number for each service item, -1 for other sources.

    The same item has the same base code, else the same name and parent (DESIGN §4): a guide
    without a code joins those with a code that bear its name.
    """
    named = {
        (h.title, h.parent): h.base_code
        for h in headers
        if h is not None and h.kind is SourceKind.GUIDE and h.base_code
    }
    numbers: dict[str | tuple[str, str | None], int] = {}
    items = np.full(len(headers), -1, np.int32)
    for place, h in enumerate(headers):
        if h is not None and h.kind is SourceKind.GUIDE:
            name = (h.title, h.parent)
            items[place] = numbers.setdefault(h.base_code or named.get(name) or name, len(numbers))
    return items


def _numbered(values: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(places, np.int32)
