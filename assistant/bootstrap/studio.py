"""The studio over an open assistant."""

from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant

if TYPE_CHECKING:
    from assistant.studio.drafting.drafter import Drafter


async def drafter_of(assistant: Assistant) -> "Drafter":
    """What drafts, with the office's own calendar and rule packs."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.calendar import CalendarRecords
    from assistant.review.calendar import OfficeCalendar
    from assistant.studio.drafting.drafter import Drafter
    from assistant.studio.drafting.knowledge import Knowledge

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
    return Drafter(knowledge, calendar, screen=assistant.rules.screen.packs.test)
