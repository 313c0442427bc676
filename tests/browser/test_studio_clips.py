"""From an approval to shelf and stage, and off again, in a real browser with a real film."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.bootstrap import Settings, open_library
from assistant.domain.audit import AuditEvent
from assistant.domain.studio_flow import StreamState
from assistant.records.accounts_audit import AuditRecords
from assistant.records.studio import StudioRecords
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_review_desk import fits
from tests.browser.test_room_and_stage import enter
from tests.browser.test_studio import drafted, path_of
from tests.support.live_office import ROOM
from tests.support.studio_office import OPERATOR, REVIEWER, studio_office

pytestmark = pytest.mark.browser
PLAY = """() => {
  const { card } = globalThis.stage;
  card.turn = card.pages().findIndex((page) => page.clip);
  card.idle();
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.studio.drafting.clips.MOST", 1)
        with studio_office(folder, voice="offline") as address:
            yield address


def aired(folder: Path, stream_id: str) -> None:
    """A stream as it stands when it was on air."""

    async def put() -> None:
        async with open_library(Settings(data_dir=folder / "data")) as library:
            at = (library.database, library.settings.organization, library.clock)
            records = StudioRecords(*at, AuditRecords(*at))
            event = AuditEvent("system", "studio.air", stream_id)
            await records.move(
                stream_id, event, lambda one, _: replace(one, state=StreamState.AIRED)
            )

    with ThreadPoolExecutor() as threads:  # this thread has playwright's event loop
        threads.submit(lambda: asyncio.run(put())).result()


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def at(page: Page, what: str) -> float:
    return page.locator("#clip").evaluate(f"video => video.{what}")


def test_an_approved_clip_is_filmed_shown_on_the_idle_stage_and_taken_off(
    new_page: NewPage, shot, folder: Path
) -> None:
    lin = drafted(new_page)
    expect(lin.locator("#clips")).to_contain_text("须短于 40 秒")
    lin.get_by_role("button", name="提交审核").click()
    expect(lin.locator("#state")).to_have_text("待审核")
    sun = enter(new_page(path_of(lin)), REVIEWER)
    sun.get_by_role("button", name="批准", exact=True).click()
    sun.get_by_role("dialog").get_by_role("button", name="批准").click()
    expect(sun.locator("#state")).to_have_text("已批准")
    expect(sun.locator("#films-state")).to_have_text("制作完成", timeout=90_000)
    expect(sun.locator("#films-clips")).to_contain_text("已上架")
    shot(sun, "films")

    stage = new_page(f"/stage/{ROOM}", DESKTOP)
    stage.evaluate("globalThis.stage.card.fetch()")
    until(lambda: stage.evaluate("globalThis.stage.card.loop.clips.length"))
    stage.evaluate("document.getElementById('clip').muted = true")
    stage.evaluate(PLAY)
    expect(stage.locator("#clip-box")).to_be_visible()
    until(lambda: at(stage, "currentTime") > 0.2)
    assert (at(stage, "videoWidth"), at(stage, "videoHeight")) == (720, 1280)
    assert at(stage, "duration") < 40.0
    shot(stage, "idle")

    wang = enter(new_page("/console/studio/clips", PHONE), OPERATOR)
    expect(wang.locator(".shelved .state")).to_have_text("已上架")
    expect(wang.get_by_text("下架", exact=True)).to_have_count(0)
    assert fits(wang)
    shot(wang, "clips-phone")
    sun.goto("/console/studio/clips")
    shot(sun, "clips-1280")
    sun.get_by_text("下架", exact=True).click()
    sun.get_by_label("下架原因").fill("画面要换")
    sun.get_by_role("button", name="下架，不再恢复").click()
    expect(sun.get_by_role("status")).to_have_text("已下架。")
    expect(sun.locator(".shelved")).to_have_count(0)
    expect(stage.locator("#clip-box")).to_be_hidden()
    sun.get_by_role("link", name="已下架").click()
    expect(sun.locator(".shelved .why-not")).to_have_text("画面要换")
    assert fits(sun)
    public = new_page("/clips", PHONE)
    expect(public.get_by_role("status")).to_have_text("还没有短视频。")

    aired(folder, path_of(lin).rpartition("/")[2])
    again = drafted(new_page)
    expect(again.locator("#told")).to_contain_text("100% 相同")
    again.get_by_role("link", name="看那一场").click()
    expect(again.locator("#state")).to_have_text("已播出")
