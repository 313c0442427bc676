"""The error bound that was chosen: the newest word counts, and each is in the audit chain."""

import asyncio

import pytest

from assistant.errors import Conflict
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.error_bounds import Choice, ErrorBounds

pytestmark = pytest.mark.contract


def bounds(database: Database, clock, owner: str = "office") -> ErrorBounds:
    return ErrorBounds(database, owner, clock, AuditRecords(database, owner, clock))


async def test_the_newest_word_counts_and_is_the_organisations_own(database, clock) -> None:
    ours, theirs = bounds(database, clock), bounds(database, clock, "other")
    assert await ours.current() is None
    set_ = await ours.record(Choice.BOUND, actor="A1", rate=0.02, confidence=0.9)
    assert await ours.current() == set_
    assert await theirs.current() is None
    await ours.record(Choice.NONE, actor="A2")
    now = await ours.current()
    assert (now.choice, now.rate, now.confidence, now.actor) == (Choice.NONE, None, None, "A2")


async def test_each_word_is_in_the_audit_chain_with_its_bound(database, clock) -> None:
    ours = bounds(database, clock)
    await ours.record(Choice.BOUND, actor="A1", rate=0.025, confidence=0.95)
    await ours.record(Choice.SETTING, actor="A2")
    recent = await AuditRecords(database, "office", clock).recent(5)
    told = [(entry.actor, entry.action, entry.subject) for entry, _ in recent]
    assert told == [("A2", "bound.setting", "verdict"), ("A1", "bound.bound", "verdict")]
    assert recent[1][1].body == '{"confidence": "95.0%", "rate": "2.50%"}'


async def test_two_at_once_are_both_kept_or_one_is_told(database, clock) -> None:
    ours = bounds(database, clock)
    done = await asyncio.gather(
        *(
            ours.record(Choice.BOUND, actor=f"A{n}", rate=0.01 * n, confidence=0.95)
            for n in (1, 2, 3, 4)
        ),
        return_exceptions=True,
    )
    kept = [one for one in done if not isinstance(one, Conflict)]
    assert all(one.actor for one in kept)
    recent = await AuditRecords(database, "office", clock).recent(9)
    assert len(recent) == len(kept) > 0
