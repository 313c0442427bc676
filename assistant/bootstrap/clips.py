"""Clips: what films are made with, and the shelf of those that are shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant, rules_of
from assistant.bootstrap.library import Library
from assistant.bootstrap.regions import read_regions
from assistant.bootstrap.voice import reading_of
from assistant.domain.clips import ClipShape
from assistant.domain.ids import new_ulid
from assistant.errors import Unavailable
from assistant.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.domain.studio import Clip, Fact
    from assistant.records.clips import ClipRecords
    from assistant.safety.packs import Hit
    from assistant.studio.building import ClipParts
    from assistant.studio.clips.desk import ClipDesk
    from assistant.studio.clips.looking import ClipLooks
    from assistant.studio.clips.making import ClipKit, MadeClip
    from assistant.studio.clips.shelf import OfficeShelf
    from assistant.voice.seams import Reading, Voicing

FOLDER = "clips"
"""Of the data folder: the films of the shelf."""


async def clip_kit(
    settings: Settings,
    voicing: "Voicing",
    office: str,
    region: str | None = None,
    shape: ClipShape = ClipShape.TALL,
    reading: "Reading | None" = None,
) -> "ClipKit":
    """What films clips by the office's voice and settings."""
    from assistant.studio.clips.making import ClipKit

    return ClipKit(
        reading=reading or await reading_of(settings),
        voicing=voicing,
        office=office,
        producer=settings.aigc_producer,
        place=settings.audible_label,
        shape=shape,
        region=region or settings.region,
    )


def clip_records(library: Library) -> "ClipRecords":
    """The clips as stored."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.clips import ClipRecords

    database, owner = library.database, library.settings.organization
    return ClipRecords(database, owner, AuditRecords(database, owner, library.clock))


def clip_looks(library: Library) -> "ClipLooks":
    """What looks at the sources of clips, and at the answers that were taken back."""
    from assistant.records.doubts import DoubtReads
    from assistant.studio.clips.looking import ClipLooks

    settings = library.settings
    doubts = DoubtReads(library.database, settings.organization)
    folder = settings.data_dir / FOLDER
    return ClipLooks(library.sources, folder, library.clock, doubts.standing)


async def clip_desk(library: Library) -> "ClipDesk":
    """What puts clips on the shelf and takes them off, with the office's rule packs."""
    from assistant.studio.clips.desk import ClipDesk, ClipDeskParts

    rules = await rules_of(library)

    def screen(text: str) -> "Sequence[Hit]":
        return rules.screen.packs.test(text)

    return ClipDesk(
        ClipDeskParts(
            records=clip_records(library),
            looks=clip_looks(library),
            regions=read_regions(library.settings.data_dir),
            clock=library.clock,
            new_id=new_ulid,
            screen=screen,
        )
    )


def clip_parts(assistant: Assistant) -> "ClipParts":
    """What a served studio films and shows its clips with."""
    from assistant.studio.building import ClipParts

    async def film(
        clip: "Clip", facts: "Sequence[Fact]", office: str, region: str | None
    ) -> "MadeClip":
        from assistant.studio.clips.making import make

        if assistant.voice is None:
            raise Unavailable("没有可用的语音，未制作短视频")
        kit = await clip_kit(
            assistant.settings, assistant.voice, office, region, reading=assistant.reading
        )
        return await make(clip, facts, replace(kit, whole=True))

    settings = assistant.settings
    return ClipParts(
        looks=clip_looks(assistant),
        film=film,
        accounts=assistant.access.staff.get,
        place=settings.audible_label,
        home=settings.region,
    )


def clip_shelf(assistant: Assistant) -> "OfficeShelf":
    """The clips that are shown, found by what the knowledge base calls their items."""
    from assistant.studio.clips.shelf import OfficeShelf

    def aliases(source_id: str) -> tuple[str, ...]:
        guide = assistant.desk.guides.catalogue.guides.get(source_id)
        return (guide.parent or "", *guide.aliases) if guide else ()

    def official(text: str) -> str:
        return assistant.desk.guides.catalogue.lexicon.official_words(text)

    return OfficeShelf(clip_records(assistant), clip_looks(assistant), aliases, official)
