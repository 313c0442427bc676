"""The signed webhook: what is let in, what is not, and what goes out."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadInput, Forbidden, FormatError, ReplyFailed, Unavailable
from assistant.live.platforms.event_rows import PLATFORMS
from assistant.live.platforms.webhook import (
    SIGNATURE,
    TIMESTAMP,
    Webhook,
    WebhookConfig,
    sign,
    verify,
)
from assistant.live.platforms.webhook_body import parse
from tests.live.platforms.contract import asked, running
from tests.live.platforms.rigs import WebhookRig, webhook_rig
from tests.support.platforms import Answer, Asked, HttpServer, ManualClock, RealClock, Recorder

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


@pytest.fixture
async def rig() -> AsyncIterator[WebhookRig]:
    async with webhook_rig(ManualClock(NOW)) as opened:
        yield opened


def signed(body: bytes, secret: str = "new", stamp: str = STAMP) -> dict[str, str]:
    return {TIMESTAMP: stamp, SIGNATURE: sign(secret, stamp, body)}


def test_the_signature_is_what_the_documentation_says() -> None:
    expected = hmac.new(b"s", b"1772442000.{}", hashlib.sha256).hexdigest()
    assert sign("s", "1772442000", b"{}") == f"v1={expected}"


@pytest.mark.parametrize("secret", ["old", "new"])
@pytest.mark.parametrize("late", [-300, 0, 300])
def test_every_secret_is_good_within_the_window(secret: str, late: int) -> None:
    verify(signed(b"x", secret), b"x", ("old", "new"), NOW.timestamp() + late, 300)


@pytest.mark.parametrize(
    ("headers", "late"),
    [
        (signed(b"x", "another"), 0),
        (signed(b"y"), 0),
        (signed(b"x"), 301),
        (signed(b"x"), -301),
        (signed(b"x") | {TIMESTAMP: str(int(STAMP) + 1)}, 0),
        (signed(b"x", stamp="soon"), 0),
        (signed(b"x", stamp="1" * 400), 0),
        ({TIMESTAMP: STAMP}, 0),
        ({SIGNATURE: sign("new", STAMP, b"x")}, 0),
        (signed(b"x") | {SIGNATURE: ""}, 0),
        (signed(b"x") | {SIGNATURE: "签名"}, 0),
        (signed(b"x") | {SIGNATURE: sign("new", STAMP, b"x").replace("v1=", "v0=")}, 0),
        ({}, 0),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str], late: int) -> None:
    with pytest.raises(Forbidden):
        verify(headers, b"x", ("old", "new"), NOW.timestamp() + late, 300)


def test_names_of_headers_have_no_case_and_several_signatures_may_stand() -> None:
    headers = {
        TIMESTAMP.lower(): STAMP,
        SIGNATURE.upper(): f"v1=00, {sign('new', STAMP, b'x')}",
    }
    verify(headers, b"x", ("new",), NOW.timestamp(), 300)


@given(st.binary(max_size=64), st.text(min_size=1, max_size=8), st.binary(min_size=1, max_size=64))
def test_only_the_signed_body_is_good(body: bytes, secret: str, other: bytes) -> None:
    secret = secret.encode("utf-8", "ignore").decode() or "s"
    headers = signed(body, secret)
    verify(headers, body, (secret,), NOW.timestamp(), 300)
    with pytest.raises(Forbidden):
        verify(headers, body + other, (secret,), NOW.timestamp(), 300)


def shapes(rows: list[object]) -> dict[str, str]:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    return {
        "array": json.dumps(rows, indent=2),
        "lines": "\n".join(lines),
        "windows lines": "\ufeff" + "\r\n\r\n".join(lines) + "\r\n",
    }


@pytest.mark.parametrize("shape", ["array", "lines", "windows lines"])
async def test_every_event_of_a_batch_is_taken(rig: WebhookRig, shape: str) -> None:
    body = shapes([rig.event(name) for name in "12345"])[shape].encode()
    receive = Recorder()
    async with running(rig, receive):
        receipt = await rig.platform.accept(rig.headers(body), body)
    assert receipt.accepted == ("w1", "w2", "w3", "w4", "w5")
    assert receive.texts == asked(*"12345")
    assert receive.calls == 1


async def test_one_event_alone_may_be_spread_over_lines(rig: WebhookRig) -> None:
    body = json.dumps(rig.event("1"), indent=2).encode()
    async with running(rig, Recorder()):
        assert (await rig.platform.accept(rig.headers(body), body)).accepted == ("w1",)


async def test_a_bad_event_is_named_by_its_index_and_costs_only_itself(rig: WebhookRig) -> None:
    rows = [rig.event("1"), rig.event("2") | {"colour": 1}, 7, rig.event("3") | {"type": "x"}]
    body = json.dumps([*rows, rig.event("4"), rig.event("1")]).encode()
    receive = Recorder()
    async with running(rig, receive):
        receipt = await rig.platform.accept(rig.headers(body), body)
    assert (receipt.accepted, receipt.duplicate) == (("w1", "w4"), ("w1",))
    assert [(each.index, each.error[:9]) for each in receipt.rejected] == [
        (1, "键 colour："),
        (2, "应为对象"),
        (3, "键 type：不认"),
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"[", b"[]", b"7", b"\xff", b"[" * 100_000])
async def test_a_body_without_an_event_is_refused(rig: WebhookRig, body: bytes) -> None:
    receive = Recorder()
    async with running(rig, receive):
        with pytest.raises(FormatError):
            await rig.platform.accept(rig.headers(body), body)
    assert receive.calls == 0


async def test_an_error_repeats_nothing_of_the_comment(rig: WebhookRig) -> None:
    body = json.dumps([rig.event("1") | {"text": 13800138000}]).encode()
    async with running(rig, Recorder()):
        with pytest.raises(FormatError) as error:
            await rig.platform.accept(rig.headers(body), body)
    assert "138" not in str(error.value)


async def test_limits_hold_before_anything_is_read() -> None:
    async with webhook_rig(max_bytes=400, max_events=2) as rig, running(rig, Recorder()):
        for body in (b"x" * 401, b"{}\n{}\n{}"):
            with pytest.raises(BadInput):
                await rig.platform.accept(rig.headers(body), body)


async def test_the_largest_batch_is_taken_whole(rig: WebhookRig) -> None:
    body = json.dumps([rig.event(str(number)) for number in range(1_000)]).encode()
    receive = Recorder()
    async with running(rig, receive):
        receipt = await rig.platform.accept(rig.headers(body), body)
    assert len(receipt.accepted) == len(receive.events) == 1_000
    assert receive.texts == asked(*map(str, range(1_000)))


async def test_a_replayed_push_changes_nothing_and_an_old_one_is_refused(rig: WebhookRig) -> None:
    body = json.dumps(rig.event("1")).encode()
    headers, receive = signed(body), Recorder()
    async with running(rig, receive):
        await rig.platform.accept(headers, body)
        assert (await rig.platform.accept(headers, body)).duplicate == ("w1",)
        await rig._clock.advance(301)
        with pytest.raises(Forbidden):
            await rig.platform.accept(headers, body)
    assert receive.texts == asked("1")


async def test_before_the_room_is_open_the_sender_must_repeat(rig: WebhookRig) -> None:
    body = json.dumps(rig.event("1")).encode()
    with pytest.raises(Unavailable):
        await rig.platform.accept(signed(body), body)


async def test_when_storing_fails_the_sender_is_told_and_may_repeat(rig: WebhookRig) -> None:
    body = json.dumps(rig.event("1")).encode()
    receive = Recorder(refuse=1)
    async with running(rig, receive):
        with pytest.raises(OSError, match="disk full"):
            await rig.platform.accept(signed(body), body)
        assert (await rig.platform.accept(signed(body), body)).accepted == ("w1",)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (1_772_409_600.5, datetime(2026, 3, 2, 0, 0, 0, 500_000, tzinfo=UTC)),
        (12.5, NOW),
        (NOW.timestamp() + 3600, NOW),
    ],
)
def test_the_moment_is_unix_time_and_never_ahead(at: float, expected: datetime) -> None:
    row = {"event_id": "1", "platform": "webhook", "room_id": "r", "type": "enter", "at": at}
    (event,), _ = parse(json.dumps(row).encode(), NOW, PLATFORMS, 10, can_reply=False)
    assert event.at == expected


def test_milliseconds_are_refused_and_so_is_a_platform_that_is_not_brought() -> None:
    row = {"event_id": "1", "platform": "webhook", "room_id": "r", "type": "enter", "at": 1.7e12}
    rows = [row, row | {"platform": "page", "at": 1}]
    _, rejected = parse(
        json.dumps(rows).encode(), NOW, ("webhook", "kuaishou"), 10, can_reply=False
    )
    assert ["毫秒" in rejected[0].error, "webhook、kuaishou" in rejected[1].error] == [True, True]


async def test_silence_is_noticed() -> None:
    clock = ManualClock(NOW)
    async with webhook_rig(clock, silent_after=600.0) as rig, running(rig, Recorder()):
        await clock.advance(599)
        assert not rig.platform.state.is_silent
        await clock.advance(1)
        assert rig.platform.state.is_silent
        await rig.send("1")
        assert not rig.platform.state.is_silent


# ---- replies


@asynccontextmanager
async def replying(*statuses: int) -> AsyncIterator[tuple[Webhook, HttpServer]]:
    left = list(statuses)

    async def handler(_asked: Asked) -> Answer:
        return left.pop(0), {}

    async with httpx.AsyncClient() as http, HttpServer(handler).serving() as server:
        config = WebhookConfig(("new", "old"), reply_url=server.url + "/reply")
        yield Webhook(config, RealClock(), http), server


async def test_a_reply_goes_out_signed_with_its_key() -> None:
    async with replying(200) as (webhook, server):
        await webhook.reply("kuaishou u1", "请到窗口办理", "key-1")
    (request,) = server.asked
    assert request.path == "/reply"
    assert request.headers["idempotency-key"] == "key-1"
    expected = {"key": "key-1", "platform": "kuaishou", "user_id": "u1", "text": "请到窗口办理"}
    assert request.json == expected
    verify(request.headers, request.body, ("new",), RealClock().now().timestamp(), 300)


@pytest.mark.parametrize(
    ("status", "retryable"), [(500, True), (503, True), (429, True), (400, False), (302, False)]
)
async def test_a_reply_that_was_not_taken_says_whether_to_try_again(
    status: int, retryable: bool
) -> None:
    async with replying(status) as (webhook, _):
        with pytest.raises(ReplyFailed) as error:
            await webhook.reply("webhook u1", "好", "k")
    assert error.value.retryable is retryable


async def test_a_reply_address_that_is_down_is_tried_again_without_showing_it() -> None:
    async with webhook_rig() as rig:
        with pytest.raises(ReplyFailed) as error:
            await rig.platform.reply("webhook u1", "好", "k")
    assert error.value.retryable
    assert "127.0.0.1" not in str(error.value)


def test_an_address_is_given_only_where_it_can_be_used() -> None:
    row = {"event_id": "1", "platform": "kuaishou", "room_id": "r", "type": "comment", "at": 1}
    body = json.dumps(row | {"text": "问", "user": {"id": "u 1"}}).encode()
    late = NOW + timedelta(seconds=1)
    (with_address,), _ = parse(body, late, PLATFORMS, 10, can_reply=True)
    (without,), _ = parse(body, late, PLATFORMS, 10, can_reply=False)
    assert (with_address.reply_to, without.reply_to) == ("kuaishou u 1", "")
