"""How clips stand at this moment: their sources asked anew, and the answers that were taken back.

Nothing is kept in memory: a clip whose source changed, or whose answer was taken back, is gone with
the next look.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.domain.clips import ClipStanding, ClipState, ShelvedClip, TakenBack
from assistant.domain.clock import Clock, china_day
from assistant.domain.studio import Fact
from assistant.studio.clips.doubting import doubts_of
from assistant.studio.clips.making import VIDEO
from assistant.studio.standing import Ground, Grounds, Sources

Doubts = Callable[[], Awaitable[Sequence[TakenBack]]]
"""Answers that were taken back and not found right since."""
NO_GROUND = "没有依据"
NO_FILM = "视频文件不在了"


async def undoubted() -> Sequence[TakenBack]:
    """Where no answer is ever taken back."""
    return ()


@dataclass(frozen=True, slots=True)
class Looked:
    """A clip as it stands: `why` it is not shown, "" for one that is. `folder` holds its files."""

    clip: ShelvedClip
    standing: ClipStanding
    why: str
    source_title: str
    until: date | None
    folder: Path
    doubts: tuple[TakenBack, ...] = ()


@dataclass(frozen=True, slots=True)
class ClipLooks:
    """Looks at clips."""

    sources: Sources
    folder: Path
    clock: Clock
    doubts: Doubts = undoubted

    async def of(self, clips: Sequence[ShelvedClip]) -> list[Looked]:
        """Each clip, in order."""
        facts = [fact for clip in clips for fact in _own_facts(clip)]
        found = await Grounds(self.sources).of(facts, china_day(self.clock()))
        grounds = {one.source_id: one for one in found}
        taken = await self.doubts() if clips else ()
        return [await self._one(clip, grounds, taken) for clip in clips]

    async def _one(
        self, clip: ShelvedClip, grounds: dict[str, Ground], taken: Sequence[TakenBack]
    ) -> Looked:
        folder = self.folder / folder_name(clip)
        source_id = clip.card.clip.source_id
        header = await self.sources.header(source_id)
        ground, doubts = grounds.get(source_id), doubts_of(clip, taken)
        is_there = await asyncio.to_thread((folder / VIDEO).is_file)
        standing, why = _standing(clip, grounds, doubts, is_there=is_there)
        title = ground.title if ground else source_id
        until = header.effective_to if header else None
        return Looked(clip, standing, why, title, until, folder, doubts)


def folder_name(clip: ShelvedClip) -> str:
    """Where a clip's files lie: under the digest of its film."""
    return clip.card.sha256[VIDEO][:32]


def _standing(
    clip: ShelvedClip,
    grounds: dict[str, Ground],
    doubts: Sequence[TakenBack],
    *,
    is_there: bool,
) -> tuple[ClipStanding, str]:
    if clip.state is ClipState.WITHDRAWN:
        return ClipStanding.WITHDRAWN, clip.why
    if why := _fallen(clip, grounds):
        return ClipStanding.CHANGED, why
    if doubts:
        return ClipStanding.DOUBTED, _doubted(doubts)
    if not is_there:
        return ClipStanding.LOST, NO_FILM
    return ClipStanding.SHOWN, ""


def _doubted(doubts: Sequence[TakenBack]) -> str:
    reasons = "；".join(dict.fromkeys(one.reason for one in doubts))
    return f"同一依据的答复已撤回（{reasons}），请核对后再上架"


def _fallen(clip: ShelvedClip, grounds: dict[str, Ground]) -> str:
    """Why its facts are not stated and in force; one without facts is none."""
    own = dict.fromkeys(fact.source_id for fact in clip.card.facts)
    if clip.card.clip.source_id not in own:
        return NO_GROUND
    for ground in (grounds[one] for one in own if one in grounds):
        if ground.why:
            return f"依据《{ground.title}》{ground.why}"
        if any(one.startswith(f"{clip.id}/") for one in ground.changed):
            return f"依据《{ground.title}》的内容有改动"
    return ""


def _own_facts(clip: ShelvedClip) -> list[Fact]:
    """With ids of their own: those of a draft count within it only."""
    return [replace(fact, id=f"{clip.id}/{fact.id}") for fact in clip.card.facts]
