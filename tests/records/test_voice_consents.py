"""Consent to the network voice: the newest word counts, and each is in the audit chain."""

import asyncio

import pytest

from assistant.errors import Conflict
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.voice_consents import VoiceConsents

pytestmark = pytest.mark.contract


def consents(database: Database, clock, owner: str = "office") -> VoiceConsents:
    return VoiceConsents(database, owner, clock, AuditRecords(database, owner, clock))


async def test_the_newest_word_counts_and_is_the_organisations_own(database, clock) -> None:
    ours, theirs = consents(database, clock), consents(database, clock, "other")
    assert await ours.current() is None
    await ours.record(given=True, actor="A1")
    assert (await ours.current()).given
    assert await theirs.current() is None
    await ours.record(given=False, actor="A2")
    now = await ours.current()
    assert (now.given, now.actor) == (False, "A2")


async def test_each_word_is_in_the_audit_chain(database, clock) -> None:
    ours = consents(database, clock)
    await ours.record(given=True, actor="A1")
    await ours.record(given=False, actor="A2")
    recent = await AuditRecords(database, "office", clock).recent(5)
    told = [(entry.actor, entry.action, entry.subject) for entry, _ in recent]
    assert told == [
        ("A2", "voice.consent_withdrawn", "edge"),
        ("A1", "voice.consent_given", "edge"),
    ]


async def test_two_at_once_are_both_kept_or_one_is_told(database, clock) -> None:
    ours = consents(database, clock)
    done = await asyncio.gather(
        *(ours.record(given=bool(n % 2), actor=f"A{n}") for n in range(4)), return_exceptions=True
    )
    assert all(isinstance(one, Conflict) or one.actor for one in done)
    recent = await AuditRecords(database, "office", clock).recent(9)
    assert len(recent) == sum(not isinstance(one, Conflict) for one in done)
