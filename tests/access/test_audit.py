"""The chain: whatever is changed, removed or slipped in is found; what is erased is said to be."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from assistant.access.audit import Anchor
from assistant.access.desk import AccessDesk
from assistant.domain.audit import AuditEntry, AuditPayload
from assistant.errors import NotFound
from assistant.records.accounts_schema import audit, audit_heads, audit_payloads
from assistant.records.database import Database

pytestmark = pytest.mark.contract

ENTRY = AuditEntry(
    "office", 3, datetime(2026, 1, 1, tzinfo=UTC), "a", "b", "c", "digest", "previous"
)


async def three(desk: AccessDesk) -> None:
    for number in range(3):
        await desk.audit.record("anna", "room.open", f"room-{number}", {"note": "王芳"})


async def unguarded(database: Database, statement) -> None:
    """What somebody does who has the database and drops its guard first."""
    async with database.write() as connection:
        if database.dialect == "postgresql":
            await connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_kept"))
        else:
            await connection.execute(text("DROP TRIGGER IF EXISTS audit_kept_update"))
            await connection.execute(text("DROP TRIGGER IF EXISTS audit_kept_delete"))
        await connection.execute(statement)


async def test_a_whole_chain_holds(desk: AccessDesk) -> None:
    assert (await desk.audit.verify()).holds
    await three(desk)
    found = await desk.audit.verify()
    assert (found.entries, found.erased, found.faults) == (3, 0, ())
    newest, payload = (await desk.audit.recent(1))[0]
    assert (newest.number, newest.digest, newest.subject) == (3, found.head, "room-2")
    assert payload is not None
    assert "王芳" in payload.body


async def test_the_chain_holds_no_details(desk: AccessDesk) -> None:
    await three(desk)
    entry, payload = (await desk.audit.recent(1))[0]
    assert "王芳" not in str(entry)
    assert len({(await desk.audit.recent(3))[n][0].payload_digest for n in range(3)}) == 3
    assert payload is not None
    assert payload.digest() == entry.payload_digest


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "bert"},
        {"action": "room.close"},
        {"subject": "room-9"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"payload_digest": "0" * 64},
        {"previous": "0" * 64},
        {"digest": "0" * 64},
    ],
)
async def test_a_changed_entry_is_found(desk: AccessDesk, database: Database, values: dict) -> None:
    await three(desk)
    await unguarded(database, update(audit).where(audit.c.number == 2).values(values))
    assert not (await desk.audit.verify()).holds


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_removed_entry_is_found(desk: AccessDesk, database: Database, number: int) -> None:
    await three(desk)
    await unguarded(database, delete(audit).where(audit.c.number == number))
    assert not (await desk.audit.verify()).holds


async def test_changed_details_are_found(desk: AccessDesk, database: Database) -> None:
    await three(desk)
    changed = update(audit_payloads).where(audit_payloads.c.number == 2).values(body="{}")
    await unguarded(database, changed)
    assert (await desk.audit.verify()).faults == ("第 2 条的内容被改动",)


async def test_details_that_vanish_without_a_word_are_found(
    desk: AccessDesk, database: Database
) -> None:
    await three(desk)
    await unguarded(database, delete(audit_payloads).where(audit_payloads.c.number == 2))
    assert len((await desk.audit.verify()).faults) == 1


async def test_erased_details_are_gone_and_the_chain_holds(
    desk: AccessDesk, database: Database
) -> None:
    await three(desk)
    await desk.audit.erase(2, "anna", "本人要求")
    found = await desk.audit.verify()
    assert (found.holds, found.entries, found.erased) == (True, 4, 1)
    assert [payload is None for _, payload in await desk.audit.recent(4)] == [
        False,
        False,
        True,
        False,
    ]
    for number in (2, 77):
        with pytest.raises(NotFound):
            await desk.audit.erase(number, "anna", "再次")
    assert (await desk.audit.verify()).entries == 4


async def test_a_chain_that_was_cut_and_mended_fails_the_anchor(
    desk: AccessDesk, database: Database
) -> None:
    await three(desk)
    written_down = Anchor(3, (await desk.audit.verify()).head)
    assert (await desk.audit.verify(written_down)).holds
    second = (await desk.audit.recent(3))[1][0]
    await unguarded(database, delete(audit).where(audit.c.number == 3))
    await unguarded(database, delete(audit_payloads).where(audit_payloads.c.number == 3))
    await unguarded(database, update(audit_heads).values(number=2, digest=second.digest))
    assert (await desk.audit.verify()).holds
    assert not (await desk.audit.verify(written_down)).holds
    await desk.audit.record("bert", "room.open", "room-2")
    assert not (await desk.audit.verify(written_down)).holds


async def test_the_database_itself_refuses_to_change_the_chain(
    desk: AccessDesk, database: Database
) -> None:
    await three(desk)
    statements = [update(audit).values(actor="bert"), delete(audit)]
    if database.dialect == "postgresql":
        statements.append(text("TRUNCATE audit"))
    for statement in statements:
        with pytest.raises(DBAPIError, match="only grows"):
            async with database.write() as connection:
                await connection.execute(statement)
    assert (await desk.audit.verify()).entries == 3


async def test_writers_at_the_same_moment_make_one_chain(
    database: Database, database_url: str, clock, new_id
) -> None:
    other = await Database.open(database_url)
    desks = [AccessDesk.build(each, "office", clock, new_id) for each in (database, other)]
    writes = [
        desks[n % 2].audit.record(f"actor-{n}", "room.open", "room", {"n": n}) for n in range(40)
    ]
    await asyncio.gather(*writes)
    found = await desks[0].audit.verify()
    await other.close()
    assert (found.holds, found.entries) == (True, 40)


async def test_each_organisation_has_its_own_chain(
    desk: AccessDesk, database: Database, clock, new_id
) -> None:
    other = AccessDesk.build(database, "elsewhere", clock, new_id)
    await three(desk)
    await other.audit.record("carl", "room.open", "room")
    assert [e.organization for e, _ in await other.audit.recent()] == ["elsewhere"]
    assert (await other.audit.verify()).entries == 1
    await unguarded(database, insert(audit).values(_foreign(await other.audit.recent())))
    assert not (await desk.audit.verify()).holds


def _foreign(recent: list) -> dict:
    entry = recent[0][0]
    return {
        "organization_id": "office",
        "number": 4,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "payload_digest": entry.payload_digest,
        "previous": entry.previous,
        "digest": entry.digest,
    }


@given(st.text(), st.text(), st.text(), st.text())
def test_no_two_entries_have_one_digest(actor: str, action: str, other: str, more: str) -> None:
    """Moving a character from one field to the next is a change."""
    one = replace(ENTRY, actor=actor, action=action)
    two = replace(ENTRY, actor=other, action=more)
    assert (one.sealed() == two.sealed()) == ((actor, action) == (other, more))
    salted = AuditPayload(actor, action), AuditPayload(other, more)
    assert (salted[0].digest() == salted[1].digest()) == (salted[0] == salted[1])
