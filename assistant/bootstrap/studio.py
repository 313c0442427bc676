"""The studio over an open assistant."""

import asyncio
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant

if TYPE_CHECKING:
    from assistant.studio.drafting.drafter import Drafter
    from assistant.voice.seams import Reading


async def drafter_of(assistant: Assistant) -> "Drafter":
    """What drafts, with the office's own calendar and rule packs."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.calendar import CalendarRecords
    from assistant.review.calendar import OfficeCalendar
    from assistant.studio.drafting.drafter import Drafter
    from assistant.studio.drafting.knowledge import Knowledge
    from assistant.studio.drafting.voiced import pace_of
    from assistant.voice.reading import Reader

    await assistant.desk.refresh()
    at = (assistant.database, assistant.settings.organization, assistant.clock)
    records = CalendarRecords(*at, AuditRecords(*at))
    knowledge = Knowledge(
        assistant.index.headers,
        assistant.sources,
        assistant.search,
        assistant.desk.guides,
        assistant.regions,
    )
    calendar = await OfficeCalendar(records).current()
    reading: Reading | None = assistant.reading
    if reading is None:
        reading = await asyncio.to_thread(Reader.load)
    pace = pace_of(reading, assistant.settings.region, assistant.settings.voice_rate)
    return Drafter(knowledge, calendar, pace, screen=assistant.rules.screen.packs.test)
