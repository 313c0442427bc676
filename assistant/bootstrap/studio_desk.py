"""The studio over an open assistant: its desk, its jobs, and what it hears of voice and alerts."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from assistant.bootstrap.assistant import Assistant, chat_model_of
from assistant.bootstrap.clips import clip_parts
from assistant.bootstrap.duty import notify_of
from assistant.bootstrap.studio import TEMPLATES, drafter_of
from assistant.domain.ids import new_ulid
from assistant.errors import Unavailable
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.domain.studio import StreamDraft
    from assistant.domain.studio_flow import Stream
    from assistant.domain.workdays import Calendar
    from assistant.safety.packs import Hit
    from assistant.studio.building import Studio
    from assistant.studio.drafting.timing import Pace
    from assistant.studio.seams import AudioKeys, Drafting, Keep, Tell

log = structlog.get_logger()


def open_studio(assistant: Assistant) -> "Studio":
    """The studio, with the voice's cache for what an approval freezes, and the alerts' way out."""
    from assistant.studio.building import StudioParts, build_studio

    async def calendar() -> "Calendar":
        assert assistant.calendar is not None
        return await assistant.calendar.current()

    @asynccontextmanager
    async def drafting(keep: "Keep | None") -> "AsyncIterator[Drafting]":
        from assistant.studio.kept import KeptChat, OfficeDrafting

        chat = chat_model_of(assistant.settings)
        try:
            asked = KeptChat(chat, keep) if chat and keep else chat
            drafter = await drafter_of(assistant, asked)
            yield OfficeDrafting(drafter, keep)
        finally:
            if chat:
                await chat.close()

    def screen(text: str) -> "Sequence[Hit]":
        return assistant.rules.screen.packs.test(text)  # the packs of this moment

    return build_studio(
        StudioParts(
            database=assistant.database,
            organization=assistant.settings.organization,
            clock=assistant.clock,
            new_id=new_ulid,
            regions=assistant.regions,
            sources=assistant.sources,
            drafting=drafting,
            calendar=calendar,
            templates=assistant.settings.data_dir / TEMPLATES,
            clips=clip_parts(assistant),
            screen=screen,
            audio=_audio(assistant),
            tell=_teller(assistant.settings, assistant),
            pace=_pace(assistant),
        )
    )


def _pace(assistant: Assistant) -> "Pace":
    """The length of a sentence as drafting reckons it."""
    from assistant.studio.drafting.timing import estimated
    from assistant.studio.drafting.voiced import pace_of

    settings = assistant.settings
    if assistant.reading is None:
        return estimated
    return pace_of(assistant.reading, settings.region, settings.voice_rate)


def _audio(assistant: Assistant) -> "AudioKeys":
    """The keys of those sentences that lie synthesised in the cache."""

    async def keys(draft: "StreamDraft") -> Mapping[str, str]:
        from assistant.studio.places import spots

        reading, voice, found = assistant.reading, assistant.voice, {}
        if reading is None or voice is None:
            return {}
        for one in spots(draft):
            if not one.spoken:
                continue
            names = [await voice.stored(text) for text in reading(one.text, draft.brief.region)]
            if names and all(names):
                found[one.place] = " ".join(name for name in names if name)
        return found

    return keys


def _teller(settings: Settings, assistant: Assistant) -> "Tell":
    """An approval that was taken back is told as an urgent alert, by the way of the rooms'."""
    from assistant.domain.live import Alert, AlertLevel

    notify = notify_of(settings)

    async def tell(stream: "Stream", words: str) -> None:
        alert = Alert(
            id=new_ulid(),
            room_id=stream.room_id or "",
            code="studio_returned",
            level=AlertLevel.URGENT,
            text=words,
            raised_at=assistant.clock(),
        )
        try:
            await notify("", alert)
        except Unavailable as error:  # it stands on the console all the same
            log.warning("studio_not_told", stream=stream.id, why=str(error))

    return tell
