"""Bilibili against a loopback server that drops, refuses, falls silent and sends garbage."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from assistant.live.platforms import bilibili_api
from tests.live.platforms.contract import asked, running
from tests.live.platforms.rigs import QUICK, BilibiliRig, bilibili, bilibili_rig
from tests.support.bilibili_server import BilibiliServer, danmaku
from tests.support.platforms import ManualClock, Recorder

pytestmark = pytest.mark.integration


@pytest.fixture
async def rig() -> AsyncIterator[BilibiliRig]:
    async with bilibili_rig() as opened:
        yield opened


@pytest.fixture
async def server() -> AsyncIterator[BilibiliServer]:
    async with BilibiliServer().serving() as opened:
        yield opened


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def test_both_heartbeats_go_out_for_as_long_as_it_runs(rig: BilibiliRig) -> None:
    async with running(rig, Recorder()):
        await rig.server.until(lambda: min(rig.server.beats, rig.server.socket_beats) >= 3)
    assert rig.server.problems == []


async def test_after_a_drop_the_session_is_taken_up_again(rig: BilibiliRig) -> None:
    receive = Recorder()
    async with running(rig, receive):
        await rig.send("1")
        await receive.has(1)
        await rig.drop()
        await rig.server.joined(2)
        await rig.send("1", "2")
        await receive.has(2)
        assert rig.platform.state.reconnects == 1
    assert rig.server.started == 1
    assert receive.texts == asked("1", "2")


async def test_an_expired_session_is_opened_anew(rig: BilibiliRig) -> None:
    receive = Recorder()
    async with running(rig, receive):
        rig.server.expire()  # heartbeats are now answered with 7003
        await rig.server.joined(2)
        await rig.send("1")
        await receive.has(1)
    assert rig.server.started == 2


async def test_a_session_that_expired_while_disconnected_is_opened_anew(rig: BilibiliRig) -> None:
    async with running(rig, Recorder()):
        rig.server.expire()
        await rig.drop()
        await rig.server.joined(2)
    assert rig.server.started == 2


async def test_when_the_platform_ends_the_interaction_a_new_session_is_opened(
    rig: BilibiliRig,
) -> None:
    receive = Recorder()
    async with running(rig, receive):
        game = next(iter(rig.server.live))
        end = {"cmd": "LIVE_OPEN_PLATFORM_INTERACTION_END", "data": {"game_id": game}}
        await rig.server.send(danmaku("1"), end)
        await rig.server.joined(2)
        await receive.has(1)
    assert rig.server.started == 2
    assert receive.texts == asked("1")


async def test_the_end_of_another_session_changes_nothing(rig: BilibiliRig) -> None:
    receive = Recorder()
    async with running(rig, receive):
        end = {"cmd": "LIVE_OPEN_PLATFORM_INTERACTION_END", "data": {"game_id": "other"}}
        await rig.server.send(end, danmaku("1"))
        await receive.has(1)
        assert rig.platform.state.connected
    assert rig.server.started == rig.server.auths == 1


@pytest.mark.parametrize(
    ("code", "rest", "said"),
    [
        (7007, 300, "身份码错误"),
        (7010, 60, "连接太多"),
        (4002, 300, "签名不符"),
        (7002, 30, "上一个场次"),
        (9999, 10, "平台拒绝了请求"),
    ],
)
async def test_a_refused_start_is_shown_and_tried_again_later(
    server: BilibiliServer, http: httpx.AsyncClient, code: int, rest: float, said: str
) -> None:
    clock = ManualClock()
    server.start_codes = [code]
    rig = BilibiliRig(server, bilibili(server, http, clock=clock))
    task = asyncio.create_task(rig.platform.run(Recorder()))
    await clock.until(lambda: rest in clock.slept)
    state = rig.platform.state
    assert said in state.last_error
    assert str(code) in state.last_error
    assert not state.connected
    assert server.started == 1
    await clock.advance(rest)
    await server.joined(1)
    await stopped(task)
    assert server.started == 2


async def test_garbage_costs_only_itself(rig: BilibiliRig) -> None:
    receive = Recorder()
    async with running(rig, receive):
        await rig.server.send_raw(b"\x00\x01")
        await rig.server.send_raw("a text")
        await rig.server.send_raw(struct.pack(">IHHII", 20, 16, 2, 5, 0) + b"zlib")
        await rig.server.send("no object", {"cmd": 7}, danmaku("1"), {"data": {}})
        await rig.server.send_raw(b"")
        await rig.send("2")
        await receive.has(2)
        assert "无法识别" in rig.platform.state.last_error
        assert rig.platform.malformed >= 5
    assert receive.texts == asked("1", "2")
    assert rig.server.auths == 1


async def test_what_comes_out_of_order_comes_all(rig: BilibiliRig) -> None:
    receive = Recorder()
    async with running(rig, receive):
        await rig.send("3", "1")
        await rig.send("2", "3")
        await receive.has(3)
    assert receive.texts == asked("3", "1", "2")


async def test_a_socket_that_fell_silent_is_opened_anew(
    server: BilibiliServer, http: httpx.AsyncClient
) -> None:
    server.is_mute = True
    rig = BilibiliRig(server, bilibili(server, http, replace(QUICK, dead_after=0.3)))
    async with running(rig, Recorder()):
        await server.joined(3)
        assert server.started == 1


async def test_a_socket_that_only_beats_is_opened_anew_and_counts_as_silent(
    server: BilibiliServer, http: httpx.AsyncClient
) -> None:
    rig = BilibiliRig(server, bilibili(server, http, replace(QUICK, silent_after=0.3)))
    async with running(rig, Recorder()):
        await server.joined(2)
        assert rig.platform.state.is_silent


async def test_a_refused_auth_ends_the_session_and_opens_another(rig: BilibiliRig) -> None:
    rig.server.auth_code = -101
    task = asyncio.create_task(rig.platform.run(Recorder()))
    await rig.server.until(lambda: rig.server.started >= 2)
    rig.server.auth_code = 0
    await rig.server.joined(1)
    await stopped(task)
    assert rig.server.ended >= 2
    assert rig.server.live == set()


async def test_an_answer_that_never_comes_is_given_up(
    server: BilibiliServer, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bilibili_api, "TIMEOUT", httpx.Timeout(0.1))
    answer, server.http.handler = server.http.handler, server.http.hang
    rig = BilibiliRig(server, bilibili(server, http))
    task = asyncio.create_task(rig.platform.run(Recorder()))
    await server.http.until(lambda: len(server.http.asked) >= 3)
    assert rig.platform.state.last_error == "开启场次：平台没有应答"
    server.http.handler = answer
    await server.joined(1)
    await stopped(task)


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>"),
        (502, b"<html>"),
        (200, {"code": 0, "data": {}}),
        (200, {"code": 0, "data": {"websocket_info": {"auth_body": "", "wss_link": []}}}),
        (
            200,
            {"code": 0, "data": {"websocket_info": {"auth_body": "", "wss_link": ["ws://a.b/c"]}}},
        ),
        (200, [1]),
        (200, {"code": "0"}),
    ],
)
async def test_an_answer_that_makes_no_sense_is_survived(
    server: BilibiliServer, http: httpx.AsyncClient, answer: tuple[int, object]
) -> None:
    async def nonsense(_asked: object) -> tuple[int, object]:
        return answer

    good, server.http.handler = server.http.handler, nonsense
    clock, patience = ManualClock(), replace(QUICK, dead_after=None)
    platform = bilibili(server, http, patience, clock, app_beat=60.0, socket_beat=60.0)
    rig = BilibiliRig(server, platform)
    task = asyncio.create_task(rig.platform.run(Recorder()))
    await clock.asleep(1)
    assert rig.platform.state.last_error
    server.http.handler = good
    await clock.advance(11)
    await server.joined(1)
    await stopped(task)


async def test_no_secret_is_shown(rig: BilibiliRig) -> None:
    shown = repr(vars(rig.platform)) + repr(rig.platform._config) + repr(rig.platform.state)
    assert "key-secret" not in shown
    assert "'CODE'" not in shown


async def stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
