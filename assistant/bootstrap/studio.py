"""The studio over an open assistant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant, chat_model_of
from assistant.bootstrap.voice import open_voice

if TYPE_CHECKING:
    from assistant.models.structured import FormattedChat
    from assistant.studio.drafting.drafter import Drafter
    from assistant.voice.seams import Reading, Voicing

TEMPLATES = "deck_templates"
"""The folder of an office's own templates, in the data folder."""


@asynccontextmanager
async def open_drafter(assistant: Assistant, *, voiced: bool = False) -> "AsyncIterator[Drafter]":
    """What drafts, with the chat model of the settings where there is one.

    `voiced`: lengths are those of the office's voice, which then speaks every sentence once.
    """
    chat = chat_model_of(assistant.settings)
    try:
        if not voiced:
            yield await drafter_of(assistant, chat)
            return
        async with open_voice(assistant) as voicing:
            yield await drafter_of(assistant, chat, voicing)
    finally:
        if chat:
            await chat.close()


async def drafter_of(
    assistant: Assistant,
    chat: "FormattedChat | None" = None,
    voicing: "Voicing | None" = None,
) -> "Drafter":
    """What drafts, with the office's own calendar and rule packs."""
    from assistant.models.structured import Structured
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.calendar import CalendarRecords
    from assistant.review.calendar import OfficeCalendar
    from assistant.studio.drafting.drafter import Drafter
    from assistant.studio.drafting.knowledge import Knowledge
    from assistant.studio.drafting.voiced import hearing, pace_of
    from assistant.studio.drafting.writer import ModelWriter
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
    seconds = assistant.settings.draft_seconds
    writer = ModelWriter(Structured(chat, seconds)) if chat else None
    hear = hearing(reading, voicing, assistant.settings.region) if voicing else None
    return Drafter(knowledge, calendar, pace, assistant.rules.screen.packs.test, writer, hear)


async def office_template(assistant: Assistant) -> bytes | None:
    """The file of the template that the office's decks are drawn on; None for our own look."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.deck_templates import OFFICE, TemplateRecords
    from assistant.studio.templates import read_template

    at = (assistant.database, assistant.settings.organization)
    records = TemplateRecords(*at, AuditRecords(*at, assistant.clock))
    wanted = (await records.choices(OFFICE)).get(OFFICE)
    if not wanted:
        return None
    folder = assistant.settings.data_dir / TEMPLATES
    return await asyncio.to_thread(read_template, folder, await records.get(wanted))
