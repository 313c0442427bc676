"""The clips that are shown: approved, their files there, every fact in force as it was approved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.answering.folding import fold, pieces
from assistant.domain.clips import ClipStanding, ClipState, ShelvedClip
from assistant.domain.region import RegionTree
from assistant.records.clips import ClipRecords
from assistant.studio.clips.looking import ClipLooks, Looked

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
    looks: ClipLooks
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
        found = await self.looks.of(clips)
        return [self._shown(one) for one in found if one.standing is ClipStanding.SHOWN]

    def _shown(self, one: Looked) -> ShownClip:
        names = tuple(self.aliases(one.clip.card.clip.source_id))
        return ShownClip(one.clip, one.source_title, names, one.until, one.folder)


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
