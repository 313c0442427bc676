"""What is in the knowledge base: a sorted, countable view of the index's headers for one day."""

import base64
import bisect
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from assistant.domain.region import RegionTree
from assistant.domain.source import SourceHeader, SourceKind, Status, supersessions
from assistant.errors import BadInput
from assistant.web.validity import Validity, validity

_ORDER = {SourceKind.GUIDE: 0, SourceKind.POLICY: 1, SourceKind.FAQ: 2}
Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Holding:
    """A source with what its header alone does not say."""

    header: SourceHeader
    validity: Validity
    region_name: str | None
    superseded_by: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Guides, then policies, then FAQs; by title within each."""
        return (_ORDER[self.header.kind], self.header.title, self.header.id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which holdings a list shows.

    `region` shows what a viewer there would be answered from: its own sources and those of the
    regions above it. `text` must occur, word by word, in title, number, issuer, id or tags.
    """

    kind: SourceKind | None = None
    tag: str | None = None
    region: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some holdings, how many fit in all, and the cursor of the next page."""

    items: tuple[Holding, ...]
    total: int
    next: str | None


class Holdings:
    """All current sources on one day. Immutable; made anew when the index changes."""

    def __init__(self, headers: Mapping[str, SourceHeader], regions: RegionTree, day: date) -> None:
        rows = list(headers.values())
        self._regions = regions
        self._by_id = _holdings(rows, regions, day)
        self._sorted = sorted(self._by_id.values(), key=lambda holding: holding.key)
        self.kinds = Counter(header.kind for header in rows)
        self.tags = Counter(tag for header in rows for tag in header.tags)
        self.regions = Counter(header.region for header in rows)

    def __len__(self) -> int:
        return len(self._sorted)

    def get(self, source_id: str) -> Holding | None:
        """The holding of a source."""
        return self._by_id.get(source_id)

    def page(self, wanted: Filter, cursor: str | None, limit: int) -> Page:
        """One page; a cursor stays valid when sources come and go between two pages.

        Raises:
            BadInput: the cursor is none of ours.
        """
        fitting = [holding for holding in self._sorted if self._fits(holding, wanted)]
        start = bisect.bisect_right(fitting, _decode(cursor), key=_key) if cursor else 0
        items = tuple(fitting[start : start + limit])
        more = start + limit < len(fitting)
        return Page(items, len(fitting), _encode(items[-1].key) if more else None)

    def _fits(self, holding: Holding, wanted: Filter) -> bool:
        header = holding.header
        return (
            (wanted.kind is None or header.kind is wanted.kind)
            and (wanted.tag is None or wanted.tag in header.tags)
            and self._regions.sees(wanted.region, header.region)
            and _mentions(header, wanted.text)
        )


def _key(holding: Holding) -> Key:
    return holding.key


def _mentions(header: SourceHeader, text: str) -> bool:
    if not text:
        return True
    parts = (header.title, header.document_number, header.issuer, header.id, *header.tags)
    hay = "\n".join(part for part in parts if part).casefold()
    return all(word in hay for word in text.casefold().split())


def _holdings(headers: list[SourceHeader], regions: RegionTree, day: date) -> dict[str, Holding]:
    superseded = supersessions(headers)
    newer = _newer(headers)
    return {
        header.id: Holding(
            header=header,
            validity=validity(header, day, superseded.get(header.id)),
            region_name=_region_name(regions, header.region),
            superseded_by=newer.get(header.id, ()),
        )
        for header in headers
    }


def _newer(headers: Iterable[SourceHeader]) -> dict[str, tuple[str, ...]]:
    newer: dict[str, tuple[str, ...]] = {}
    for header in headers:
        if header.status is Status.DRAFT:
            continue
        for old in header.supersedes:
            newer[old] = (*newer.get(old, ()), header.id)
    return newer


def _region_name(regions: RegionTree, code: str) -> str | None:
    region = regions.get(code)
    return region.name if region else None


def _encode(key: Key) -> str:
    packed = json.dumps(key, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _decode(cursor: str) -> Key:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        order, title, source_id = json.loads(packed)
    except (ValueError, TypeError, RecursionError):
        raise BadInput("翻页标记无效", hint="请从第一页重新开始") from None
    if not (type(order) is int and isinstance(title, str) and isinstance(source_id, str)):
        raise BadInput("翻页标记无效", hint="请从第一页重新开始")
    return order, title, source_id
