"""The clips that are shown: approved, their files there, every fact in force as it was approved.

Nothing is kept in memory: a clip whose source changed or ended is gone with the next look.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.answering.folding import fold, pieces
from assistant.domain.clips import ClipState, ShelvedClip
from assistant.domain.clock import Clock, china_day
from assistant.domain.region import RegionTree
from assistant.domain.studio import Fact
from assistant.records.clips import ClipRecords
from assistant.studio.clips.making import VIDEO
from assistant.studio.standing import Ground, Grounds, Sources

Aliases = Callable[[str], Sequence[str]]
"""What people call the item of a source; none for an unknown one."""
Official = Callable[[str], str]
"""Official words for the everyday ones of a text."""
_NAMED = 2
"""So many characters a name must have to be found inside a longer question."""


@dataclass(frozen=True, slots=True)
class ShownClip:
    """A clip that may be seen today. `folder` holds its files; `until` is its source's last day."""

    clip: ShelvedClip
    source_title: str
    aliases: tuple[str, ...]
    until: date | None
    folder: Path

    @property
    def id(self) -> str:
        """Its id on the shelf."""
        return self.clip.id

    @property
    def title(self) -> str:
        """The question that it answers."""
        return self.clip.card.clip.question


class ClipShelf(Protocol):
    """What the public page and the stage's idle loop read."""

    async def shown(self, text: str = "") -> Sequence[ShownClip]:
        """The clips of today, the newest first; with a text those that it is about."""
        ...

    async def get(self, clip_id: str) -> ShownClip | None:
        """One of them; None where it is not shown (any more)."""
        ...


@dataclass(frozen=True, slots=True)
class OfficeShelf:
    """The shelf over the records and a folder of files."""

    records: ClipRecords
    sources: Sources
    folder: Path
    clock: Clock
    aliases: Aliases
    official: Official

    async def shown(self, text: str = "") -> Sequence[ShownClip]:
        """The clips of today, the newest first; with a text those that it is about."""
        today = await self._standing(await self.records.listed(ClipState.APPROVED))
        if not fold(text):
            return today
        return [one for one in today if about(text, self.official(text), one)]

    async def get(self, clip_id: str) -> ShownClip | None:
        """One of them; None where it is not shown (any more)."""
        found = await self.records.get(clip_id)
        if found is None or found.state is not ClipState.APPROVED:
            return None
        return next(iter(await self._standing([found])), None)

    async def _standing(self, clips: Sequence[ShelvedClip]) -> list[ShownClip]:
        facts = [fact for clip in clips for fact in _own_facts(clip)]
        found = await Grounds(self.sources).of(facts, china_day(self.clock()))
        grounds = {one.source_id: one for one in found}
        shown = [await self._shown(clip, grounds) for clip in clips if _stands(clip, grounds)]
        return [one for one in shown if one is not None]

    async def _shown(self, clip: ShelvedClip, grounds: dict[str, Ground]) -> ShownClip | None:
        folder = self.folder / folder_name(clip)
        source_id = clip.card.clip.source_id
        header = await self.sources.header(source_id)
        if header is None or not await asyncio.to_thread((folder / VIDEO).is_file):
            return None
        names = tuple(self.aliases(source_id))
        return ShownClip(clip, grounds[source_id].title, names, header.effective_to, folder)


def folder_name(clip: ShelvedClip) -> str:
    """Where a clip's files lie: under the digest of its film."""
    return clip.card.sha256[VIDEO][:32]


def about(text: str, official: str, clip: ShownClip) -> bool:
    """Whether a search means a clip: its words stand in the names, or a name stands in it."""
    card = clip.clip.card.clip
    names = [fold(name) for name in (card.title, clip.source_title, *clip.aliases) if name]
    asked, hay = fold(text), "\n".join(names)
    if any(len(name) >= _NAMED and name in asked for name in names):
        return True
    return all(word in hay for word in pieces(text)) or any(
        word in hay for word in pieces(official)
    )


def loop_of(clips: Sequence[ShownClip], region: str | None, regions: RegionTree) -> list[ShownClip]:
    """What a room's stage may show between two streams: clips that its region sees."""
    return [
        one
        for one in clips
        if one.clip.card.region is None or regions.sees(region, one.clip.card.region)
    ]


def _own_facts(clip: ShelvedClip) -> list[Fact]:
    """With ids of their own: those of a draft count within it only."""
    return [replace(fact, id=f"{clip.id}/{fact.id}") for fact in clip.card.facts]


def _stands(clip: ShelvedClip, grounds: dict[str, Ground]) -> bool:
    """Whether every fact of a clip is stated and in force; one without facts is none."""
    own = {fact.source_id for fact in clip.card.facts}
    changed = {fact for source_id in own for fact in _changed(grounds, source_id)}
    return (
        clip.card.clip.source_id in own
        and all(not grounds[one].why for one in own if one in grounds)
        and not any(one.startswith(f"{clip.id}/") for one in changed)
    )


def _changed(grounds: dict[str, Ground], source_id: str) -> Sequence[str]:
    ground = grounds.get(source_id)
    return ground.changed if ground else ()
