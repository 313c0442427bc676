"""Ledger, replay, retention, and what is kept of a person."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.bootstrap.library import Library, retention_of
from assistant.bootstrap.voice import said_audio
from assistant.domain.ids import new_ulid
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.records.incidents import IncidentRecords
    from assistant.records.ledger import LedgerReads
    from assistant.records.request_replies import RequestReplies
    from assistant.review.person import PersonDesk
    from assistant.review.replay import Replay
    from assistant.review.retention import Purging


def ledger_reads(library: Library) -> "LedgerReads":
    """The 台账 of the organisation."""
    from assistant.records.ledger import LedgerReads

    return LedgerReads(library.database, library.settings.organization, library.clock)


def replay_of(library: Library) -> "Replay":
    """Sessions to be looked at again."""
    from assistant.records.replay import ReplayReads
    from assistant.review.replay import Replay

    return Replay(ReplayReads(library.database, library.settings.organization))


def purging_of(library: Library) -> "Purging":
    """Deletes what is older than the settings allow."""
    from assistant.records.retention import RetentionRecords
    from assistant.review.retention import Purging

    settings = library.settings
    said = said_audio(settings)
    return Purging(
        RetentionRecords(library.database, settings.organization),
        {
            "journal_files": lambda before, dry: _journals_gone(settings, before, dry_run=dry),
            "audio_sessions": lambda before, dry: said.purge(before, dry_run=dry),
        },
        library.access.audit,
        retention_of(settings),
        library.clock,
    )


def people_of(library: Library) -> "PersonDesk":
    """What is stored of a viewer, to hand out and to erase."""
    from assistant.records.person import PersonRecords
    from assistant.review.person import PersonDesk, PersonParts

    settings = library.settings
    return PersonDesk(
        PersonParts(
            PersonRecords(library.database, settings.organization),
            library.access.audit,
            new_ulid,
            lambda: _journals_gone(settings, library.clock() + timedelta(days=1)),
            lambda platform, user_id: pseudonym_of(settings, platform, user_id),
        )
    )


def pseudonym_of(settings: Settings, platform: str, user_id: str) -> str:
    """The name under which the records know a viewer of a platform."""
    from assistant.safety.keys import Keys
    from assistant.safety.pseudonyms import Pseudonyms

    return Pseudonyms(Keys.load(settings.data_dir))(platform, user_id)


def _journals_gone(settings: Settings, before: datetime, *, dry_run: bool = False) -> int:
    from assistant.live.journal_purge import purge_journals

    return purge_journals(settings.data_dir / "journal", before, dry_run=dry_run)


def incident_records(library: Library) -> "IncidentRecords":
    """The answers that were taken back."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.events import EventRecords
    from assistant.records.incidents import IncidentRecords

    database, owner, clock = library.database, library.settings.organization, library.clock
    audit, events = AuditRecords(database, owner, clock), EventRecords(database, owner)
    return IncidentRecords(database, owner, clock, audit, events)


def request_replies(library: Library) -> "RequestReplies":
    """What requests with an idempotency key led to."""
    from assistant.records.request_replies import RequestReplies

    return RequestReplies(library.database, library.settings.organization, library.clock)
