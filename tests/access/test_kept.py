"""A backup brings accounts, sessions and a chain that still holds."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.access.desk import AccessDesk
from assistant.access.door import LoggedIn
from assistant.domain.account import Account
from assistant.records.backup import back_up, restore
from assistant.records.database import Database
from tests.access.conftest import ADDRESS, PASSWORD, QuickHasher
from tests.support import postgresql

pytestmark = pytest.mark.contract


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Another empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite+aiosqlite:///{tmp_path / 'restored' / 'assistant.sqlite3'}"
        return
    with postgresql.database(request.getfixturevalue("postgres_server")) as url:
        yield url


async def test_a_restored_office_lets_in_and_its_chain_goes_on(
    desk: AccessDesk,
    operator: Account,
    database_url: str,
    empty_url: str,
    data_dir: Path,
    tmp_path: Path,
    clock,
    new_id,
) -> None:
    came = await desk.door.login("wang.fang", PASSWORD, ADDRESS)
    assert isinstance(came, LoggedIn)
    await desk.audit.record("anna", "room.open", "room", {"note": "王芳"})
    await desk.audit.erase(4, "anna", "本人要求")
    before = await desk.audit.verify()
    target = tmp_path / "backup"
    await asyncio.to_thread(back_up, database_url, data_dir, target, clock)
    await asyncio.to_thread(restore, empty_url, tmp_path / "restored", target)
    database = await Database.open(empty_url)
    again = AccessDesk.build(database, "office", clock, new_id, QuickHasher())
    try:
        assert before.holds
        assert await again.audit.verify() == before
        assert await again.sessions.find(came.token)
        assert isinstance(await again.door.login("wang.fang", PASSWORD, ADDRESS), LoggedIn)
        after = await again.audit.verify()
        assert (after.holds, after.entries) == (True, before.entries + 1)
    finally:
        await database.close()
