"""Which region a question names: names of the region table, and everyday places by a gazetteer.

A region is never guessed: a name that several regions share is taken only where the viewer's own
line or the words beside it leave exactly one.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from assistant.answering.folding import fold, pieces
from assistant.answering.surface_index import Occurrence, SurfaceIndex
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import NATIONAL
from assistant.errors import FormatError

_BEFORE = re.compile("(?:在|到|去|回|来|从|咱们?|我们|我是|住|老家|搁)$")
_BESIDE = re.compile("在|到|去|我在|我们在|我是")
_AFTER = re.compile("(?:这边|那边|这里|那里|本地|当地|附近|那块|那一带|一带|市民|居民|户口)")
_OPENING = re.compile(
    "(?:你好|您好|主播|老师|请问一?下?|麻烦|[我俺咱]?(?:们|就)?(?:是|想要?|要)?(?:再|来)?"
    "(?:请教|咨询|了解|知道|问|查|办|看)?一?下?(?:个|张)?|那么?|还有|另外|如果|现在|目前|今年|关于|[和与跟及])*"
)
"""What may stand before a region that begins a question (我想问下临海…)."""
_LONGER = re.compile(
    "[路街巷镇乡村桥站港山河湖岛寺庙塔园店厂楼]|大(?:道|街|桥|厦|学|酒店)|街道|社区|小区|公园|广场|学院|[中小]学"
    "|研究|检测|海关|法院|检察|医院|银行|酒店|宾馆|公司|集团|机场|车站|高速"
)
"""What makes the name of a street, a school or a firm of a region's (长沙路, 南昌大学)."""
_ORIGIN = re.compile("的?(?:人|居民|户[口籍]|籍|老乡|朋友|姑娘|小伙)|的$")
"""What makes a province that of a person, not of an office (我香港的，要跟内地人结婚)."""
_TOO_COMMON = frozenset({"城区", "郊区", "矿区", "市区", "新区", "开发区", "城关镇", "河口镇"})


@dataclass(frozen=True, slots=True)
class Place:
    """An everyday place, the region (town) it lies in, and the office that serves it."""

    name: str
    region: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What a question says about where.

    `region`: the one region named, None where none is or several could be meant. `elsewhere`: a
    region is named that the viewer's own does not see. `place`: the everyday place, if any.
    `unclear`: a name that several regions share. `words`: what of the text says so, folded.
    """

    region: str | None = None
    elsewhere: bool = False
    place: Place | None = None
    unclear: str | None = None
    words: tuple[str, ...] = ()


NOWHERE = Named()


@dataclass(frozen=True)
class Gazetteer:
    """The region table and the everyday places, ready to be found in texts."""

    regions: RegionTree
    places: tuple[Place, ...] = ()

    @classmethod
    def load(cls, regions: RegionTree, path: Path) -> "Gazetteer":
        """Read `gazetteer.jsonl` (`place`, `region`, `office`, `aliases`); missing: no places."""
        if not path.exists():
            return cls(regions)
        lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
        rows = (_places(line, f"{path.name}:{number}") for number, line in lines if line.strip())
        return cls(regions, tuple(place for row in rows for place in row))

    def named(self, text: str, viewer: str | None, served: Collection[str] = ()) -> Named:
        """What a text says about where, as a viewer of a region means it.

        `served`: the regions whose items are known, with those above them. Where nobody knows
        where a viewer is, a province that has nothing to do with them is elsewhere.
        """
        folded = fold(text)
        place = self._place(folded, viewer)
        if place:
            return replace(self._seen(place.region, viewer, place), words=(fold(place.name),))
        names = self._names(text)
        spoken = [self._meant(name, viewer) for name in names]
        unclear = next((name for name, codes in spoken if len(codes) > 1), None)
        nearest = self._innermost(only for _, (only, *more) in spoken if not more)
        if not names and viewer:
            return self._of_province(text, self.regions.lineage(viewer))
        if not names and served:
            province = self._of_province(text, served)
            return province if province.elsewhere else NOWHERE
        if nearest is None:
            return Named(unclear=unclear, words=tuple(names))
        return replace(self._seen(nearest, viewer, None), words=tuple(names))

    def _seen(self, region: str, viewer: str | None, place: Place | None) -> Named:
        if viewer is None:
            return Named(region, place=place)
        if viewer in self.regions.lineage(region):
            return Named(region, place=place)
        if region in self.regions.lineage(viewer):
            return Named(place=place)
        return Named(region, elsewhere=True, place=place)

    def _place(self, folded: str, viewer: str | None) -> Place | None:
        found = {
            self._by_place[folded[hit.start : hit.end]] for hit in _apart(self._place_index, folded)
        }
        near = {p for p in found if viewer is None or self._related(p.region, viewer)} or found
        return near.pop() if len({p.region for p in near}) == 1 else None

    def _related(self, one: str, other: str) -> bool:
        return one in self.regions.lineage(other) or other in self.regions.lineage(one)

    def _names(self, text: str) -> list[str]:
        found = (name for piece in pieces(text) for name in self._names_in(piece))
        return list(dict.fromkeys(found))

    def _names_in(self, piece: str) -> Iterator[str]:
        """The names in a stretch between marks; one name may stand before another."""
        begin = next((len(name) for name in self._provinces if piece.startswith(name)), 0)
        for hit in sorted(_apart(self._name_index, piece), key=lambda one: one.start):
            if hit.start < begin:  # 津市 of 天津市
                continue
            if _is_place(piece[begin : hit.start], piece[hit.start : hit.end], piece[hit.end :]):
                yield piece[hit.start : hit.end]
                begin = hit.end

    def _of_province(self, text: str, home: Collection[str]) -> Named:
        """What a province in front says: elsewhere, or one of `home`, which says nothing."""
        for piece in pieces(text):
            front = piece[len(_opening(piece)) :]
            name = next((name for name in self._provinces if front.startswith(name)), None)
            if (
                name
                and not _LONGER.match(front[len(name) :])
                and not _ORIGIN.match(front, len(name))
            ):
                code = self._provinces[name]
                own = Named(words=(name,))
                return own if code in home else Named(code, elsewhere=True)
        return NOWHERE

    def _meant(self, name: str, viewer: str | None) -> tuple[str, tuple[str, ...]]:
        codes = self._by_name[name]
        if viewer and len(codes) > 1:
            codes = tuple(c for c in codes if self._related(c, viewer)) or codes
        return name, codes

    def _innermost(self, codes: Iterable[str]) -> str | None:
        """The one of several that lies in all the others; None where two lie side by side."""
        named = list(dict.fromkeys(codes))
        lines = {code: self.regions.lineage(code) for code in named}
        inner = [c for c in named if all(other in lines[c] for other in named)]
        return inner[0] if inner else None

    @cached_property
    def _by_place(self) -> Mapping[str, Place]:
        return {fold(place.name): place for place in self.places}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for region in self.regions:
            for name in _called(region):
                found.setdefault(name, []).append(region.code)
        return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}

    @cached_property
    def _provinces(self) -> Mapping[str, str]:
        """The codes of provinces by name, longer names first."""
        tops = [region for region in self.regions if region.parent == NATIONAL]
        codes = {fold(name): r.code for r in tops for name in (r.name, *r.short_names)}
        names = sorted((name for name in codes if len(name) > 1), key=len, reverse=True)
        return {name: codes[name] for name in names}

    @cached_property
    def _name_index(self) -> SurfaceIndex:
        return SurfaceIndex.build(self._by_name)

    @cached_property
    def _place_index(self) -> SurfaceIndex:
        return SurfaceIndex.build(self._by_place)


def _called(region: Region) -> list[str]:
    """The folded names of a region that stand for it; provinces narrow nothing down."""
    if region.code == NATIONAL or region.parent in {None, NATIONAL}:
        return []
    names = (fold(name) for name in (region.name, *region.short_names))
    return [name for name in names if len(name) >= 2 and name not in _TOO_COMMON]


def _apart(index: SurfaceIndex, folded: str) -> list[Occurrence]:
    """The names in a text that do not overlap, longer ones first."""
    kept: list[Occurrence] = []
    for hit in index.contained(folded):
        if all(hit.end <= one.start or one.end <= hit.start for one in kept):
            kept.append(hit)
    return kept


def _opening(piece: str) -> str:
    """What a piece says before it comes to the point: 我想问下, 我在."""
    found = _OPENING.match(piece)
    opening = found[0] if found else ""
    beside = _BESIDE.match(piece, len(opening))
    return opening + (beside[0] if beside else "")


def _is_place(before: str, name: str, after: str) -> bool:
    """A name of two characters is a place beside words of place (朝阳这边, 在朝阳) or in front.

    `before` and `after` are what stands between marks or other places, so that what stands before
    an item is in front.
    """
    if len(name) > 2 or _AFTER.match(after):
        return True
    in_front = _BEFORE.search(before) or _OPENING.fullmatch(before)
    return bool(in_front and not _LONGER.match(after))


def _places(line: str, where: str) -> list[Place]:
    try:
        row = json.loads(line)
        names = (row["place"], *(row.get("aliases") or ()))
        return [Place(str(name), str(row["region"]), row.get("office")) for name in names]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError("需要 place 和 region 两个键", where=where) from error
