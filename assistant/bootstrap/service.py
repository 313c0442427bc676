"""What `assistant serve` serves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant, open_assistant
from assistant.bootstrap.clips import clip_shelf
from assistant.bootstrap.keeping import (
    incident_records,
    ledger_reads,
    people_of,
    purging_of,
    replay_of,
    request_replies,
)
from assistant.bootstrap.review import open_review, statistics_of
from assistant.bootstrap.rooms import (
    carrier_of,
    house_of,
    open_live,
    programme_of,
    scripts_of,
)
from assistant.bootstrap.speaking import ahead_of
from assistant.bootstrap.studio_desk import open_studio
from assistant.bootstrap.voice import (
    VoiceDesk,
    open_voice,
    reading_of,
    said_audio,
    stage_voice,
    voice_chores,
)
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.live.carrier import Carrier
    from assistant.review.chores import Chore
    from assistant.stage.voicing import StageVoice


@asynccontextmanager
async def open_service(
    settings: Settings,
    voice: "StageVoice | None" = None,
    announce: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[Assistant]:
    """What `assistant serve` serves: the assistant with its live rooms, those on air taken up.

    An index of another embedding model is built anew first; `announce` is told so.
    Raises as `open_assistant`; ConfigurationError for connectors that cannot be used.
    """
    import httpx

    from assistant.live.following import following_knowledge
    from assistant.review.chores import keeping

    async with (
        open_assistant(settings, renew=True, announce=announce) as assistant,
        httpx.AsyncClient(trust_env=False) as http,
        open_voice(assistant) as speaking,
    ):
        assistant.voice, assistant.said = speaking, said_audio(settings)
        assistant.voice_desk = VoiceDesk(assistant, speaking)
        assistant.reading = await reading_of(settings)
        await speaking.warm()
        parts = await open_live(assistant)
        await asyncio.to_thread(parts.warm)
        assistant.live = house = house_of(
            settings, parts, http, voice or await stage_voice(assistant), scripts_of(assistant)
        )
        assistant.incidents = incident_records(assistant)
        carrier = carrier_of(assistant, house)
        review = open_review(assistant, parts, carrier.chore.wake)
        assistant.review = review.desk
        assistant.calendar = review.times.calendar
        assistant.deadlines = review.times.deadlines
        assistant.statistics = statistics_of(assistant)
        assistant.learning, assistant.learnt = review.learning, review.learnt
        assistant.ledger, assistant.replay = ledger_reads(assistant), replay_of(assistant)
        assistant.people = people_of(assistant)
        assistant.replies = request_replies(assistant)
        assistant.studio = studio = open_studio(assistant)
        assistant.programme = programme = programme_of(assistant, house)
        assistant.clips = clip_shelf(assistant)
        await house.start()
        try:
            async with (
                following_knowledge(parts, assistant.index, assistant.sources),
                keeping(
                    [
                        *review.chores,
                        *_following(assistant, carrier),
                        *voice_chores(assistant, speaking),
                        *_ahead(assistant),
                        *studio.chores,
                        programme.chore,
                        purging_of(assistant).chore,
                    ]
                ),
            ):
                yield assistant
        finally:
            await house.desk.stop()
            await asyncio.to_thread(parts.judging.close)


def _following(assistant: Assistant, carrier: "Carrier") -> "list[Chore]":
    from assistant.review.chores import Chore

    return [carrier.chore, Chore("answering.withheld", assistant.withheld.refresh)]


def _ahead(assistant: Assistant) -> "list[Chore]":
    """What is asked most is voiced before it is asked."""
    from assistant.review.chores import Chore

    ahead = ahead_of(assistant)
    return [Chore("voice.ahead", ahead.follow, 20.0)] if ahead else []
