"""The platforms of a room, built from the operator's tables (`[rooms.<id>.platforms.<name>]`)."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from assistant.domain.clock import NewId
from assistant.errors import ConfigurationError
from assistant.live.platforms.bilibili import Bilibili
from assistant.live.platforms.bilibili_api import HOST, BilibiliConfig
from assistant.live.platforms.config_table import LOOPBACK, Table
from assistant.live.platforms.console import Console
from assistant.live.platforms.douyin import Douyin
from assistant.live.platforms.douyin_api import DATA_HOST, KINDS, TOKEN_HOST, DouyinConfig
from assistant.live.platforms.event_rows import PLATFORMS
from assistant.live.platforms.page import FetchReplies, Page, PageConfig, no_records
from assistant.live.platforms.supervise import Patience
from assistant.live.platforms.webhook import Webhook, WebhookConfig
from assistant.live.seams import LiveClock, Platform, PlatformState, Receive, Replying

_SILENT_AFTER = 600.0


@dataclass(frozen=True, slots=True)
class Contact:
    """An outside host that a platform calls, and what is sent to it."""

    platform: str
    host: str
    sent: str


@dataclass(frozen=True, slots=True)
class Tools:
    """What the connectors need of the process. `http` is closed by who opened it."""

    clock: LiveClock
    new_id: NewId
    http: httpx.AsyncClient
    environ: Mapping[str, str]
    fetch_replies: FetchReplies = no_records


@dataclass(frozen=True, slots=True)
class Platforms:
    """The platforms of one room. Page and console are always there."""

    page: Page
    console: Console
    webhook: Webhook | None = None
    douyin: Douyin | None = None
    bilibili: Bilibili | None = None

    def __iter__(self) -> Iterator[Platform]:
        """Each of them."""
        every = (self.page, self.console, self.webhook, self.douyin, self.bilibili)
        return iter([each for each in every if each is not None])

    @property
    def states(self) -> list[PlatformState]:
        """How they are doing."""
        return [each.state for each in self]

    def replying(self, platform: str) -> Replying | None:
        """What can answer a viewer of this platform; the webhook for those that it brings."""
        if platform == self.page.name:
            return self.page
        hook = self.webhook
        brings = hook is not None and hook.config.reply_url and platform in hook.config.accepts
        return hook if brings else None

    async def run(self, receive: Receive) -> None:
        """Run all until cancelled."""
        async with asyncio.TaskGroup() as group:
            for each in self:
                group.create_task(each.run(receive), name=f"platform-{each.name}")


def platforms_from(
    room_id: str, config: Mapping[str, object], tools: Tools, *, offline: bool = False
) -> Platforms:
    """Build the platforms of a room from `rooms.<room_id>.platforms`.

    Raises ConfigurationError, which names table and key: an unknown platform or key, a missing or
    readable secret, and with `offline` any platform that needs an outside host.
    """
    where = f"rooms.{room_id}.platforms"
    if unknown := sorted(set(config) - set(_BUILDERS) - {"page", "console"}):
        known = "、".join([*_BUILDERS, "page", "console"])
        raise ConfigurationError(
            f"[{where}] 不认识的平台 {'、'.join(unknown)}", hint=f"可用：{known}"
        )
    if offline and (needed := hosts(config)):
        names = "、".join(sorted({each.platform for each in needed}))
        raise ConfigurationError(
            f"[{where}] 已设置 offline，但 {names} 需要访问外部主机",
            hint="删去该平台，或关闭 offline",
        )
    tables = {
        name: Table(f"{where}.{name}", config.get(name, {}), tools.environ)
        for name in {*config, "page", "console"}
    }
    built = {
        name: _BUILDERS[name](tables[name], tools, config) for name in _BUILDERS if name in config
    }
    page = Page(tools.clock, _page(tables["page"]), tools.fetch_replies)
    for table in tables.values():
        table.finish()
    return Platforms(page, Console(tools.clock, tools.new_id), **built)  # type: ignore[arg-type]


def hosts(config: Mapping[str, object]) -> list[Contact]:
    """Which outside hosts these tables make us call; nothing is read but addresses."""
    found: list[Contact] = []
    for platform, (keys, sent) in _CONTACTS.items():
        table = config.get(platform)
        if isinstance(table, Mapping):
            addresses = [str(table.get(key) or default) for key, default in keys.items()]
            names = [urlsplit(address).hostname or "" for address in addresses]
            found += [
                Contact(platform, name, sent) for name in names if name not in {*LOOPBACK, ""}
            ]
    return found


_CONTACTS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "bilibili": (
        {"host": HOST, "_socket": "wss://broadcastlv.chat.bilibili.com"},
        "应用编号、身份码和签名；不发送观众内容（长连接主机由平台在开启场次时给出）",
    ),
    "douyin": (
        {"token_host": TOKEN_HOST, "data_host": DATA_HOST},
        "应用编号、应用密钥、直播间号；不发送观众内容",
    ),
    "webhook": ({"reply_url": ""}, "回复的文字、观众在原平台的编号和签名"),
}


def _bilibili(table: Table, tools: Tools, _others: Collection[str]) -> Bilibili:
    config = BilibiliConfig(
        access_key_id=table.take("access_key_id", str),
        access_key_secret=table.secret("secret"),
        app_id=table.take("app_id", int),
        code=table.secret("code"),
        host=table.url("host", HOST),
    )
    return Bilibili(config, tools.clock, tools.http, _patience(table))


def _douyin(table: Table, tools: Tools, _others: Collection[str]) -> Douyin:
    config = DouyinConfig(
        app_id=table.take("app_id", str),
        app_secret=table.secret("secret"),
        room_id=table.take("room_id", str),
        push_secrets=table.secrets("push_secret"),
        kinds=table.texts("kinds", KINDS),
        token_host=table.url("token_host", TOKEN_HOST),
        data_host=table.url("data_host", DATA_HOST),
    )
    if "live_comment" not in config.kinds:
        raise ConfigurationError(f"[{table.where}] kinds：必须包含 live_comment")
    return Douyin(config, tools.clock, tools.http, _patience(table))


def _webhook(table: Table, tools: Tools, others: Collection[str]) -> Webhook:
    """It brings what has no connector of its own here: ids and replies of two must not mix."""
    free = tuple(each for each in PLATFORMS if each == "webhook" or each not in {*_OWN, *others})
    accepts = table.texts("accepts", free)
    if unknown := [each for each in accepts if each not in PLATFORMS or each in _OWN]:
        raise ConfigurationError(f"[{table.where}] accepts：不能是 {'、'.join(unknown)}")
    config = WebhookConfig(
        secrets=table.secrets("secret"),
        reply_url=table.url("reply_url", ""),
        accepts=accepts,
        silent_after=table.seconds("silent_after", _SILENT_AFTER),
    )
    return Webhook(config, tools.clock, tools.http)


def _page(table: Table) -> PageConfig:
    usual = PageConfig()
    return PageConfig(
        burst=table.count("burst", usual.burst),
        every=table.seconds("every", usual.every),
        longest=table.count("longest", usual.longest),
    )


def _patience(table: Table) -> Patience:
    return Patience(silent_after=table.seconds("silent_after", _SILENT_AFTER))


_OWN = frozenset({"page", "console"})
_BUILDERS: Mapping[str, Callable[[Table, Tools, Collection[str]], Platform]] = {
    "bilibili": _bilibili,
    "douyin": _douyin,
    "webhook": _webhook,
}
