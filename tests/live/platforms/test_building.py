"""The operator's tables make platforms; what is wrong with them is named."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.errors import ConfigurationError
from assistant.live.platforms.building import Platforms, Tools, hosts, platforms_from
from tests.support.platforms import ManualClock

pytestmark = pytest.mark.unit

ENVIRON = {"KEY": "k-value", "CODE": "c-value", "PUSH": "p-value", "NEW": "n-value", "EMPTY": " "}
BILIBILI = {"access_key_id": "a", "secret_env": "KEY", "app_id": 7, "code_env": "CODE"}
DOUYIN = {"app_id": "t", "secret_env": "KEY", "room_id": "r", "push_secret_env": ["PUSH", "NEW"]}
WEBHOOK = {"secret_env": ["NEW", "KEY"], "reply_url": "https://hall.example/reply"}


@pytest.fixture
async def tools() -> AsyncIterator[Tools]:
    async with httpx.AsyncClient() as http:
        yield Tools(ManualClock(), lambda: "id", http, ENVIRON)


def names(platforms: Platforms) -> list[str]:
    return [each.name for each in platforms]


async def test_all_five_are_built(tools: Tools) -> None:
    config = {"bilibili": BILIBILI, "douyin": DOUYIN, "webhook": WEBHOOK}
    platforms = platforms_from("hall", config, tools)
    assert names(platforms) == ["page", "console", "webhook", "douyin", "bilibili"]
    assert platforms.bilibili._config.access_key_secret == "k-value"
    assert platforms.bilibili._config.code == "c-value"
    assert platforms.douyin._config.push_secrets == ("p-value", "n-value")
    assert platforms.webhook.config.secrets == ("n-value", "k-value")
    assert [state.name for state in platforms.states] == names(platforms)


async def test_page_and_console_need_no_table(tools: Tools) -> None:
    assert names(platforms_from("hall", {}, tools)) == ["page", "console"]
    made = platforms_from("hall", {"page": {"burst": 2, "every": 1, "longest": 80}}, tools)
    assert (made.page.config.burst, made.page.config.every) == (2, 1.0)


async def test_a_reply_goes_by_the_platform_of_its_comment(tools: Tools) -> None:
    platforms = platforms_from("hall", {"bilibili": BILIBILI, "webhook": WEBHOOK}, tools)
    assert platforms.replying("page") is platforms.page
    assert platforms.replying("webhook") is platforms.webhook
    assert platforms.replying("kuaishou") is platforms.webhook
    assert platforms.replying("bilibili") is None
    assert platforms.replying("console") is None
    silent = platforms_from("hall", {"webhook": {"secret_env": "KEY"}}, tools)
    assert silent.replying("webhook") is None


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"tiktok": {}}, "[rooms.hall.platforms] 不认识的平台 tiktok"),
        ({"webhook": 7}, "rooms.hall.platforms.webhook 应为一张表"),
        ({"webhook": WEBHOOK | {"colour": 1}}, "[rooms.hall.platforms.webhook] colour：未知的键"),
        ({"webhook": {}}, "需要 secret_env 或 secret_file"),
        ({"webhook": {"secret": "s3cret"}}, "密钥不能写在配置文件里"),
        ({"webhook": {"secret_env": "MISSING"}}, "没有设置环境变量 MISSING"),
        ({"webhook": {"secret_env": "EMPTY"}}, "没有设置环境变量 EMPTY"),
        ({"webhook": {"secret_file": "/nowhere/secret"}}, "无法读取"),
        ({"webhook": {"secret_env": 7}}, "应为字符串或字符串的列表"),
        ({"webhook": WEBHOOK | {"reply_url": "http://hall.example"}}, "应为 https:// 开头的地址"),
        ({"webhook": WEBHOOK | {"accepts": ["page"]}}, "accepts：不能是 page"),
        ({"webhook": WEBHOOK | {"silent_after": 0}}, "应为大于 0 的秒数"),
        ({"bilibili": BILIBILI | {"app_id": "7"}}, "app_id：应为整数"),
        ({"bilibili": BILIBILI | {"app_id": True}}, "app_id：应为整数"),
        ({"bilibili": {}}, "access_key_id：缺少这个键"),
        ({"bilibili": BILIBILI | {"access_key_id": " "}}, "access_key_id：不能为空"),
        ({"douyin": DOUYIN | {"kinds": ["live_gift"]}}, "必须包含 live_comment"),
        ({"page": {"burst": 0}}, "burst：应为大于 0 的整数"),
        ({"console": {"x": 1}}, "[rooms.hall.platforms.console] x：未知的键"),
    ],
)
async def test_what_is_wrong_is_named_with_its_key(
    tools: Tools, config: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigurationError) as error:
        platforms_from("hall", config, tools)
    assert said in str(error.value)
    assert "s3cret" not in str(error.value)


async def test_a_secret_file_must_be_ones_own(tools: Tools, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from-file\n", "utf-8")
    config = {"webhook": {"secret_file": str(path)}}
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        platforms_from("hall", config, tools)
    path.chmod(0o600)
    assert platforms_from("hall", config, tools).webhook.config.secrets == ("from-file",)
    path.write_text("\n", "utf-8")
    with pytest.raises(ConfigurationError, match="是空的"):
        platforms_from("hall", config, tools)


async def test_offline_forbids_what_needs_an_outside_host(tools: Tools) -> None:
    for name, table in {"bilibili": BILIBILI, "douyin": DOUYIN, "webhook": WEBHOOK}.items():
        with pytest.raises(ConfigurationError, match=f"offline.*{name}"):
            platforms_from("hall", {name: table}, tools, offline=True)
    inside = {"webhook": {"secret_env": "KEY", "reply_url": "http://127.0.0.1:9/x"}, "page": {}}
    assert platforms_from("hall", inside, tools, offline=True).webhook is not None


def test_every_outside_host_is_listed_with_what_is_sent() -> None:
    found = hosts({"bilibili": BILIBILI, "douyin": DOUYIN, "webhook": WEBHOOK, "page": {}})
    assert [(each.platform, each.host) for each in found] == [
        ("bilibili", "live-open.biliapi.com"),
        ("bilibili", "broadcastlv.chat.bilibili.com"),
        ("douyin", "developer.toutiao.com"),
        ("douyin", "webcast.bytedance.com"),
        ("webhook", "hall.example"),
    ]
    assert all(each.sent for each in found)
    assert hosts({"page": {}, "console": {}, "webhook": {"secret_env": "KEY"}}) == []
