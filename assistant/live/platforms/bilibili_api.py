"""The HTTP side of Bilibili's live open platform: begin, keep and end a session (场次)."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from assistant.live.platforms.bilibili_signing import signed_headers
from assistant.live.platforms.calls import TIMEOUT, call
from assistant.live.platforms.supervise import LinkFailed
from assistant.live.seams import LiveClock

HOST = "https://live-open.biliapi.com"
EXPIRED = 7003
_BAD_CODE = 7007
_TOO_MANY = 7010
_MEANINGS = {
    EXPIRED: ("场次已过期，正在重新开启", 0.0),
    _BAD_CODE: ("身份码错误或已更换，请到 B 站直播姬或开播页复制新的身份码，更新配置后重启", 300.0),
    _TOO_MANY: ("同一直播间的连接太多，请关闭其他使用本应用的程序；稍后自动重试", 60.0),
    4000: ("参数错误，请检查 app_id", 300.0),
    4001: ("应用无效，请检查 app_id 是否属于这个密钥", 300.0),
    4002: ("签名不符，请检查 access_key_secret", 300.0),
    4003: ("请求过期，请校准本机时钟", 60.0),
    4004: ("请求重复", 0.0),
    7002: ("上一个场次还没有结束，稍后自动重试", 30.0),
}
"""Code → what it means and the least wait (open-live.bilibili.com, 公共错误码)."""


class Refused(LinkFailed):
    """The platform answered with an error code."""

    def __init__(self, code: int) -> None:
        said, rest = _MEANINGS.get(code, ("平台拒绝了请求", 10.0))
        super().__init__(f"{said}（{code}）", rest=rest)
        self.code = code


@dataclass(frozen=True, slots=True)
class BilibiliConfig:
    """Settings of the connector. `code` is the host's 身份码."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    app_id: int
    code: str = field(repr=False)
    host: str = HOST
    app_beat: float = 20.0
    """Seconds; the platform ends a session without one for 60 s."""
    socket_beat: float = 30.0
    open_timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Session:
    """A session that the platform opened. `game_id` may be "" where the app has none."""

    game_id: str
    links: tuple[str, ...]
    auth: str = field(repr=False)


class BilibiliApi:
    """The three calls. Each raises LinkFailed; an error code of the platform as Refused."""

    def __init__(self, config: BilibiliConfig, clock: LiveClock, http: httpx.AsyncClient) -> None:
        self._config = config
        self._clock = clock
        self._http = http

    async def start(self) -> Session:
        """Open a session."""
        asked = {"code": self._config.code, "app_id": self._config.app_id}
        data = await self._post("/v2/app/start", asked, "开启场次")
        try:
            game, socket = data.get("game_info") or {}, data["websocket_info"]
            links = tuple(link for link in socket["wss_link"] if _is_allowed(link))
            session = Session(str(game.get("game_id") or ""), links, str(socket["auth_body"]))
        except (KeyError, TypeError, AttributeError):
            raise LinkFailed("开启场次：平台的答复缺少内容") from None
        if not links:
            raise LinkFailed("开启场次：平台没有给出可用的长连接地址")
        return session

    async def beat(self, session: Session) -> None:
        """Keep the session; Refused with EXPIRED where it is over."""
        if session.game_id:
            await self._post("/v2/app/heartbeat", {"game_id": session.game_id}, "场次心跳")

    async def end(self, session: Session) -> None:
        """Close the session."""
        if session.game_id:
            asked = {"app_id": self._config.app_id, "game_id": session.game_id}
            await self._post("/v2/app/end", asked, "结束场次")

    async def _post(self, path: str, asked: dict[str, Any], what: str) -> dict[str, Any]:
        body = json.dumps(asked).encode()
        headers = signed_headers(
            self._config.access_key_id,
            self._config.access_key_secret,
            body,
            timestamp=int(self._clock.now().timestamp()),
            nonce=secrets.token_hex(16),
        )
        url = self._config.host + path
        request = self._http.build_request(
            "POST", url, content=body, headers=headers, timeout=TIMEOUT
        )
        answer = await call(self._http, request, what)
        code = answer.get("code")
        if code != 0:
            raise Refused(code if isinstance(code, int) else -1)
        data = answer.get("data")
        return data if isinstance(data, dict) else {}


def _is_allowed(link: object) -> bool:
    """TLS, or this machine (tests)."""
    if not isinstance(link, str):
        return False
    parts = urlsplit(link)
    return parts.scheme == "wss" or (parts.scheme == "ws" and parts.hostname == "127.0.0.1")
