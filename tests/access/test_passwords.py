"""What is accepted as a password, how it is kept, and how failures slow the next try down."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.access import throttle
from assistant.access.passwords import AT_ONCE, WAITING, Passwords, check
from assistant.access.secrets import (
    csrf_of,
    digest,
    new_code,
    new_token,
    plain_code,
    same,
)
from assistant.access.throttle import ACCOUNT, ADDRESS, address_key
from assistant.domain.account import Attempts
from assistant.errors import BadInput, Unavailable
from tests.support.templates import recommended

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("password", ["蓝色的窗户 seven", "correct horse battery", "x9$Lm2!qZr"])
def test_a_good_password_is_accepted(password: str) -> None:
    check(password, "wangfang")


@pytest.mark.parametrize(
    "password",
    [
        "short1!aB",
        "x" * 201,
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "1234567890",
        "１２３４５６７８９０",
        "Password123",
        "woaini1314520",
        "my wangfang 88",
        "WANGFANG2026!",
    ],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        check(password, "wangfang")


async def test_argon2_makes_the_hash_and_newer_parameters_renew_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    monkeypatch.setattr(PasswordHash, "recommended", recommended)  # as in service
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    old = await Passwords(weak).hash("蓝色的窗户 seven")
    assert old.startswith("$argon2id$")
    is_right, newer = await Passwords().verify("蓝色的窗户 seven", old)
    assert is_right
    assert newer is not None
    assert "m=65536" in newer
    assert await Passwords().verify("蓝色的窗户 seven", newer) == (True, None)
    assert (await Passwords().verify("蓝色的窗户 eight", newer))[0] is False


async def test_width_of_characters_does_not_matter() -> None:
    hashes = Passwords()
    assert (await hashes.verify("ａｂｃ　１２３ window", await hashes.hash("abc 123 window")))[0]


class Slow:
    """Hashes only when told."""

    def __init__(self) -> None:
        self.at_once = self.most = 0
        self.free, self.full = asyncio.Event(), asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def hash(self, password: str) -> str:
        return "hash"

    def verify_and_update(self, password: str, hash: str) -> tuple[bool, str | None]:  # noqa: A002
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        if self.at_once == AT_ONCE:
            self.loop.call_soon_threadsafe(self.full.set)
        asyncio.run_coroutine_threadsafe(self.free.wait(), self.loop).result()
        self.at_once -= 1
        return False, None


async def test_few_at_once_and_not_too_many_in_the_queue() -> None:
    slow = Slow()
    hashes = Passwords(slow)
    tries = [asyncio.create_task(hashes.verify("p", "hash")) for _ in range(WAITING)]
    await slow.full.wait()
    with pytest.raises(Unavailable):
        await hashes.verify("p", "hash")
    slow.free.set()
    await asyncio.gather(*tries)
    assert slow.most == AT_ONCE
    assert await hashes.verify("p", "hash") == (False, None)


def test_waits_grow_and_end() -> None:
    known, waits = Attempts(0, NOW), []
    for _ in range(40):
        known = ACCOUNT(known, NOW)
        waits.append(known.blocked_until and (known.blocked_until - NOW).total_seconds())
    assert waits[:7] == [None] * 4 + [30, 60, 120]
    assert waits[-1] == 15 * 60


@given(st.integers(0, 1000), st.integers(0, 10**6), st.sampled_from([ACCOUNT, ADDRESS]))
def test_more_failures_never_wait_less_and_quiet_forgives(
    failures: int, seconds: int, limit: throttle.Limit
) -> None:
    later = NOW + timedelta(seconds=seconds)
    one, more = (limit(Attempts(n, NOW), later) for n in (failures, failures + 1))
    assert one.failures <= more.failures
    ends = [each.blocked_until or later for each in (one, more)]
    assert ends[0] <= ends[1] <= later + limit.longest
    assert limit(Attempts(failures, NOW), later + limit.forgiven * 2000).failures == 1


def test_an_ipv6_network_is_one_address() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:2")
    assert address_key("2001:db8::1") != address_key("2001:db8:0:1::1")
    assert address_key("::ffff:192.0.2.1") == address_key("192.0.2.1")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    assert address_key("unix socket") != address_key("")


def test_secrets_differ_and_what_is_derived_does_not_give_them_away() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)
    token = tokens.pop()
    assert len({token, digest(token), csrf_of(token)}) == 3
    assert not same(csrf_of(token), csrf_of(tokens.pop()))


def test_a_code_is_read_with_and_without_its_hyphens() -> None:
    code = new_code()
    assert plain_code(code) == plain_code(f" {code.replace('-', ' ').lower()} ")
    assert len(plain_code(code)) == 20


@given(st.text(), st.text())
def test_same_is_equality(left: str, right: str) -> None:
    assert same(left, left)
    broken = (text.encode("utf-8", "replace") for text in (left, right))
    assert same(left, right) == (len(set(broken)) == 1)
