"""Each platform with its other side, for the contract and for all of them at once."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx

from assistant.live.platforms.bilibili import Bilibili
from assistant.live.platforms.bilibili_api import BilibiliConfig
from assistant.live.platforms.console import Console
from assistant.live.platforms.douyin import Douyin
from assistant.live.platforms.douyin_api import DouyinConfig
from assistant.live.platforms.page import Page, PageConfig
from assistant.live.platforms.supervise import Patience
from assistant.live.platforms.webhook import SIGNATURE, TIMESTAMP, Webhook, WebhookConfig, sign
from assistant.live.seams import LiveClock
from tests.support import bilibili_server, douyin_server
from tests.support.bilibili_server import BilibiliServer, danmaku
from tests.support.douyin_server import DouyinServer
from tests.support.platforms import RealClock, settled

QUICK = Patience(first=0.01, cap=0.05, good_spell=0.2, dead_after=5.0, silent_after=None)


class BilibiliRig:
    def __init__(self, server: BilibiliServer, platform: Bilibili) -> None:
        self.server = server
        self.platform = platform

    async def ready(self) -> None:
        await self.server.until(lambda: bool(self.server.live) and len(self.server.sockets) == 1)

    async def send(self, *names: str) -> None:
        await self.server.send(*(danmaku(name) for name in names))

    async def drop(self) -> None:
        self.server.drop()

    def left(self) -> list[str]:
        return [*self.server.live, *self.server.problems]


class DouyinRig:
    """A drop is a refused task: the platform no longer knows of it, and pushes nothing."""

    def __init__(self, server: DouyinServer, platform: Douyin) -> None:
        self.server = server
        self.platform = platform

    async def ready(self) -> None:
        await self.server.until(lambda: self.server.checks > 0)

    async def send(self, *names: str) -> None:
        await self.server.push(self.platform.accept, *names)

    async def drop(self) -> None:
        self.server.forget()

    def left(self) -> list[str]:
        return [*self.server.running, *self.server.problems]


class WebhookRig:
    def __init__(self, clock: LiveClock, platform: Webhook) -> None:
        self.platform = platform
        self._clock = clock

    async def ready(self) -> None:
        await settled()

    async def send(self, *names: str) -> None:
        body = json.dumps([self.event(name) for name in names]).encode()
        await until_taken(lambda: self.platform.accept(self.headers(body), body))

    async def drop(self) -> None:
        """A push has no connection."""

    def left(self) -> list[str]:
        return []

    def event(self, name: str) -> dict[str, object]:
        user = {"id": f"u{name}", "name": "网友"}
        base = {"event_id": f"w{name}", "platform": "webhook", "room_id": "r", "type": "comment"}
        return base | {"at": 1_772_409_600.0, "user": user, "text": f"问题{name}"}

    def headers(self, body: bytes, secret: str = "new") -> dict[str, str]:
        stamp = str(int(self._clock.now().timestamp()))
        return {TIMESTAMP: stamp, SIGNATURE: sign(secret, stamp, body)}


class PageRig:
    def __init__(self, platform: Page) -> None:
        self.platform = platform

    async def ready(self) -> None:
        await settled()

    async def send(self, *names: str) -> None:
        for name in names:
            viewer = f"viewer-of-the-page-{name}"
            await until_taken(lambda v=viewer, n=name: self.platform.post(v, f"问题{n}", n))

    async def drop(self) -> None:
        """A post has no connection."""

    def left(self) -> list[str]:
        return []


class ConsoleRig:
    def __init__(self, platform: Console) -> None:
        self.platform = platform

    async def ready(self) -> None:
        await settled()

    async def send(self, *names: str) -> None:
        for name in names:
            await until_taken(lambda n=name: self.platform.enter(f"问题{n}", f"paste-{n}"))

    async def drop(self) -> None:
        """A form has no connection."""

    def left(self) -> list[str]:
        return []


async def until_taken(push: Callable[[], Awaitable[object]]) -> None:
    """What a sender does that gets an error: the same again."""
    for _ in range(20):
        with suppress(OSError):
            await push()
            return
    raise AssertionError("never taken")


@asynccontextmanager
async def bilibili_rig(**changes: object) -> AsyncIterator[BilibiliRig]:
    async with httpx.AsyncClient() as http, BilibiliServer().serving() as server:
        yield BilibiliRig(server, bilibili(server, http, **changes))


def bilibili(
    server: BilibiliServer,
    http: httpx.AsyncClient,
    patience: Patience = QUICK,
    clock: LiveClock | None = None,
    **changes: object,
) -> Bilibili:
    known = {"access_key_id": bilibili_server.KEY, "access_key_secret": bilibili_server.SECRET}
    app = {"app_id": bilibili_server.APP, "code": bilibili_server.CODE, "host": server.url}
    beats = {"app_beat": 0.05, "socket_beat": 0.05}
    config = BilibiliConfig(**(known | app | beats | changes))
    return Bilibili(config, clock or RealClock(), http, patience)


@asynccontextmanager
async def douyin_rig(**changes: object) -> AsyncIterator[DouyinRig]:
    async with httpx.AsyncClient() as http, DouyinServer().serving() as server:
        yield DouyinRig(server, douyin(server, http, **changes))


def douyin(
    server: DouyinServer,
    http: httpx.AsyncClient,
    patience: Patience = QUICK,
    clock: LiveClock | None = None,
    **changes: object,
) -> Douyin:
    app = {"app_id": douyin_server.APP, "app_secret": douyin_server.SECRET}
    push = {"room_id": douyin_server.ROOM, "push_secrets": ("old", douyin_server.PUSH_SECRET)}
    hosts = {"token_host": server.url, "data_host": server.url, "check_every": 0.02}
    config = DouyinConfig(**(app | push | hosts | changes))
    return Douyin(config, clock or RealClock(), http, patience)


@asynccontextmanager
async def webhook_rig(
    clock: LiveClock | None = None, **changes: object
) -> AsyncIterator[WebhookRig]:
    clock = clock or RealClock()
    async with httpx.AsyncClient() as http:
        settings = {"secrets": ("old", "new"), "reply_url": "http://127.0.0.1:1/reply"} | changes
        yield WebhookRig(clock, Webhook(WebhookConfig(**settings), clock, http))


@asynccontextmanager
async def page_rig() -> AsyncIterator[PageRig]:
    yield PageRig(Page(RealClock(), PageConfig(burst=100)))


@asynccontextmanager
async def console_rig() -> AsyncIterator[ConsoleRig]:
    yield ConsoleRig(Console(RealClock(), lambda: "made"))


RIGS = {
    "bilibili": bilibili_rig,
    "douyin": douyin_rig,
    "webhook": webhook_rig,
    "page": page_rig,
    "console": console_rig,
}
