"""The question desk's reading of a question, as merging needs it: items, fields and places."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from assistant.answering.folding import clean, fold
from assistant.answering.items import Catalogue
from assistant.answering.mention import Mention, read_mention
from assistant.answering.places import Gazetteer, Named
from assistant.domain.region import RegionTree
from assistant.domain.source import NATIONAL
from assistant.live.merging_reading import Slots

_BEYOND = frozenset({"71", "81", "82"})
"""Taiwan, Hong Kong, Macao: in questions they name where one travels."""


class Guides(Protocol):
    """Where the current catalogue is (`answering.guide_answer.GuideAnswerer`)."""

    @property
    def catalogue(self) -> Catalogue:
        """All current guides by what they are called; replaced when the sources change."""
        ...

    @property
    def gazetteer(self) -> Gazetteer:
        """The regions and everyday places."""
        ...


class DeskReading:
    """An `Understands` over the desk's catalogue, whichever is current."""

    def __init__(self, guides: Guides) -> None:
        self._guides = guides

    def __call__(self, text: str, region: str | None) -> Slots:
        """Read one question."""
        catalogue = self._guides.catalogue
        mention = read_mention(text, catalogue)
        outside = mention.outside if mention.is_named else mention.text
        named = self._guides.gazetteer.named(outside, region)
        if named.words:
            mention = read_mention(_without(named.words, text), catalogue)
        return Slots(
            standard=catalogue.lexicon.standard(text),
            fields=frozenset(mention.fields.names),
            items=_items(mention, catalogue),
            places=_places(named, region) | self._provinces.named(text, region),
        )

    @cached_property
    def _provinces(self) -> "_Provinces":
        return _Provinces(self._guides.gazetteer.regions)


class _Provinces:
    """Names of provinces: the gazetteer leaves them out, as they narrow no search."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions
        self._codes = {
            fold(name): region.code
            for region in regions
            if region.parent == NATIONAL and region.code[:2] not in _BEYOND
            for name in (region.name, *region.short_names)
            if len(fold(name)) > 1
        }
        names = sorted(self._codes, key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, names)) or "(?!)")

    def named(self, text: str, region: str | None) -> frozenset[str]:
        """The provinces named that are not the viewer's own."""
        own = frozenset(self._regions.lineage(region)) if region else frozenset[str]()
        found = {self._codes[name] for name in self._names.findall(fold(text))}
        return frozenset(found - own)


def _items(mention: Mention, catalogue: Catalogue) -> frozenset[str]:
    """The names of the items that a text surely names."""
    if not mention.is_named or mention.attached:
        return frozenset()
    owners = catalogue.by_surface
    return frozenset(p.name for one in mention.named for p in owners.get(one.number, ()))


def _without(words: Sequence[str], text: str) -> str:
    """The text without the words that say where: they are no part of an item's name."""
    return re.sub("|".join(map(re.escape, words)), " ", clean(text))


def _places(named: Named, region: str | None) -> frozenset[str]:
    """The region meant: the one named, else the viewer's own; names that several share are kept."""
    if named.region:
        return frozenset({named.region})
    if named.unclear:
        return frozenset(named.words)
    return frozenset({region}) if region else frozenset()
