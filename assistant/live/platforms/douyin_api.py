"""The HTTP side of Douyin's live open data: the access token, and the push tasks."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import httpx

from assistant.live.platforms.calls import TIMEOUT, call
from assistant.live.platforms.supervise import LinkFailed
from assistant.live.platforms.texts import number
from assistant.live.seams import LiveClock

TOKEN_HOST = "https://developer.toutiao.com"  # noqa: S105 - an address
DATA_HOST = "https://webcast.bytedance.com"
KINDS = ("live_comment", "live_gift", "live_like", "live_fansclub")
_BAD_TOKEN = 40022
_MEANINGS = {
    40015: ("app_id 错误", 300.0),
    40017: ("app_secret 错误", 300.0),
    40020: ("凭证类型错误", 300.0),
    40023: ("缺少请求参数", 300.0),
    _BAD_TOKEN: ("access_token 失效", 0.0),
    5003019: ("不能开启推送：请确认已开播、已挂载玩法、房间号正确、已开通数据能力", 30.0),
    10001: ("平台内部错误", 10.0),
}
_MARGIN = timedelta(minutes=10)
"""A token is renewed so long before it ends; the old one stays good for five minutes."""


class Refused(LinkFailed):
    """The platform answered with an error number."""

    def __init__(self, code: int, what: str) -> None:
        said, rest = _MEANINGS.get(code, ("平台拒绝了请求", 10.0))
        super().__init__(f"{what}：{said}（{code}）", rest=rest)
        self.code = code


class TaskState(IntEnum):
    """How a push task is doing (查询任务状态)."""

    MISSING = 1
    STOPPED = 2
    RUNNING = 3


@dataclass(frozen=True, slots=True)
class DouyinConfig:
    """Settings of the connector. `push_secrets` sign what the platform pushes; each is accepted."""

    app_id: str
    app_secret: str = field(repr=False)
    room_id: str
    push_secrets: tuple[str, ...] = field(repr=False)
    kinds: tuple[str, ...] = KINDS
    token_host: str = TOKEN_HOST
    data_host: str = DATA_HOST
    check_every: float = 30.0
    window: float = 600.0
    acknowledge_within: float = 1.5
    """Seconds; after two the platform counts a push as failed."""


class DouyinApi:
    """The calls. Each raises LinkFailed; an error number of the platform as Refused."""

    def __init__(self, config: DouyinConfig, clock: LiveClock, http: httpx.AsyncClient) -> None:
        self._config = config
        self._clock = clock
        self._http = http
        self._token = ""
        self._good_until: datetime | None = None
        self._fetching = asyncio.Lock()

    async def start(self, kind: str) -> None:
        """Begin a push task; one that runs already is left as it is (幂等)."""
        await self._with_token("POST", "/api/live_data/task/start", kind, f"开启推送 {kind}")

    async def stop(self, kind: str) -> None:
        """End a push task."""
        await self._with_token("POST", "/api/live_data/task/stop", kind, f"停止推送 {kind}")

    async def task(self, kind: str) -> TaskState:
        """How a push task is doing."""
        data = await self._with_token("GET", "/api/live_data/task/get", kind, f"查询推送 {kind}")
        try:
            return TaskState(number(data.get("status"), TaskState.MISSING))
        except ValueError:
            return TaskState.MISSING

    async def _with_token(self, method: str, path: str, kind: str, what: str) -> dict[str, Any]:
        """A call; once more with a new token where the platform no longer takes this one."""
        try:
            return await self._call(method, path, kind, what)
        except Refused as error:
            if error.code != _BAD_TOKEN:
                raise
            self._good_until = None
            return await self._call(method, path, kind, what)

    async def _call(self, method: str, path: str, kind: str, what: str) -> dict[str, Any]:
        asked = {"roomid": self._config.room_id, "appid": self._config.app_id, "msg_type": kind}
        request = self._http.build_request(
            method,
            self._config.data_host + path,
            headers={"access-token": await self._access(), "content-type": "application/json"},
            timeout=TIMEOUT,
            **({"params": asked} if method == "GET" else {"json": asked}),  # type: ignore[arg-type]
        )
        return _data(await call(self._http, request, what), what)

    async def _access(self) -> str:
        async with self._fetching:
            if self._good_until is None or self._clock.now() >= self._good_until:
                await self._fetch_token()
            return self._token

    async def _fetch_token(self) -> None:
        asked = {
            "appid": self._config.app_id,
            "secret": self._config.app_secret,
            "grant_type": "client_credential",
        }
        url = self._config.token_host + "/api/apps/v2/token"
        request = self._http.build_request("POST", url, json=asked, timeout=TIMEOUT)
        data = _data(await call(self._http, request, "取得 access_token"), "取得 access_token")
        self._token = str(data.get("access_token") or "")
        if not self._token:
            raise LinkFailed("取得 access_token：平台的答复缺少内容")
        life = timedelta(seconds=number(data.get("expires_in"), 7200))
        self._good_until = self._clock.now() + max(life - _MARGIN, life / 2)


def _data(answer: dict[str, Any], what: str) -> dict[str, Any]:
    code = answer.get("err_no")
    if code != 0:
        raise Refused(code if isinstance(code, int) else -1, what)
    data = answer.get("data")
    return data if isinstance(data, dict) else {}
