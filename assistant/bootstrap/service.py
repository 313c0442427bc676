"""What `assistant serve` serves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant, open_assistant
from assistant.bootstrap.clips import clip_shelf
from assistant.bootstrap.duty import duty_of, robot_names
from assistant.bootstrap.error_bound import FOLLOWS
from assistant.bootstrap.keeping import (
    incident_records,
    ledger_reads,
    people_of,
    purging_of,
    replay_of,
    request_replies,
)
from assistant.bootstrap.morning import letters_of, morning_post, mornings_of
from assistant.bootstrap.proposals import PAUSE as PROPOSALS_PAUSE
from assistant.bootstrap.proposals import open_proposals
from assistant.bootstrap.push import pushes_of
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
from assistant.bootstrap.verdict import DRIFT_PAUSE
from assistant.bootstrap.voice import (
    VoiceDesk,
    open_voice,
    reading_of,
    said_audio,
    stage_voice,
    voice_chores,
)
from assistant.bootstrap.watching import watching
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
    *,
    rehearses: bool = False,
) -> AsyncIterator[Assistant]:
    """What `assistant serve` serves: the assistant with its live rooms, those on air taken up.

    An index of another embedding model is built anew first; `announce` is told so. A rehearsal
    has no rota and no hours: it goes the same at night. Raises as `open_assistant`;
    ConfigurationError for connectors that cannot be used.
    """
    import httpx

    from assistant.live.following import following_knowledge
    from assistant.review.chores import keeping

    async with (
        open_assistant(settings, renew=True, announce=announce) as assistant,
        httpx.AsyncClient(trust_env=False) as http,
        open_voice(assistant) as speaking,
        open_proposals(assistant) as proposals,
    ):
        assistant.proposals = proposals
        assistant.voice, assistant.said = speaking, said_audio(settings)
        assistant.voice_desk = VoiceDesk(assistant, speaking)
        assistant.reading = await reading_of(settings)
        await speaking.warm()
        parts = await open_live(assistant)
        await asyncio.to_thread(parts.warm)
        assistant.duty = duty = duty_of(assistant)
        assistant.robot_names = robot_names(settings)
        await duty.follow()
        assistant.live = house = house_of(
            settings,
            parts,
            http,
            voice or await stage_voice(assistant),
            scripts_of(assistant),
            None if rehearses else duty,
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
        assistant.mornings, assistant.letters = mornings_of(assistant), letters_of(assistant)
        assistant.replies = request_replies(assistant)
        assistant.studio = studio = open_studio(assistant)
        assistant.programme = programme = programme_of(assistant, house)
        assistant.clips = clip_shelf(assistant)
        assistant.pushes, assistant.happenings = pushes_of(assistant)
        await house.start()
        try:
            async with (
                following_knowledge(parts, assistant.index, assistant.sources),
                watching(assistant, parts.judging, http),
                keeping(
                    [
                        *review.chores,
                        *_following(assistant, carrier),
                        *voice_chores(assistant, speaking),
                        *_ahead(assistant),
                        *_posting(assistant),
                        *studio.chores,
                        programme.chore,
                        duty.chore,
                        purging_of(assistant).chore,
                    ]
                ),
            ):
                yield assistant
        finally:
            await house.desk.stop()
            if assistant.verdict.kept:
                await assistant.verdict.kept.save()
            await asyncio.to_thread(parts.judging.close)


def _following(assistant: Assistant, carrier: "Carrier") -> "list[Chore]":
    from assistant.review.chores import Chore

    chores = [carrier.chore, Chore("answering.withheld", assistant.withheld.refresh)]
    if assistant.verdict.bounds:
        chores.append(Chore("answering.bound", assistant.verdict.bounds.follow, FOLLOWS))
    if assistant.verdict.kept:
        chores.append(Chore("answering.drift", assistant.verdict.kept.follow, DRIFT_PAUSE))
    if assistant.proposals and assistant.proposals.jobs:
        chores.append(Chore("lay_terms", assistant.proposals.jobs.run, PROPOSALS_PAUSE))
    return chores


def _posting(assistant: Assistant) -> "list[Chore]":
    """The morning's report is mailed where the office wants it."""
    post = morning_post(assistant)
    return [post.chore] if post else []


def _ahead(assistant: Assistant) -> "list[Chore]":
    """What is asked most is voiced before it is asked."""
    from assistant.review.chores import Chore

    ahead = ahead_of(assistant)
    return [Chore("voice.ahead", ahead.follow, 20.0)] if ahead else []
