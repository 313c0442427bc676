"""The catalogue of service items: which guides a question may mean, and how well each fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from assistant.answering.folding import fold
from assistant.answering.lexicon import Lexicon
from assistant.answering.official_words import Weighted
from assistant.answering.sounds import SoundIndex
from assistant.answering.surface_index import Occurrence, SurfaceIndex
from assistant.domain.region import RegionTree
from assistant.domain.source import NATIONAL, ServiceGuide

_K = TypeVar("_K")
_V = TypeVar("_V")

_REBUILD_SHARE = 0.2
"""Where a change touches more than this share of the guides, all is built anew."""


PLAIN = "不用俗称"
"""A guide with this tag is not searched by lay terms."""


@dataclass(frozen=True)
class Profile:
    """What guides of one item are called: alike for the guides of several regions.

    `plain`: the office wants no lay terms for it (the tag `PLAIN`).
    """

    name: str
    parent: str
    aliases: tuple[str, ...]
    plain: bool = False

    @cached_property
    def surfaces(self) -> tuple[str, ...]:
        """Everything that it is called, folded, each once."""
        return surfaces_of(self.name, self.aliases, self.parent)

    @cached_property
    def text(self) -> str:
        """All surfaces as one string, for coverage."""
        return " ".join(self.surfaces)


def surfaces_of(name: str, aliases: Sequence[str], parent: str) -> tuple[str, ...]:
    """The names of an item, each once: its own, aliases, the parent's, parent's and own as one."""
    joined = parent + name if parent and parent not in name else ""
    return tuple(dict.fromkeys(s for s in (name, *aliases, parent, joined) if s))


def profile_of(guide: ServiceGuide) -> Profile:
    """The profile of a guide."""
    aliases = tuple(alias for alias in map(fold, guide.aliases) if alias)
    return Profile(fold(guide.name), fold(guide.parent or ""), aliases, PLAIN in guide.tags)


@dataclass(frozen=True)
class Catalogue:
    """All current guides by what they are called. Never changed: `updated` gives a new one."""

    guides: Mapping[str, ServiceGuide]
    profiles: Mapping[Profile, tuple[str, ...]]
    by_surface: Mapping[int, tuple[Profile, ...]]
    by_base: Mapping[str, tuple[str, ...]]
    index: SurfaceIndex
    regions: RegionTree
    lexicon: Lexicon

    @classmethod
    def build(
        cls, guides: Iterable[ServiceGuide], regions: RegionTree, lexicon: Lexicon
    ) -> "Catalogue":
        """Index guides; of two with one id the later counts."""
        by_id = {guide.id: guide for guide in guides}
        profiles: dict[Profile, list[str]] = {}
        bases: dict[str, list[str]] = {}
        for guide in by_id.values():
            profiles.setdefault(profile_of(guide), []).append(guide.id)
            for key in item_keys(guide):
                bases.setdefault(key, []).append(guide.id)
        index = SurfaceIndex.build(s for profile in profiles for s in profile.surfaces)
        return cls(
            by_id,
            {profile: tuple(ids) for profile, ids in profiles.items()},
            _by_surface(profiles, index),
            {key: tuple(ids) for key, ids in bases.items()},
            index,
            regions,
            lexicon,
        )

    def updated(self, put: Iterable[ServiceGuide], removed: Iterable[str] = ()) -> "Catalogue":
        """The catalogue after guides were put in (new or changed) and others taken out."""
        changed = {guide.id: guide for guide in put}
        gone = {*removed, *changed} & self.guides.keys()
        if len(changed) + len(gone) > _REBUILD_SHARE * len(self.guides):
            kept = {key: guide for key, guide in self.guides.items() if key not in gone}
            return Catalogue.build((kept | changed).values(), self.regions, self.lexicon)
        without = self._without(gone)
        return _with(without, tuple(changed.values()))

    def _without(self, gone: Iterable[str]) -> "Catalogue":
        guides, profiles = dict(self.guides), dict(self.profiles)
        bases, by_surface = dict(self.by_base), dict(self.by_surface)
        for key in gone:
            guide = guides.pop(key)
            profile = profile_of(guide)
            for base in item_keys(guide):
                _drop(bases, base, key)
            if not _drop(profiles, profile, key):
                for number in self._numbers(profile):
                    _drop(by_surface, number, profile)
        return replace(self, guides=guides, profiles=profiles, by_base=bases, by_surface=by_surface)

    @cached_property
    def served(self) -> frozenset[str]:
        """The regions of the guides with all above them; none where all guides are national.

        With them those of which items' names speak (香港、澳门律师事务所联营).
        """
        of = {guide.region for guide in self.guides.values()} - {NATIONAL}
        named = {r.code for r in self.regions for name in r.short_names if self._speaks_of(name)}
        above = (code for region in of for code in self.regions.lineage(region))
        return frozenset((*above, *named)) if of else frozenset()

    def _speaks_of(self, place: str) -> bool:
        return fold(place) in self.index.postings

    @property
    def sounds(self) -> SoundIndex:
        """The names and the everyday words by ear; made when the first question needs it."""
        return self.index.sounds(self.lexicon.words)

    def lay_words(self, profile: Profile) -> Weighted:
        """What people call an item, by the lexicon: kept apart from what its guide says."""
        return () if profile.plain else self.lexicon.guide_words.of(profile.surfaces)

    def _numbers(self, profile: Profile) -> list[int]:
        return [self.index.numbers[surface] for surface in profile.surfaces]

    def named(self, folded: str) -> list[Occurrence]:
        """The names, aliases and parents within a folded text, longest first."""
        return [one for one in self.index.contained(folded) if one.number in self.by_surface]

    def in_force(
        self, profiles: Iterable[Profile], as_of: date, region: str | None
    ) -> tuple[ServiceGuide, ...]:
        """The guides of profiles that may answer: in force, of the viewer's lineage, the nearest.

        The nearer region's guide of the same item takes the place of a farther one, also where it
        is called otherwise (DESIGN §4). Without a region all guides stand.
        """
        lineage = self.regions.lineage(region) if region else None
        found: dict[str, ServiceGuide] = {}
        for profile in profiles:
            for key in self.profiles.get(profile, ()):
                for guide in self._nearest(self.guides[key], as_of, lineage):
                    found[guide.id] = guide
        return tuple(found.values())

    def _nearest(
        self, guide: ServiceGuide, as_of: date, lineage: Sequence[str] | None
    ) -> list[ServiceGuide]:
        if lineage is None:
            return [guide] if holds(guide, as_of) else []
        keys = dict.fromkeys(k for base in item_keys(guide) for k in self.by_base.get(base, ()))
        same = (self.guides[key] for key in keys)
        seen = [
            g for g in same if g.region in lineage and holds(g, as_of) and is_same_item(g, guide)
        ]
        nearest = min((lineage.index(g.region) for g in seen), default=0)
        return [g for g in seen if lineage.index(g.region) == nearest]


def _with(old: Catalogue, put: Sequence[ServiceGuide]) -> Catalogue:
    guides, profiles = dict(old.guides), dict(old.profiles)
    bases, by_surface = dict(old.by_base), dict(old.by_surface)
    index = old.index.with_added([s for g in put for s in profile_of(g).surfaces])
    for guide in put:
        profile = profile_of(guide)
        guides[guide.id] = guide
        for base in item_keys(guide):
            bases[base] = (*bases.get(base, ()), guide.id)
        if profile not in profiles:
            for number in (index.numbers[s] for s in profile.surfaces):
                by_surface[number] = (*by_surface.get(number, ()), profile)
        profiles[profile] = (*profiles.get(profile, ()), guide.id)
    return replace(
        old,
        guides=guides,
        profiles=profiles,
        by_base=bases,
        by_surface=by_surface,
        index=index,
    )


def item_keys(guide: ServiceGuide) -> tuple[str, ...]:
    """What guides of one item in several regions share: base code, name and parent."""
    name = f"name {fold(guide.name)} {fold(guide.parent or '')}"
    return (name, f"code {guide.base_code}") if guide.base_code else (name,)


def is_same_item(one: ServiceGuide, other: ServiceGuide) -> bool:
    """By base code where both have one, else by name and parent."""
    if one.base_code and other.base_code:
        return one.base_code == other.base_code
    return item_keys(one)[0] == item_keys(other)[0]


def holds(guide: ServiceGuide, as_of: date) -> bool:
    """Whether a guide is in force on a day; both its dates are days on which it holds."""
    begun = guide.effective_from is None or guide.effective_from <= as_of
    return begun and (guide.effective_to is None or as_of <= guide.effective_to)


def _by_surface(profiles: Iterable[Profile], index: SurfaceIndex) -> dict[int, tuple[Profile, ...]]:
    found: dict[int, list[Profile]] = {}
    for profile in profiles:
        for surface in profile.surfaces:
            found.setdefault(index.numbers[surface], []).append(profile)
    return {number: tuple(owners) for number, owners in found.items()}


def _drop(owners: dict[_K, tuple[_V, ...]], key: _K, value: _V) -> tuple[_V, ...]:
    """Take a value out of a list of owners; gives what is left."""
    left = tuple(one for one in owners.get(key, ()) if one != value)
    if left:
        owners[key] = left
    else:
        owners.pop(key, None)
    return left
