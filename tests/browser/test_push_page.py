"""推流 in a real browser: what staff see of streams that run, heal, stand on the card, are gone."""

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from assistant.domain.ids import new_ulid
from assistant.push.board import FRESH
from assistant.safety.keys import Keys
from assistant.stage.keys import stage_key
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_review_desk import fits
from tests.browser.test_room_and_stage import enter
from tests.support.live_office import ROOM, hall, live_office

pytestmark = pytest.mark.browser
OTHERS = ("night", "market", "idle")
LIVE = {"name": "kuaishou", "host": "push.kuaishou.com", "state": "live", "bits": 2_100_000}
LIVE |= {"connections": 1, "frames": 90_000}
LOST = {"name": "weixin", "host": "live.weixin.qq.com", "state": "waiting", "connections": 3}
LOST |= {"dropped": 120, "why": "服务器没有在接收推流"}
Report = Callable[..., None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("push")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with live_office(folder, hall(), *map(hall, OTHERS)) as address:
        yield address


@pytest.fixture
def report(url: str, folder: Path) -> Report:
    """A report of a room, as `assistant push` sends it each second."""

    def send(room: str = ROOM, **changes: object) -> None:
        told: dict[str, object] = {"mode": "browser", "rate": 25.0, "bits": 2_100_000, "offset": 15}
        told |= {"targets": [LIVE], "frames": 90_000, "preview": picture()}
        told |= {"recording": {"state": "recording", "bytes": 3 << 30}}
        headers = {"x-stage-key": stage_key(Keys.load(folder / "data").addresses, room)}
        answer = httpx.post(f"{url}/stage/{room}/push", json=told | changes, headers=headers)
        answer.raise_for_status()

    return send


def picture() -> str:
    made = io.BytesIO()
    Image.new("RGB", (320, 180), (20, 70, 140)).save(made, "JPEG")
    return base64.b64encode(made.getvalue()).decode()


def befell(code: str, text: str, level: str | None = None) -> dict[str, object]:
    told = {"id": new_ulid(), "at": "2026-12-01T03:00:00+00:00", "code": code, "text": text}
    return told | {"level": level}


def room(page: Page, name: str):
    """A room's part of the page."""
    return page.locator(".push-room").filter(has=page.locator(f'[href="/console/rooms/{name}"]'))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_state_is_told_apart(
    new_page: NewPage, report: Report, size: dict[str, int], shot
) -> None:
    frozen = befell("reload_frozen", "画面不动了：已重新加载直播页面", "warning")
    report(targets=[LIVE, LOST], happenings=[befell("started", "推流开始"), frozen])
    report("night", mode="safe", faults=[{"text": "正常画面没有启动：没有新的画面"}])
    stopped = {"state": "stopped", "why": "磁盘快满了，录像已停"}
    report("market", mode="card", targets=[LOST], preview="", recording=stopped)
    page = enter(new_page("/console/push", size))

    live = room(page, ROOM)
    expect(live.locator(".state").first).to_have_text("正常画面")
    expect(live.get_by_role("row", name="kuaishou")).to_contain_text("推流中")
    expect(live.get_by_role("row", name="weixin")).to_contain_text("服务器没有在接收推流")
    expect(live).to_contain_text("正在录，共 3.0 GB")
    expect(live).to_contain_text("画面不动了：已重新加载直播页面")
    assert live.locator("img").evaluate("one => one.naturalWidth") == 320
    expect(room(page, "night")).to_contain_text("安全模式")
    expect(room(page, "night").get_by_role("alert")).to_contain_text("没有启动")
    expect(room(page, "market").locator(".push-card")).to_have_text("停播卡")
    expect(room(page, "market")).to_contain_text("磁盘快满了")
    expect(room(page, "idle")).to_contain_text("没有推流")
    expect(room(page, "idle").locator("code")).to_contain_text("assistant push --room idle")
    assert fits(page)
    for one in live.locator("tbody td").all():  # nothing is cut off that must be scrolled to
        box = one.bounding_box()
        assert box
        assert box["x"] + box["width"] <= size["width"]
    shot(page, f"push-{size['width']}")


def test_it_follows_without_a_hand_and_says_when_a_stream_is_gone(
    new_page: NewPage, report: Report
) -> None:
    report()
    page = enter(new_page("/console/push"))
    expect(room(page, ROOM).locator(".state").first).to_have_text("正常画面")
    report(mode="safe")
    expect(room(page, ROOM).locator(".state").first).to_have_text("安全模式")
    page.wait_for_timeout(FRESH * 1000)
    expect(room(page, ROOM).locator(".state").first).to_have_text("推流进程没有消息")
    report(ends=True)
    expect(room(page, ROOM).locator(".state").first).to_have_text("没有推流")
