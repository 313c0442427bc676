"""Approving a finished clip and taking it off the shelf: rights, what must hold, files, audit."""

import asyncio
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.clips import ShelvedClip
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.region import RegionTree
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.records.clips import ClipRecords
from assistant.studio.approving import faults_in
from assistant.studio.clips.files import write_clip
from assistant.studio.clips.making import MadeClip
from assistant.studio.clips.shelf import folder_name
from assistant.studio.drafting.checking import names_in
from assistant.studio.drafting.wording import Screen, findings_in
from assistant.studio.rights import WROTE_IT
from assistant.studio.standing import Grounds, Sources

_QUOTED = "依据原文里的词"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class ClipDeskParts:
    """What the desk is built from. `folder` holds the films of the shelf."""

    records: ClipRecords
    sources: Sources
    regions: RegionTree
    folder: Path
    clock: Clock
    new_id: NewId
    screen: Screen | None = None


class ClipDesk:
    """Puts clips on the shelf and takes them off."""

    def __init__(self, parts: ClipDeskParts) -> None:
        self._parts = parts

    async def add(
        self, made: MadeClip, account: Account, writers: Collection[str] = ()
    ) -> ShelvedClip:
        """Approve a clip that was looked at again (`read_clip`). `writers` wrote its words.

        Raises Forbidden, and Conflict for one that must not be shown: the first reason.
        """
        parts, card = self._parts, made.card
        if not may_at(account, Permission.APPROVE_SCRIPTS, card.region, parts.regions):
            raise Forbidden("您没有批准短视频的权限")
        if account.id in writers:
            raise Forbidden(WROTE_IT)
        if why := await self.objection(made):
            raise Conflict(f"短视频“{card.clip.title}”不能上架：{why}")
        clip = ShelvedClip(parts.new_id(), card, account.id, parts.clock())
        await asyncio.to_thread(_put, made, parts.folder / folder_name(clip))
        await parts.records.add(clip)
        return clip

    async def withdraw(self, clip_id: str, why: str, account: Account) -> ShelvedClip:
        """Take a clip off the shelf; who writes or approves here may. Its files stay as evidence.

        Raises Forbidden, NotFound, Conflict, and BadInput without a reason.
        """
        found = await self._parts.records.get(clip_id)
        if found is None:
            raise NotFound("没有这条短视频")
        if not any(
            may_at(account, one, found.card.region, self._parts.regions)
            for one in (Permission.APPROVE_SCRIPTS, Permission.WRITE_SCRIPTS)
        ):
            raise Forbidden("您没有下架短视频的权限")
        if not why.strip() or len(why) > LONGEST_REASON:
            raise BadInput("请写明下架原因", hint=f"不超过 {LONGEST_REASON} 字")
        return await self._parts.records.withdraw(clip_id, account.id, why.strip())

    async def objection(self, made: MadeClip) -> str:
        """Why a clip must not be shown today; "" where nothing stands against it."""
        card, day = made.card, china_day(self._parts.clock())
        if all(fact.source_id != card.clip.source_id for fact in card.facts):
            return "没有依据"
        for ground in await Grounds(self._parts.sources).of(card.facts, day):
            if not ground.stands:
                return f"依据《{ground.title}》{ground.why or '已更新'}"
        return next(self._faults(made), "")

    def _faults(self, made: MadeClip) -> Iterator[str]:
        """What the facts do not bear out, and words that are not said."""
        facts = {fact.id: fact.text for fact in made.card.facts}
        names = frozenset(names_in(made.card.facts))
        for one in made.card.clip.sentences:
            quotes = tuple(facts[key] for key in one.facts if key in facts)
            if len(quotes) < len(one.facts):
                yield f"“{one.text}”引用了不存在的依据"
            yield from (f"“{one.text}”{fault}" for fault in faults_in(one.text, quotes, names))
            for found in findings_in("", one.text, quotes, self._parts.screen):
                if _QUOTED not in found.reason:
                    yield f"“{found.words}”{found.reason}"


def _put(made: MadeClip, folder: Path) -> None:
    """All files or none: written beside their place, then moved there."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(dir=folder.parent, prefix=".clip-"))
    try:
        write_clip(made, scratch / "files")
        (scratch / "files").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
