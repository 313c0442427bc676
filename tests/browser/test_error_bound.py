"""An administrator sets the error bound in a browser and sees at once what it lets through."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_room_and_stage import enter
from tests.support.live_office import BOSS, OPERATOR, hall, live_office

pytestmark = pytest.mark.browser
PAGE = "/console/verdict"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_office(tmp_path_factory.mktemp("office"), hall()) as address:
        yield address


def test_the_outlook_follows_the_number_and_the_bound_holds(new_page: NewPage, shot) -> None:
    page = enter(new_page(PAGE, DESKTOP), BOSS)
    outlook = page.locator("#outlook")
    expect(outlook).to_contain_text("最多错 2%（可信度 95%）时")
    page.get_by_label("自动答复最多错（%）").fill("0.1")
    expect(outlook).to_contain_text("不能设这个上限")
    expect(outlook).to_contain_text("至少要 2995 条全对")
    shot(page, "refused")
    page.get_by_role("button", name="按这个上限放行").click()
    expect(page.locator("#fault")).to_contain_text("至少要 2995 条全对")
    page.get_by_label("自动答复最多错（%）").fill("5")
    expect(outlook).to_contain_text("最多错 5%（可信度 95%）时")
    page.get_by_label("可信度").select_option("90%")
    expect(outlook).to_contain_text("最多错 5%（可信度 90%）时")
    page.get_by_role("button", name="按这个上限放行").click()
    expect(page.get_by_role("status")).to_contain_text("已生效")
    expect(page.locator("main > p").nth(1)).to_contain_text("误差上限 5.0%（可信度 90%）")
    shot(page, "set")
    page.get_by_role("button", name="不设上限").click()
    expect(page.locator("main > p").nth(1)).to_contain_text("没有设误差上限")


def test_who_may_not_sees_the_bound_and_no_form(new_page: NewPage) -> None:
    page = enter(new_page(PAGE, DESKTOP), OPERATOR)
    expect(page.get_by_text("由不限地区的管理员设定")).to_be_visible()
    expect(page.get_by_role("button", name="按这个上限放行")).to_have_count(0)


def test_a_phone_shows_it_without_scrolling_sideways(new_page: NewPage, shot) -> None:
    page = enter(new_page(PAGE, PHONE), BOSS)
    expect(page.locator("#outlook")).to_contain_text("可信度 95%")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, "phone")
