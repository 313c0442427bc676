"""Logging in and out: who comes in, who does not, how long a session lasts, and what is kept."""

import asyncio

import pytest
from sqlalchemy import text

from assistant.access.accounts import Permission, Role
from assistant.access.desk import AccessDesk
from assistant.access.door import LoggedIn, Refused
from assistant.access.staff import Change, NewAccount
from assistant.domain.account import Account
from assistant.errors import BadInput, Conflict, NotFound
from assistant.records.database import Database
from tests.access.conftest import ADDRESS, PASSWORD, QuickHasher

pytestmark = pytest.mark.contract

NEW = "绿色的门 eleven"


async def let_in(desk: AccessDesk, name: str = "wang.fang", password: str = PASSWORD) -> str:
    came = await desk.door.login(name, password, ADDRESS)
    assert isinstance(came, LoggedIn)
    return came.token


async def actions(desk: AccessDesk) -> list[str]:
    return [entry.action for entry, _ in reversed(await desk.audit.recent())]


@pytest.mark.parametrize("name", ["wang.fang", "Wang.Fang", " ＷＡＮＧ.fang "])
async def test_name_and_password_let_in(desk: AccessDesk, operator: Account, name: str) -> None:
    who = await desk.sessions.find(await let_in(desk, name))
    assert who is not None
    assert who.account == operator
    assert who.may(Permission.RUN_ROOM)
    assert not who.may(Permission.MANAGE_ACCOUNTS)


async def test_the_wrong_password_an_unknown_name_and_a_disabled_account_are_alike(
    desk: AccessDesk, boss: Account, operator: Account, hasher: QuickHasher
) -> None:
    await desk.staff.change(boss.id, operator.id, Change(disabled=True))
    refusals = [
        await desk.door.login("boss", "wrong password", ADDRESS),
        await desk.door.login("nobody", PASSWORD, ADDRESS),
        await desk.door.login("wang.fang", PASSWORD, ADDRESS),
    ]
    assert refusals == [Refused()] * 3
    assert len(hasher.verified) == 3
    assert all(hasher.verified)


async def test_failures_make_the_account_wait_and_waiting_ends(
    desk: AccessDesk, operator: Account, clock, database: Database, new_id, hasher: QuickHasher
) -> None:
    for _ in range(5):
        assert await desk.door.login("wang.fang", "wrong password", ADDRESS) == Refused()
    again = AccessDesk.build(database, "office", clock, new_id, hasher)  # a restart
    tried = len(hasher.verified)
    assert await again.door.login("wang.fang", PASSWORD, "198.51.100.1") == Refused(30)
    assert len(hasher.verified) == tried
    clock.advance(seconds=29.5)
    assert await again.door.login("wang.fang", PASSWORD, ADDRESS) == Refused(1)
    clock.advance(seconds=1)
    assert isinstance(await again.door.login("wang.fang", PASSWORD, ADDRESS), LoggedIn)
    assert await desk.door.login("wang.fang", "wrong password", ADDRESS) == Refused()


async def test_a_thousand_tries_at_once_are_counted_before_they_are_checked(
    desk: AccessDesk, operator: Account, hasher: QuickHasher
) -> None:
    tries = [desk.door.login("wang.fang", f"wrong {n}", ADDRESS) for n in range(25)]
    came = await asyncio.gather(*tries)
    assert len(hasher.verified) == 5
    assert sum(each == Refused(30) for each in came) == 20


async def test_an_address_that_tries_many_names_waits(
    desk: AccessDesk, operator: Account, clock
) -> None:
    for number in range(20):
        assert await desk.door.login(f"name{number}", "wrong password", ADDRESS) == Refused()
    assert await desk.door.login("wang.fang", PASSWORD, ADDRESS) == Refused(30)
    assert isinstance(await desk.door.login("wang.fang", PASSWORD, "198.51.100.1"), LoggedIn)


async def test_old_failures_are_dropped(
    desk: AccessDesk, operator: Account, clock, database: Database
) -> None:
    await desk.door.login("wang.fang", "wrong password", ADDRESS)
    await desk.door.login("nobody", "wrong password", "198.51.100.1")
    clock.advance(days=3)
    await let_in(desk)
    async with database.read() as connection:
        rows = (await connection.execute(text("SELECT failures FROM login_attempts"))).all()
    assert [row.failures for row in rows] == [0]


async def test_right_logins_never_block_an_address(desk: AccessDesk, operator: Account) -> None:
    for _ in range(30):
        await let_in(desk)


async def test_an_administrator_forgives(
    desk: AccessDesk, boss: Account, operator: Account
) -> None:
    for _ in range(5):
        await desk.door.login("wang.fang", "wrong password", ADDRESS)
    await desk.door.unlock(boss.id, operator)
    await let_in(desk)
    assert (await actions(desk)).count("account.unlock") == 1


async def test_a_session_ends_when_idle_and_after_a_day_of_work(
    desk: AccessDesk, operator: Account, clock
) -> None:
    token = await let_in(desk)
    for _ in range(14):
        clock.advance(minutes=50)
        assert await desk.sessions.find(token)
    clock.advance(minutes=50)  # 12 h 30 min in all
    assert await desk.sessions.find(token) is None
    token = await let_in(desk)
    clock.advance(minutes=59)
    assert await desk.sessions.find(token, renew=False)
    clock.advance(minutes=1)
    assert await desk.sessions.find(token) is None


async def test_logging_out_ends_one_session_and_everywhere_all(
    desk: AccessDesk, operator: Account
) -> None:
    one, two, three = [await let_in(desk) for _ in range(3)]
    await desk.sessions.end(one)
    await desk.sessions.end("no such token")
    assert await desk.sessions.find(one) is None
    assert await desk.sessions.find(two)
    assert await desk.sessions.end_all(operator.id, operator.id) == 2
    assert await desk.sessions.find(two) is await desk.sessions.find(three) is None


async def test_a_new_password_and_disabling_end_sessions(
    desk: AccessDesk, boss: Account, operator: Account
) -> None:
    token = await let_in(desk)
    changed = await desk.door.change_password(operator, PASSWORD, NEW, ADDRESS)
    assert isinstance(changed, LoggedIn)
    assert await desk.sessions.find(token) is None
    assert await desk.sessions.find(changed.token)
    await desk.staff.change(boss.id, operator.id, Change(disabled=True))
    assert await desk.sessions.find(changed.token) is None
    await desk.staff.change(boss.id, operator.id, Change(disabled=False))
    assert await desk.sessions.find(changed.token) is None
    await let_in(desk, password=NEW)


async def test_the_old_password_is_asked_for(desk: AccessDesk, operator: Account) -> None:
    assert await desk.door.change_password(operator, "wrong password", NEW, ADDRESS) == Refused()
    with pytest.raises(BadInput):
        await desk.door.change_password(operator, PASSWORD, "1234567890", ADDRESS)
    await let_in(desk)


async def test_a_login_does_not_outlive_the_password_it_was_checked_against(
    desk: AccessDesk, boss: Account, operator: Account
) -> None:
    stored = await desk.staff.stored("wang.fang")
    assert stored
    await desk.staff.set_password(boss.id, operator.id, NEW)
    assert await desk.sessions.start(stored, ADDRESS) is None


async def test_older_hashes_are_renewed_at_login(
    desk: AccessDesk, operator: Account, hasher: QuickHasher
) -> None:
    hasher.version = "2"
    await let_in(desk)
    stored = await desk.staff.stored("wang.fang")
    assert stored
    assert stored.password_hash.startswith("2:")
    await let_in(desk)


async def test_no_secret_is_in_the_database(
    desk: AccessDesk, boss: Account, operator: Account, database: Database
) -> None:
    token = await let_in(desk)
    who = await desk.sessions.find(token)
    scopes = [Permission.WATCH_ROOM]
    _, secret = await desk.sessions.add_token(boss.id, operator, "大屏", scopes, 30)
    await desk.door.login(PASSWORD, "wang.fang", ADDRESS)  # a password where the name belongs
    assert who
    everything = ""
    tables = ("accounts", "account_sessions", "api_tokens", "login_attempts", "audit")
    async with database.read() as connection:
        for table in (*tables, "audit_payloads"):
            rows = (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            assert rows
            everything += str(rows)
    for kept_secret in (token, who.csrf, secret, PASSWORD):
        assert kept_secret not in everything


async def test_every_change_is_in_the_audit_chain(
    desk: AccessDesk, boss: Account, operator: Account
) -> None:
    token = await let_in(desk)
    await desk.sessions.end(token)
    await desk.door.login("wang.fang", "wrong password", ADDRESS)
    await desk.staff.change(boss.id, operator.id, Change(roles=frozenset({Role.REVIEWER})))
    await desk.staff.set_password(boss.id, operator.id, NEW)
    await desk.sessions.end_all(boss.id, operator.id)
    assert await actions(desk) == [
        "account.add",
        "account.add",
        "session.start",
        "session.end",
        "session.refused",
        "account.change",
        "account.password",
        "session.end_all",
    ]
    assert (await desk.audit.verify()).holds


async def test_what_fails_leaves_no_entry(desk: AccessDesk, boss: Account) -> None:
    before = await actions(desk)
    new = NewAccount("boss", frozenset({Role.OPERATOR}))
    with pytest.raises(Conflict):
        await desk.staff.add(boss.id, new, PASSWORD)
    with pytest.raises(Conflict):
        await desk.staff.change(boss.id, boss.id, Change(disabled=True))
    with pytest.raises(Conflict):
        await desk.staff.change(boss.id, boss.id, Change(roles=frozenset({Role.OPERATOR})))
    with pytest.raises(NotFound):
        await desk.staff.set_password(boss.id, "nobody", PASSWORD)
    with pytest.raises(NotFound):
        await desk.staff.named("nobody")
    assert await actions(desk) == before


@pytest.mark.parametrize(
    "wrong",
    [
        NewAccount("x", frozenset({Role.OPERATOR})),
        NewAccount("a b", frozenset({Role.OPERATOR})),
        NewAccount("name", frozenset()),
        NewAccount("name", frozenset({Role.OPERATOR}), "\x00"),
        NewAccount("name", frozenset({Role.OPERATOR}), regions=("33",)),
        NewAccount("name", frozenset({Role.REVIEWER}), is_outsourced=True),
        NewAccount("name", frozenset({Role.ADMINISTRATOR, Role.OPERATOR}), is_outsourced=True),
    ],
)
async def test_an_account_that_must_not_be_is_refused(desk: AccessDesk, wrong: NewAccount) -> None:
    with pytest.raises(BadInput):
        await desk.staff.add("cli", wrong, PASSWORD)


async def test_who_becomes_outsourced_must_stop_approving(desk: AccessDesk, boss: Account) -> None:
    new = NewAccount("li", frozenset({Role.REVIEWER}), regions=("990101",))
    reviewer = (await desk.staff.add(boss.id, new, PASSWORD)).account
    with pytest.raises(BadInput):
        await desk.staff.change(boss.id, reviewer.id, Change(is_outsourced=True))
    change = Change(frozenset({Role.OPERATOR}), "李", (), is_outsourced=True)
    after = await desk.staff.change(boss.id, reviewer.id, change)
    assert await desk.staff.everyone() == [boss, after]
    assert (after.roles, after.regions, after.is_outsourced) == ({Role.OPERATOR}, (), True)


async def test_two_administrators_cannot_both_resign_at_once(
    desk: AccessDesk, boss: Account
) -> None:
    new = NewAccount("second", frozenset({Role.ADMINISTRATOR}))
    second = (await desk.staff.add(boss.id, new, PASSWORD)).account
    resigning = [desk.staff.change(a.id, a.id, Change(disabled=True)) for a in (boss, second)]
    came = await asyncio.gather(*resigning, return_exceptions=True)
    assert sorted(isinstance(each, Conflict) for each in came) == [False, True]
    assert await desk.staff.has_administrator()


async def test_leaving_and_being_put_out_at_once_do_not_wait_for_each_other(
    desk: AccessDesk, boss: Account, operator: Account
) -> None:
    tokens = [await let_in(desk) for _ in range(6)]
    leaving = [desk.sessions.end(token) for token in tokens]
    put_out = [desk.sessions.end_all(boss.id, operator.id) for _ in range(3)]
    await asyncio.gather(*leaving, *put_out)
    assert (await desk.audit.verify()).holds


async def test_organisations_do_not_see_each_other(
    desk: AccessDesk, operator: Account, database: Database, clock, new_id, hasher: QuickHasher
) -> None:
    token = await let_in(desk)
    other = AccessDesk.build(database, "elsewhere", clock, new_id, hasher)
    assert await other.staff.everyone() == []
    assert await other.sessions.find(token) is None
    assert await other.door.login("wang.fang", PASSWORD, ADDRESS) == Refused()
