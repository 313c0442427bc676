"""The voice: its engines as the settings and the consent of this moment allow, and its files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.bootstrap.engines import Engines
from assistant.bootstrap.hosts import Host, outside_hosts
from assistant.bootstrap.library import Library
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.bootstrap.assistant import Assistant
    from assistant.records.voice_consents import VoiceConsent, VoiceConsents
    from assistant.review.chores import Chore
    from assistant.stage.voicing import StageVoice
    from assistant.voice.cache import AudioCache
    from assistant.voice.following import SourceWatch
    from assistant.voice.said import SaidAudio
    from assistant.voice.seams import Reading
    from assistant.voice.voicing import StoredVoicing

CONSENT_PAUSE = 2.0
"""Seconds until a consent, or its end, given in another process holds here."""
WITHDRAWN_PAUSE = 1.0
"""Seconds: a withdrawn answer's sounds are gone within two (issue 4)."""
SOURCES_PAUSE = 5.0


@asynccontextmanager
async def open_voice(
    library: Library, cache: "AudioCache | None" = None
) -> "AsyncIterator[StoredVoicing]":
    """The voice, open; its helping process ends with the block. Raises ConfigurationError.

    `cache` takes the place of the office's own.
    """
    from assistant.domain.speech import Voice
    from assistant.voice.consent import Consent
    from assistant.voice.voicing import StoredVoicing, VoicingParts

    settings = library.settings
    consent = Consent(lambda: _is_given(voice_consents(library)))
    await consent.refresh()
    engines = Engines(settings, lambda: consent.given)
    voicing = StoredVoicing(
        VoicingParts(
            engines=engines.chain,
            cache=cache or audio_cache(settings),
            voice=Voice(settings.voice_name, settings.voice_rate),
            producer=settings.aigc_producer,
            consent=consent,
            warm=engines.warm,
            lost=engines.lost,
        )
    )
    try:
        yield voicing
    finally:
        await voicing.close()
        await engines.close()


def voice_chores(library: Library, voicing: "StoredVoicing") -> "list[Chore]":
    """What keeps the voice as it should be: consent, and what may not be said any more."""
    from assistant.bootstrap.keeping import incident_records
    from assistant.review.chores import Chore
    from assistant.voice.following import WithdrawnWatch

    watch = source_watch(library, voicing)
    withdrawn = WithdrawnWatch(incident_records(library).uncorrected, voicing.forget)
    return [
        Chore("voice.consent", voicing.follow_consent, CONSENT_PAUSE),
        Chore("voice.sources", watch.follow, SOURCES_PAUSE),
        Chore("voice.withdrawn", withdrawn.follow, WITHDRAWN_PAUSE),
    ]


def source_watch(library: Library, voicing: "StoredVoicing") -> "SourceWatch":
    """What forgets the sounds that rest on sources which changed or ended."""
    from assistant.voice.following import SourceWatch

    folder = library.settings.data_dir / "audio"
    return SourceWatch(library.sources, voicing.forget, folder / "sources.seen", library.clock)


@dataclass(frozen=True, slots=True)
class VoiceDesk:
    """The voice as an administrator sees it on the console."""

    library: Library
    voicing: "StoredVoicing"

    def states(self) -> list[dict[str, Any]]:
        """The engines that speak now, in order."""
        return self.voicing.states()

    def hosts(self) -> "list[Host]":
        """Every outside host."""
        return outside_hosts(self.library.settings, consented=self.voicing.may_leave)

    async def consent(self) -> "VoiceConsent | None":
        """The last word; None where nobody ever said anything."""
        return await voice_consents(self.library).current()

    async def decide(self, *, given: bool, actor: str) -> None:
        """Give or withdraw consent; it holds in this process at once."""
        await voice_consents(self.library).record(given=given, actor=actor)
        await self.voicing.follow_consent()


def voice_consents(library: Library) -> "VoiceConsents":
    """Whether text may go to the network voice."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.voice_consents import VoiceConsents

    database, owner, clock = library.database, library.settings.organization, library.clock
    return VoiceConsents(database, owner, clock, AuditRecords(database, owner, clock))


async def reading_of(settings: Settings) -> "Reading":
    """How written text is said, with the office's own `<data>/polyphones.tsv`; warm.

    A line of it that cannot be used is left out and logged.
    """
    from assistant.voice.reading import Reader

    return await asyncio.to_thread(Reader.load, settings.data_dir / "polyphones.tsv")


async def _is_given(consents: "VoiceConsents") -> bool:
    found = await consents.current()
    return found is not None and found.given


def audio_cache(settings: Settings, folder: Path | None = None) -> "AudioCache":
    """The spoken sentences on disk; elsewhere for a measurement."""
    from assistant.voice.cache import AudioCache

    place = folder or settings.data_dir / "audio" / "cache"
    return AudioCache(place, settings.audio_mb * 1024 * 1024)


def said_audio(settings: Settings) -> "SaidAudio":
    """The sounds that were heard on air."""
    from assistant.voice.said import SaidAudio

    return SaidAudio(settings.data_dir / "audio" / "said", audio_cache(settings).file)


async def stage_voice(assistant: "Assistant") -> "StageVoice":
    """How the stages read and speak; what was played is kept for the ledger."""
    from assistant.stage.voicing import StageVoice

    reading = assistant.reading or await reading_of(assistant.settings)
    keep = assistant.said.keep if assistant.said else None
    return StageVoice(reading, assistant.voice, keep)
