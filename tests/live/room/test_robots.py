"""Alerts in the group chats: as each vendor documents its robot, also where it refuses."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.bootstrap.duty import notify_of
from assistant.bootstrap.hosts import outside_hosts
from assistant.domain.live import Alert, AlertLevel
from assistant.errors import ConfigurationError, Unavailable
from assistant.live.robots import RobotNotify, robots_of
from assistant.settings import Settings
from tests.support.platforms import Answer, Asked, HttpServer

pytestmark = pytest.mark.integration
WECOM = "/cgi-bin/webhook/send?key=k1"
DINGTALK = "/robot/send?access_token=t1"
FEISHU = "/open-apis/bot/v2/hook/h1"
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ALERT = Alert("a1", "hall", "urgent", AlertLevel.URGENT, "一个问题等了三分钟", AT, step=2)
TAKEN = {WECOM: {"errcode": 0}, DINGTALK: {"errcode": 0}, FEISHU: {"code": 0}}


def signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


async def sent(path: str, answer: Answer, secret: str = "") -> Asked:
    async def handler(_: Asked) -> Answer:
        return answer

    async with HttpServer(handler).serving() as server:
        (robot,) = robots_of(f"{server.url}{path}{'#' if secret else ''}{secret}")
        await RobotNotify(robot, now=lambda: 1_800_000_000.5)("王科长", ALERT)
    return server.asked[-1]


def words(asked: Asked) -> str:
    body: Any = asked.json
    return body["content"]["text"] if "content" in body else body["text"]["content"]


@pytest.mark.parametrize("path", TAKEN)
async def test_the_group_reads_what_where_when_and_who(path: str) -> None:
    asked = await sent(path, (200, TAKEN[path]))
    said = words(asked)
    assert asked.method == "POST"
    for part in ("紧急", "一个问题等了三分钟", "hall", "03-02 09:00:00", "请王科长处理", "第2次"):
        assert part in said


async def test_dingtalk_is_signed_in_the_address() -> None:
    asked = await sent(DINGTALK, (200, {"errcode": 0}), "SEC1")
    assert asked.query["access_token"] == "t1"
    assert asked.query["timestamp"] == "1800000000500"
    assert asked.query["sign"] == signed("SEC1", "1800000000500\nSEC1")


async def test_feishu_is_signed_in_the_body() -> None:
    asked = await sent(FEISHU, (200, {"StatusCode": 0}), "s1")
    assert asked.json["timestamp"] == "1800000000"
    assert asked.json["sign"] == signed("1800000000\ns1", "")


@pytest.mark.parametrize(
    "answer",
    [(200, {"errcode": 310000}), (200, {"code": 19021}), (200, {}), (200, b"<html>"), (500, {})],
)
async def test_a_refusal_is_not_taken_for_told(answer: Answer) -> None:
    with pytest.raises(Unavailable):
        await sent(WECOM, answer)


async def test_every_robot_is_told_and_one_that_works_is_enough() -> None:
    async def handler(asked: Asked) -> Answer:
        return 200, {"errcode": 45009 if "webhook" in asked.path else 0}

    async with HttpServer(handler).serving() as server:
        robots = f"{server.url}{WECOM} {server.url}{DINGTALK}"
        await notify_of(Settings(alert_robots=robots, offline=True))("王科长", ALERT)
    assert {one.path for one in server.asked} == {"/cgi-bin/webhook/send", "/robot/send"}


def test_hosts_are_named_and_keys_are_not() -> None:
    settings = Settings(
        alert_robots=f"https://qyapi.weixin.qq.com{WECOM} https://oapi.dingtalk.com{DINGTALK}#SEC1"
    )
    hosts = [one for one in outside_hosts(settings, consented=False) if "机器人" in one.part]
    assert [one.host for one in hosts] == ["qyapi.weixin.qq.com", "oapi.dingtalk.com"]
    assert "SEC1" not in repr(settings)


def test_an_unknown_address_is_told_without_its_key() -> None:
    with pytest.raises(ConfigurationError, match="第 2 个") as told:
        robots_of(f"https://qyapi.weixin.qq.com{WECOM} https://example.org/hook?key=geheim")
    assert "geheim" not in f"{told.value} {told.value.hint}"
