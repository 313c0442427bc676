"""The ledger in a browser: find, read one question, take the workbook and the session away."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from assistant.access.proof import check
from assistant.bootstrap import Settings, open_assistant, open_service
from assistant.web.app import create_app
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_room_and_stage import enter
from tests.support.ledger_office import BOSS, OPERATOR, filled, made
from tests.support.live_office import REVIEWER
from tests.support.served import served

pytestmark = pytest.mark.browser
RECORDS = made(120, of_session=60)


async def fill(settings: Settings) -> None:
    async with open_assistant(settings) as assistant:
        await filled(assistant, RECORDS)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("ledger")
    settings = Settings(data_dir=folder / "data", content_days=36_500)  # the streams are old
    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(fill(settings))).result()
    with served(create_app(lambda: open_service(settings))) as address:
        yield address


def total(page: Page) -> int:
    return int(page.locator(".figures b").first.inner_text())


def taken(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name=name).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def test_found_read_and_taken_away(new_page: NewPage, tmp_path: Path) -> None:
    page = enter(new_page("/console", DESKTOP), BOSS)
    page.get_by_role("link", name="问题台账").click()
    everything = total(page)
    page.get_by_label("查找").fill("公积金 材料")
    page.get_by_label("查找").press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("公积金")
    found = total(page)
    assert 0 < found < everything
    book = openpyxl.load_workbook(taken(page, "导出 Excel", tmp_path))
    assert book["问题台账"].max_row == found + 1

    page.locator("tbody .asked a").first.click()
    expect(page.locator(".moment").first).to_contain_text("裁决")
    page.get_by_role("link", name="看整场").click()
    expect(page.locator(".timeline .moment").nth(20)).to_be_visible()
    exported = taken(page, "导出并附证明", tmp_path)
    assert exported.name.startswith("回放-")
    assert check(exported).holds


def test_filters_narrow_and_pages_go_on(new_page: NewPage) -> None:
    page = enter(new_page("/console/ledger", DESKTOP), OPERATOR)
    page.get_by_role("link", name="更早的").click()
    expect(page.get_by_role("link", name="回到最新")).to_be_visible()
    page.get_by_label("去向").select_option("转人工")
    page.get_by_text("更多条件").click()
    page.get_by_label("转办").select_option("已转办")
    page.get_by_role("button", name="查找").click()
    badges = page.locator("tbody .badge")
    assert set(badges.all_inner_texts()) == {"转人工"}
    expect(page.get_by_label("转办")).to_have_value("true")
    expect(page.locator("tbody tr").first).to_contain_text("局")


def test_a_session_is_picked_and_its_replay_is_one_click_away(new_page: NewPage) -> None:
    page = enter(new_page("/console/ledger", DESKTOP), REVIEWER)
    everything = total(page)
    newest = page.get_by_label("场次").locator("optgroup option").first
    label = newest.inner_text()
    page.get_by_label("场次").select_option(label=label)
    page.get_by_role("button", name="查找").click()
    assert 0 < total(page) < everything
    expect(page.get_by_label("场次").locator("option:checked")).to_have_text(label)
    page.get_by_role("link", name="回放这一场").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("回放")


def test_a_case_and_its_row_lead_to_each_other(new_page: NewPage) -> None:
    page = enter(new_page("/console/ledger?state=in_review", DESKTOP), REVIEWER)
    row = page.locator("tbody tr").filter(has=page.get_by_role("link", name="看复核")).first
    asked = row.locator(".asked a").get_attribute("href")
    row.get_by_role("link", name="看复核").click()
    to_ledger = page.get_by_role("link", name="在台账里看这个问题")
    expect(to_ledger).to_have_attribute("href", asked)
    page.goto(asked)
    expect(page.get_by_role("link", name="看复核").first).to_be_visible()


def test_a_phone_shows_it_without_scrolling_sideways(new_page: NewPage) -> None:
    page = enter(new_page("/console/ledger", PHONE), OPERATOR)
    session = page.locator("tbody .when a").first.get_attribute("href")
    for path in ("/console/ledger", session, "/console/ledger?q=公积金"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
