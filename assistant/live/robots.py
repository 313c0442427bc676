"""Alerts into the group chats of 企业微信, 钉钉 and 飞书, through their robots (webhooks).

Sources: developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com/document/robots,
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. All three answer 200 also where they
refuse, and say so in the body.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from enum import StrEnum
from typing import Any
from urllib.parse import urldefrag, urlsplit

import httpx

from assistant.domain.live import Alert, AlertLevel
from assistant.errors import ConfigurationError, Unavailable

TIMEOUT = 8.0
CHINA = timezone(timedelta(hours=8))
LEVELS: Mapping[AlertLevel, str] = {
    AlertLevel.EMERGENCY: "紧急求助",
    AlertLevel.URGENT: "紧急",
    AlertLevel.WARNING: "注意",
}


class RobotKind(StrEnum):
    """Whose robot it is, as the path of its address tells."""

    WECOM = "/cgi-bin/webhook/send"
    DINGTALK = "/robot/send"
    FEISHU = "/open-apis/bot/v2/hook/"


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot. `url` holds its key and is never logged; `secret` signs, "" where it need not."""

    kind: RobotKind
    url: str
    secret: str = ""
    name: str = ""
    """What a rota calls it: only those officers are told by it. "" for everybody's."""

    @property
    def host(self) -> str:
        """The host that alerts are sent to."""
        return urlsplit(self.url).hostname or ""


def robots_of(text: str) -> list[Robot]:
    """The robots of a setting: addresses with blanks between, a secret behind `#`.

    `夜班=https://…` has a name, by which a rota says whom it reaches.

    Raises ConfigurationError for an address of no known robot.
    """
    return [_robot(one, number) for number, one in enumerate(text.split(), 1)]


def _robot(address: str, number: int) -> Robot:
    name, named, rest = address.partition("=http")
    if not named or "/" in name:
        name, rest = "", address
    else:
        rest = f"http{rest}"
    url, secret = urldefrag(rest)
    parts = urlsplit(url)
    for kind in RobotKind:
        if parts.scheme in {"http", "https"} and parts.path.startswith(kind.value):
            return Robot(kind, url, secret, name)
    raise ConfigurationError(
        f"ASSISTANT_ALERT_ROBOTS 第 {number} 个地址不是企业微信、钉钉或飞书机器人的地址",
        hint=f"{parts.scheme}://{parts.hostname or ''}/…",
    )


class RobotNotify:
    """Posts an alert as a text message; never a viewer's words, as with every alert."""

    def __init__(
        self, robot: Robot, now: Callable[[], float] = time.time, *, link: str = ""
    ) -> None:
        self._robot = robot
        self._link = link
        self._now = now

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Post it; raises Unavailable unless the robot says that it took it."""
        query, body = _message(self._robot, message(officer, alert, self._link), self._now())
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
                answer = await client.post(
                    httpx.URL(self._robot.url).copy_merge_params(query), json=body
                )
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable("群机器人没有送达", hint=type(error).__name__) from error
        if not answer.is_success or _refused(said):
            raise Unavailable("群机器人拒收", hint=f"HTTP {answer.status_code} {_code(said)}")


def message(officer: str, alert: Alert, link: str = "") -> str:
    """What the group reads; `link` is where it is acknowledged."""
    at = alert.raised_at.astimezone(CHINA).strftime("%m-%d %H:%M:%S")
    again = f"（第{alert.step}次提醒）" if alert.step > 1 else ""
    whom = f"\n请{officer}处理" if officer else ""
    level = LEVELS.get(alert.level, "")
    confirm = f"\n确认：{link}" if link else ""
    told = f"直播间：{alert.room_id}  时间：{at}{whom}{confirm}"
    return f"【直播间{level}】{alert.text}{again}\n{told}"


def _message(robot: Robot, text: str, now: float) -> tuple[dict[str, str], dict[str, Any]]:
    """Parameters of the address, and the body."""
    match robot.kind:
        case RobotKind.FEISHU:
            signed = _feishu_signed(robot.secret, int(now)) if robot.secret else {}
            return {}, {**signed, "msg_type": "text", "content": {"text": text}}
        case RobotKind.DINGTALK if robot.secret:
            return _dingtalk_signed(robot.secret, int(now * 1000)), _text(text)
        case _:
            return {}, _text(text)


def _text(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _dingtalk_signed(secret: str, milliseconds: int) -> dict[str, str]:
    """HMAC-SHA256 of timestamp, line feed, secret under the secret, base64."""
    text = f"{milliseconds}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest())
    return {"timestamp": str(milliseconds), "sign": sign.decode()}


def _feishu_signed(secret: str, seconds: int) -> dict[str, str]:
    """HMAC-SHA256 of nothing under timestamp, line feed, secret; base64."""
    key = f"{seconds}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest())
    return {"timestamp": str(seconds), "sign": sign.decode()}


def _code(said: object) -> object:
    """`errcode` of 企业微信 and 钉钉, `code` or `StatusCode` of 飞书; None where there is none."""
    if not isinstance(said, dict):
        return None
    return next((said[key] for key in ("errcode", "code", "StatusCode") if key in said), None)


def _refused(said: object) -> bool:
    return _code(said) != 0
