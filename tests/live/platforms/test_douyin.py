"""Douyin: signed pushes, tasks that stop, tokens that end, storing that is slow."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from assistant.domain.live import EventType
from assistant.errors import Forbidden, FormatError, Unavailable
from assistant.live.platforms.douyin_push import parse, signature
from tests.live.platforms.contract import asked, running
from tests.live.platforms.rigs import QUICK, DouyinRig, douyin, douyin_rig
from tests.support.douyin_server import DouyinServer, comment, signed_headers
from tests.support.platforms import ManualClock, Recorder, settled

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def rig() -> AsyncIterator[DouyinRig]:
    async with douyin_rig() as opened:
        yield opened


def pushed(*names: str) -> bytes:
    return json.dumps([comment(name) for name in names], ensure_ascii=False).encode()


def test_the_signature_is_that_of_the_platforms_own_example() -> None:
    # developer.open-douyin.com, 直播玩法 → 用户快捷选队 → 签名方式
    headers = {
        "x-nonce-str": "123456",
        "x-timestamp": "456789",
        "x-roomid": "268",
        "x-msg-type": "user_group",
    }
    assert signature(headers, "abc123你好".encode(), "123abc") == "GAkalGmhzqlUGQO/TgvMug=="


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("live_comment", {"content": "问"}, (EventType.COMMENT, "问", 1)),
        ("live_gift", {"gift_num": 3, "content": "x"}, (EventType.GIFT, "", 3)),
        ("live_like", {"like_num": 9}, (EventType.LIKE, "", 9)),
        ("live_fansclub", {"fansclub_reason_type": 2}, (EventType.FOLLOW, "", 1)),
        ("live_follow", {"user_follow_action": 1}, (EventType.FOLLOW, "", 1)),
    ],
)
def test_each_kind_is_an_event(
    kind: str, message: dict[str, object], expected: tuple[object, ...]
) -> None:
    base = {"msg_id": "1", "sec_openid": "o", "nickname": "n", "timestamp": 1_772_409_600_000}
    (event,), rejected = parse(kind, json.dumps([base | message]).encode(), NOW)
    assert (event.type, event.text, event.count) == expected
    assert (event.event_id, event.user.id, event.user.name) == ("1", "o", "n")
    assert event.at == datetime(2026, 3, 2, tzinfo=UTC)
    assert rejected == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [("live_follow", {"user_follow_action": 2}), ("live_fansclub", {"fansclub_reason_type": 16})],
)
def test_who_leaves_is_no_follower(kind: str, message: dict[str, object]) -> None:
    assert parse(kind, json.dumps([{"msg_id": "1"} | message]).encode(), NOW) == ([], [])


def test_every_message_of_a_push_is_read_and_a_bad_one_costs_only_itself() -> None:
    body = json.dumps([comment("1"), "no", {"content": "no id"}, comment("2")]).encode()
    events, rejected = parse("live_comment", body, NOW)
    assert [event.text for event in events] == asked("1", "2")
    assert [each.index for each in rejected] == [1, 2]


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"\xff", b'"x"'])
def test_what_is_no_array_is_refused(body: bytes) -> None:
    with pytest.raises(FormatError):
        parse("live_comment", body, NOW)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(FormatError):
        parse("live_unknown", b"[]", NOW)


@pytest.mark.parametrize(
    "headers",
    [
        signed_headers(pushed("1"), secret="wrong"),
        signed_headers(pushed("2")),
        signed_headers(pushed("1"), **{"x-roomid": "999"}),
        signed_headers(pushed("1"), **{"x-timestamp": "1000"}),
        signed_headers(pushed("1"), **{"x-timestamp": "9" * 40}),
        signed_headers(pushed("1"), **{"x-timestamp": "soon"}),
        signed_headers(pushed("1")) | {"x-signature": "你"},
        signed_headers(pushed("1")) | {"x-msg-type": "live_gift"},
        {},
    ],
)
async def test_what_the_platform_did_not_sign_is_refused(
    rig: DouyinRig, headers: dict[str, str]
) -> None:
    receive = Recorder()
    async with running(rig, receive):
        with pytest.raises(Forbidden):
            await rig.platform.accept(headers, pushed("1"))
    assert receive.events == []


async def test_a_push_is_answered_with_what_is_new_and_what_is_not(rig: DouyinRig) -> None:
    async with running(rig, Recorder()):
        body = pushed("1", "2", "1")
        first = await rig.platform.accept(signed_headers(body), body)
        again = await rig.platform.accept(signed_headers(body), body)
    assert (first.accepted, first.duplicate) == (("m1", "m2"), ("m1",))
    assert (again.accepted, again.duplicate) == ((), ("m1", "m2", "m1"))


async def test_slow_storing_is_answered_by_an_error_and_loses_nothing() -> None:
    async with douyin_rig(acknowledge_within=0.05) as rig:
        receive = Recorder()
        async with running(rig, receive):
            receive.gate.clear()
            body = pushed("1")
            with pytest.raises(Unavailable):
                await rig.platform.accept(signed_headers(body), body)
            assert receive.events == []
            receive.gate.set()
            await receive.has(1)  # what was begun is finished
            await settled()
            receipt = await rig.platform.accept(signed_headers(body), body)
        assert receipt.duplicate == ("m1",)
        assert receive.texts == asked("1")


async def test_before_the_room_is_open_a_push_is_answered_by_an_error(rig: DouyinRig) -> None:
    body = pushed("1")
    with pytest.raises(Unavailable):
        await rig.platform.accept(signed_headers(body), body)


async def test_a_task_that_stopped_is_started_again(rig: DouyinRig) -> None:
    async with running(rig, Recorder()):
        starts = rig.server.starts
        rig.server.forget()
        await rig.ready()
        assert rig.server.starts > starts
    assert rig.server.problems == []


async def test_a_revoked_token_is_renewed_within_the_call(rig: DouyinRig) -> None:
    async with running(rig, Recorder()):
        rig.server.revoke()
        await rig.server.until(lambda: len(rig.server.tokens) == 2)
        rig.server.forget()
        await rig.ready()
        assert rig.platform.state.reconnects == 0
    assert len(rig.server.tokens) == 2


async def test_one_token_serves_until_ten_minutes_before_its_end() -> None:
    clock = ManualClock(datetime.now(UTC))
    async with httpx.AsyncClient() as http, DouyinServer().serving() as server:
        server.life = 1200
        settings = {"check_every": 60.0, "kinds": ("live_comment",)}
        platform = douyin(server, http, replace(QUICK, dead_after=None), clock, **settings)
        task = asyncio.create_task(platform.run(Recorder()))
        minutes = 0
        while len(server.tokens) < 2:
            await clock.until(lambda: 60.0 in clock.slept)
            clock.slept.clear()
            await clock.advance(60)
            minutes += 1
            await server.until(lambda m=minutes: server.checks >= m)
        await stopped(task)
        assert minutes == 10


async def test_without_permission_for_gifts_comments_still_come(rig: DouyinRig) -> None:
    rig.server.start_errors = {"live_gift": [5003019] * 10_000}
    async with running(rig, Recorder()):
        assert rig.platform.state.connected
        assert "live_gift" in rig.platform.state.last_error


@pytest.mark.parametrize(
    ("code", "rest", "said"), [(5003019, 30.0, "不能开启推送"), (10001, 10.0, "内部错误")]
)
async def test_without_comments_it_is_not_connected_and_says_why(
    code: int, rest: float, said: str
) -> None:
    clock = ManualClock(datetime.now(UTC))
    async with httpx.AsyncClient() as http, DouyinServer().serving() as server:
        server.start_errors = {"live_comment": [code]}
        platform = douyin(server, http, clock=clock)
        task = asyncio.create_task(platform.run(Recorder()))
        await clock.until(lambda: rest in clock.slept)
        assert said in platform.state.last_error
        assert not platform.state.connected
        await clock.advance(rest)
        await server.until(lambda: "live_comment" in server.running)
        await stopped(task)


async def test_a_wrong_app_secret_is_shown_without_it() -> None:
    clock = ManualClock(datetime.now(UTC))
    async with httpx.AsyncClient() as http, DouyinServer().serving() as server:
        platform = douyin(server, http, clock=clock, app_secret="very-secret")
        task = asyncio.create_task(platform.run(Recorder()))
        await clock.until(lambda: 300.0 in clock.slept)
        assert "app_secret 错误" in platform.state.last_error
        assert "very-secret" not in platform.state.last_error + repr(platform._config)
        await stopped(task)


async def stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
