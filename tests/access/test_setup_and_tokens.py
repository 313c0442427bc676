"""The first administrator's one-time code, and keys for programs."""

import asyncio

import pytest

from assistant.access.accounts import Permission, Role
from assistant.access.desk import AccessDesk
from assistant.access.door import LoggedIn, Refused
from assistant.access.staff import Change, NewAccount
from assistant.domain.account import Account
from assistant.errors import BadInput, Conflict, NotFound
from assistant.records.database import Database
from tests.access.conftest import ADDRESS, PASSWORD, QuickHasher

pytestmark = pytest.mark.contract

FIRST = NewAccount("zhang", display_name="张主任")


async def test_the_code_makes_one_administrator(desk: AccessDesk) -> None:
    code = await desk.setup.open()
    assert code
    came = await desk.setup.finish(code.lower(), FIRST, PASSWORD, ADDRESS)
    assert isinstance(came, LoggedIn)
    assert came.account.roles == {Role.ADMINISTRATOR, Role.OPERATOR}
    assert await desk.sessions.find(came.token)
    assert not await desk.setup.is_open()
    assert await desk.setup.open() is None
    with pytest.raises(Conflict):
        await desk.setup.finish(code, NewAccount("second"), PASSWORD, ADDRESS)


async def test_a_wrong_code_makes_nobody(desk: AccessDesk) -> None:
    assert await desk.setup.open()
    for _ in range(19):
        with pytest.raises(BadInput):
            await desk.setup.finish("AAAAA-AAAAA-AAAAA-AAAAA", FIRST, PASSWORD, ADDRESS)
    with pytest.raises(BadInput):
        await desk.setup.finish("", FIRST, PASSWORD, ADDRESS)
    assert await desk.setup.finish("", FIRST, PASSWORD, ADDRESS) == Refused(30)
    assert await desk.staff.everyone() == []


async def test_a_bad_password_keeps_the_code(desk: AccessDesk) -> None:
    code = await desk.setup.open()
    assert code
    with pytest.raises(BadInput):
        await desk.setup.finish(code, FIRST, "1234567890", ADDRESS)
    assert isinstance(await desk.setup.finish(code, FIRST, PASSWORD, ADDRESS), LoggedIn)


async def test_a_restart_ends_the_code(
    desk: AccessDesk, database: Database, clock, new_id, hasher: QuickHasher
) -> None:
    code = await desk.setup.open()
    assert code
    again = AccessDesk.build(database, "office", clock, new_id, hasher)
    with pytest.raises(Conflict):
        await again.setup.finish(code, FIRST, PASSWORD, ADDRESS)
    assert await again.setup.open() != code
    with pytest.raises(BadInput):
        await again.setup.finish(code, FIRST, PASSWORD, ADDRESS)


async def test_a_code_used_twice_at_once_makes_one(desk: AccessDesk) -> None:
    code = await desk.setup.open()
    assert code
    tries = [desk.setup.finish(code, NewAccount(f"name{n}"), PASSWORD, ADDRESS) for n in range(3)]
    came = await asyncio.gather(*tries, return_exceptions=True)
    late = [each for each in came if not isinstance(each, LoggedIn)]
    assert len(late) == 2
    # the code is gone for one who comes when it is done, and taken for one who is in the middle
    assert all(isinstance(each, Conflict | BadInput) for each in late)
    assert len(await desk.staff.everyone()) == 1


async def test_a_key_may_what_its_scope_and_its_account_may(
    desk: AccessDesk, boss: Account, operator: Account, clock
) -> None:
    scopes = [Permission.WATCH_ROOM, Permission.RUN_ROOM]
    token, secret = await desk.sessions.add_token(boss.id, operator, "大屏", scopes, 30)
    who = await desk.sessions.find_program(secret)
    assert who
    assert [p for p in Permission if who.may(p)] == scopes
    change = Change(roles=frozenset({Role.EVALUATOR}))
    await desk.staff.change(boss.id, operator.id, change)
    who = await desk.sessions.find_program(secret)
    assert who
    assert [p for p in Permission if who.may(p)] == [Permission.WATCH_ROOM]
    clock.advance(days=30)
    assert await desk.sessions.find_program(secret) is None
    assert list(await desk.sessions.tokens(operator)) == [token]


async def test_a_key_ends_when_revoked_or_its_account_is_disabled(
    desk: AccessDesk, boss: Account, operator: Account
) -> None:
    scopes = [Permission.WATCH_ROOM]
    one, first = await desk.sessions.add_token(boss.id, operator, "一", scopes, 30)
    _, second = await desk.sessions.add_token(boss.id, operator, "二", scopes, 30)
    await desk.sessions.revoke_token(boss.id, one.id)
    assert await desk.sessions.find_program(first) is None
    assert await desk.sessions.find_program(second)
    with pytest.raises(NotFound):
        await desk.sessions.revoke_token(boss.id, one.id)
    await desk.staff.change(boss.id, operator.id, Change(disabled=True))
    assert await desk.sessions.find_program(second) is None
    assert await desk.sessions.find_program("lqd_unknown") is None


@pytest.mark.parametrize(
    ("scopes", "days"),
    [
        ([], 30),
        ([Permission.MANAGE_ACCOUNTS], 30),
        ([Permission.RUN_ROOM], 0),
        ([Permission.RUN_ROOM], 367),
    ],
)
async def test_a_key_that_must_not_be_is_refused(
    desk: AccessDesk, boss: Account, operator: Account, scopes: list[Permission], days: int
) -> None:
    with pytest.raises(BadInput):
        await desk.sessions.add_token(boss.id, operator, "x", scopes, days)
