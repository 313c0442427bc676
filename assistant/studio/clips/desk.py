"""Approving a finished clip, taking it off the shelf, looking again: rights, files, audit."""

import asyncio
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from assistant.access.accounts import Account, Permission, may, may_at
from assistant.domain.clips import ClipStanding, ClipState, ShelvedClip
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.region import RegionTree
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.records.clips import ClipRecords
from assistant.studio.approving import faults_in
from assistant.studio.clips.files import write_clip
from assistant.studio.clips.looking import ClipLooks, Looked, folder_name
from assistant.studio.clips.making import MadeClip
from assistant.studio.drafting.checking import names_in
from assistant.studio.drafting.wording import Screen, findings_in
from assistant.studio.rights import WROTE_IT
from assistant.studio.standing import Grounds

_QUOTED = "依据原文里的词"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class ClipDeskParts:
    """What the desk is built from. `looks` knows the sources and the films' folder."""

    records: ClipRecords
    looks: ClipLooks
    regions: RegionTree
    clock: Clock
    new_id: NewId
    screen: Screen | None = None


@dataclass(frozen=True, slots=True)
class Of:
    """The approved stream that a clip is of, and the clips whose place it takes."""

    stream_id: str = ""
    approval: str = ""
    instead: tuple[str, ...] = ()


ALONE = Of()


class ClipDesk:
    """Puts clips on the shelf and takes them off."""

    def __init__(self, parts: ClipDeskParts) -> None:
        self._parts = parts

    async def add(
        self, made: MadeClip, account: Account, writers: Collection[str] = (), of: Of = ALONE
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
        clip = ShelvedClip(
            parts.new_id(),
            card,
            account.id,
            parts.clock(),
            stream_id=of.stream_id,
            approval=of.approval,
        )
        await asyncio.to_thread(_put, made, parts.looks.folder / folder_name(clip))
        await parts.records.add(clip, of.instead)
        return clip

    async def withdraw(self, clip_id: str, why: str, account: Account) -> ShelvedClip:
        """Take a clip off the shelf; who writes or approves here may. Its files stay as evidence.

        Raises Forbidden, NotFound, Conflict, and BadInput without a reason.
        """
        found = (await self.get(account, clip_id)).clip
        if not self.may_withdraw(account, found):
            raise Forbidden("您没有下架短视频的权限")
        return await self._parts.records.withdraw(clip_id, account.id, _checked(why, "下架原因"))

    async def clear(self, clip_id: str, why: str, account: Account) -> ShelvedClip:
        """Put a clip in doubt back: who approves here saw what was taken back, and says so.

        Raises Forbidden, NotFound, Conflict where nothing puts it in doubt, BadInput.
        """
        found = await self.get(account, clip_id)
        if not self.may_clear(account, found.clip):
            raise Forbidden("您没有核对短视频的权限")
        if found.standing is not ClipStanding.DOUBTED:
            raise Conflict("这条短视频现在没有要核对的", hint="请刷新页面")
        seen = [one.id for one in found.doubts]
        return await self._parts.records.clear(clip_id, account.id, seen, _checked(why, "核对结果"))

    async def listed(self, account: Account, state: ClipState) -> list[Looked]:
        """The clips of someone's region as they stand now, the newest first. Raises Forbidden."""
        if not may(account, Permission.READ_SCRIPTS):
            raise Forbidden("您没有看短视频的权限")
        found = [one for one in await self._parts.records.listed(state) if self._sees(account, one)]
        return await self._parts.looks.of(found)

    async def get(self, account: Account, clip_id: str) -> Looked:
        """A clip of someone's region, whatever its state. Raises NotFound."""
        found = await self._parts.records.get(clip_id)
        if found is None or not self._sees(account, found):
            raise NotFound("没有这条短视频")
        return (await self._parts.looks.of([found]))[0]

    def may_withdraw(self, account: Account, clip: ShelvedClip) -> bool:
        """Whether someone writes or approves where a clip belongs."""
        return self._may(account, clip, Permission.APPROVE_SCRIPTS, Permission.WRITE_SCRIPTS)

    def may_clear(self, account: Account, clip: ShelvedClip) -> bool:
        """Whether someone approves where a clip belongs."""
        return self._may(account, clip, Permission.APPROVE_SCRIPTS)

    def _sees(self, account: Account, clip: ShelvedClip) -> bool:
        return self._may(account, clip, Permission.READ_SCRIPTS)

    def _may(self, account: Account, clip: ShelvedClip, *permissions: Permission) -> bool:
        region, regions = clip.card.region, self._parts.regions
        return any(may_at(account, one, region, regions) for one in permissions)

    async def objection(self, made: MadeClip) -> str:
        """Why a clip must not be shown today; "" where nothing stands against it."""
        card, day = made.card, china_day(self._parts.clock())
        if all(fact.source_id != card.clip.source_id for fact in card.facts):
            return "没有依据"
        for ground in await Grounds(self._parts.looks.sources).of(card.facts, day):
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


def _checked(why: str, what: str) -> str:
    if not why.strip() or len(why) > LONGEST_REASON:
        raise BadInput(f"请写明{what}", hint=f"不超过 {LONGEST_REASON} 字")
    return why.strip()


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
