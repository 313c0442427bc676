"""The live rooms and what they work with."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant
from assistant.bootstrap.duty import notify_of, rota_notify_of
from assistant.bootstrap.keeping import incident_records
from assistant.bootstrap.library import Library
from assistant.domain.ids import new_ulid
from assistant.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from assistant.domain.duty import DutyBook
    from assistant.live.broadcast.programme import Programme
    from assistant.live.broadcast.scripts import Scripts
    from assistant.live.building import LiveParts
    from assistant.live.carrier import Carrier
    from assistant.live.house import LiveHouse
    from assistant.records.live import LiveRepository
    from assistant.records.live_reads import LiveReads
    from assistant.stage.slides import SlideStore
    from assistant.stage.voicing import StageVoice

SWITCH = 0.002
"""Seconds after which a thread lets another one run. Answers are computed in threads; with the
interpreter's own 5 ms each of them holds up the event loop and the sorting of comments."""


async def open_live(assistant: Assistant) -> "LiveParts":
    """What live rooms work with, over an open assistant; holds nothing that must be closed."""
    sys.setswitchinterval(SWITCH)
    from assistant.live.building import LiveParts
    from assistant.safety.floods import RoomFloods
    from assistant.safety.keys import Keys

    parts = LiveParts(
        desk=assistant.desk,
        records=live_records(assistant),
        reads=live_reads(assistant),
        outcomes=assistant.outcomes,
        new_id=new_ulid,
        keys=await asyncio.to_thread(Keys.load, assistant.settings.data_dir),
        screen=assistant.rules.screen,
        withheld=assistant.withheld.holds,
        floods=RoomFloods,
    )
    await parts.follow(assistant.sources)
    return parts


def live_records(library: Library) -> "LiveRepository":
    """The rows of the live rooms."""
    from assistant.records.live import LiveRepository

    return LiveRepository(library.database, library.settings.organization, library.clock)


def live_reads(library: Library) -> "LiveReads":
    """What is read of live rooms and their sessions."""
    from assistant.records.live_reads import LiveReads

    return LiveReads(library.database, library.settings.organization)


def house_of(
    settings: Settings,
    parts: "LiveParts",
    http: "httpx.AsyncClient",
    voice: "StageVoice | None" = None,
    scripts: "Callable[[SlideStore], Scripts] | None" = None,
    duty: "Callable[[], DutyBook] | None" = None,
) -> "LiveHouse":
    """The live rooms of this process, not started. Raises ConfigurationError."""
    from assistant.domain.duty import DutyBook
    from assistant.live.house import HouseParts, LiveHouse
    from assistant.live.platforms.building import Tools
    from assistant.live.services import RoomConfig
    from assistant.stage.voicing import StageVoice

    return LiveHouse(
        HouseParts(
            live=parts,
            rooms=settings.rooms,
            journals=settings.data_dir / "journal",
            tools=lambda clock, fetch: Tools(clock, new_ulid, http, os.environ, fetch),
            notify=rota_notify_of(settings, duty) if duty else notify_of(settings),
            stage_secret=parts.keys.addresses,
            offline=settings.offline,
            voice=voice or StageVoice(),
            presenters=settings.data_dir / "presenters",
            slides=settings.data_dir / "slides",
            config=RoomConfig(audible_label=settings.audible_label),
            scripts=scripts,
            duty=duty or DutyBook,
        )
    )


def scripts_of(assistant: Assistant) -> "Callable[[SlideStore], Scripts]":
    """What loads approved scripts, over the sources of this moment."""
    from assistant.live.broadcast.scripts import Scripts
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.studio import StudioRecords
    from assistant.studio.standing import Grounds

    at = (assistant.database, assistant.settings.organization, assistant.clock)
    records = StudioRecords(*at, AuditRecords(*at))
    return lambda store: Scripts(records, Grounds(assistant.sources), store)


def programme_of(assistant: Assistant, house: "LiveHouse") -> "Programme":
    """What puts approved scripts on air in the rooms of this process."""
    from assistant.live.broadcast.programme import Programme, ProgrammeParts

    assert assistant.studio is not None
    assert assistant.calendar is not None
    return Programme(
        ProgrammeParts(
            house.desk,
            assistant.studio.airing,
            live_records(assistant),
            assistant.calendar.current,
            assistant.regions,
            assistant.clock,
            new_ulid,
            house.taking,
        )
    )


def carrier_of(assistant: Assistant, house: "LiveHouse") -> "Carrier":
    """What brings the review desk's word into the rooms of this process."""
    from assistant.live.carrier import Carrier, CarrierParts
    from assistant.records.carrying import CarryRecords

    records = CarryRecords(assistant.database, assistant.settings.organization)
    incidents = assistant.incidents or incident_records(assistant)
    return Carrier(
        CarrierParts(house.desk, records, incidents, assistant.withheld, assistant.clock)
    )
