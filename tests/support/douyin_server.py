"""A loopback platform that speaks Douyin's live open data protocol, and can misbehave."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count

from tests.support.platforms import Answer, Asked, Changing, HttpServer

APP, SECRET, ROOM, PUSH_SECRET = "tt1234567cac", "app-secret", "7214015683695250235", "123abc"


def signed_headers(
    body: bytes, kind: str = "live_comment", secret: str = PUSH_SECRET, **changes: str
) -> dict[str, str]:
    """The headers of a push, worked out from the documentation and not from our code."""
    headers = {
        "x-nonce-str": "123456",
        "x-timestamp": str(int(time.time() * 1000)),
        "x-roomid": ROOM,
        "x-msg-type": kind,
    } | changes
    source = "&".join(f"{key}={headers[key]}" for key in sorted(headers)) + body.decode() + secret
    signature = base64.b64encode(hashlib.md5(source.encode()).digest()).decode()
    return headers | {"x-signature": signature, "content-type": "application/json"}


def comment(name: str, **changes: object) -> dict[str, object]:
    base = {"msg_id": f"m{name}", "sec_openid": f"o{name}", "content": f"问题{name}"}
    return base | {"avatar_url": "x", "nickname": "网友", "timestamp": 1_772_409_600_000} | changes


class DouyinServer(Changing):
    """Token and tasks over HTTP. Faults: `start_errors` by kind, `revoke`, `running.clear()`."""

    def __init__(self) -> None:
        super().__init__()
        self.http = HttpServer(self._answer)
        self.running: set[str] = set()
        self.start_errors: dict[str, list[int]] = {}
        self.tokens: list[str] = []
        self.token_error = 0
        self.life = 7200
        self.starts = self.checks = 0
        self.problems: list[str] = []
        self._good: set[str] = set()
        self._numbers = count(1)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["DouyinServer"]:
        async with self.http.serving():
            yield self

    @property
    def url(self) -> str:
        return self.http.url

    def revoke(self) -> None:
        """No token that was given is good any more."""
        self._good.clear()

    def forget(self) -> None:
        """The tasks are gone: the host left the stream, or took the app down."""
        self.running.clear()
        self.checks = 0

    async def push(
        self, accept: Callable[[Mapping[str, str], bytes], Awaitable[object]], *names: str
    ) -> None:
        """Push comments, again until acknowledged."""
        body = json.dumps([comment(name) for name in names], ensure_ascii=False).encode()
        for _ in range(20):
            try:
                await accept(signed_headers(body), body)
            except OSError:
                continue
            return
        raise AssertionError("never acknowledged")

    async def _answer(self, asked: Asked) -> Answer:
        code, data = self._reply(asked)
        self.change()
        await asyncio.sleep(0)
        return 200, {"err_no": code, "err_msg": "m", "logid": "l", "data": data}

    def _reply(self, asked: Asked) -> tuple[int, object]:
        if asked.path == "/api/apps/v2/token":
            return self._token(asked.json)
        if asked.headers.get("access-token") not in self._good:
            return 40022, {}
        given = asked.query if asked.method == "GET" else asked.json
        kind = str(given.get("msg_type"))
        if given != {"roomid": ROOM, "appid": APP, "msg_type": kind}:
            self.problems.append(f"parameters {given}")
            return 40023, {}
        return self._task(asked.path.rpartition("/")[2], kind)

    def _token(self, body: dict[str, object]) -> tuple[int, object]:
        if self.token_error:
            return self.token_error, {}
        if body != {"appid": APP, "secret": SECRET, "grant_type": "client_credential"}:
            return 40017, {"access_token": "", "expires_in": 0}
        token = f"token-{next(self._numbers)}"
        self.tokens.append(token)
        self._good.add(token)
        return 0, {"access_token": token, "expires_in": self.life}

    def _task(self, action: str, kind: str) -> tuple[int, object]:
        if action == "get":
            self.checks += kind in self.running
            return 0, {"status": 3 if kind in self.running else 1}
        if action == "stop":
            self.running.discard(kind)
            self.checks = 0
            return 0, {}
        self.starts += 1
        if errors := self.start_errors.get(kind):
            return errors.pop(0), {}
        self.running.add(kind)
        return 0, {"task_id": "1"}
