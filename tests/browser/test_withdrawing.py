"""An answer is taken back in a browser, from the desk with one key and from a room's console."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_room_and_stage import CONSOLE, SMALL, STAGE, ask, automatic, enter
from tests.support.live_office import OUTSOURCED, REVIEWER, ROOM, hall, live_office

pytestmark = pytest.mark.browser
FEE, DAYS = "个体工商户设立登记收费吗", "个体工商户设立登记几天能办好"
WHY = "费用的依据抄错了"
RIGHT = "更正：登记不收费，照片要自己准备。"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_office(tmp_path_factory.mktemp("office"), hall()) as address:
        yield address


@pytest.fixture
def console(new_page: NewPage) -> Page:
    """The operator's console of the room on air, in automatic mode."""
    page = enter(new_page(CONSOLE, DESKTOP))
    if page.get_by_role("button", name="开播").count():
        page.get_by_role("button", name="开播").click()
        automatic(page)
    expect(page.locator("#state")).to_have_text("直播中")
    return page


def answered(new_page: NewPage, question: str, words: str) -> Page:
    """The page of a viewer who asked and was answered."""
    viewer = new_page(f"/room/{ROOM}", SMALL)
    ask(viewer, question)
    expect(viewer.locator("#talk")).to_contain_text(words)
    return viewer


def ready(desk: Page) -> None:
    """The case that is open takes keys."""
    expect(desk.locator("#case")).to_have_attribute("data-ready", re.compile("."))


@pytest.mark.usefixtures("console")
def test_one_key_on_the_desk_takes_an_answer_back(new_page: NewPage) -> None:
    viewer, stage = answered(new_page, FEE, "不收费"), new_page(f"/stage/{ROOM}", STAGE)
    viewer.get_by_role("button", name="没解决").first.click()
    expect(viewer.get_by_text("已转给工作人员")).to_be_visible()
    desk = enter(new_page("/console/review", DESKTOP), REVIEWER)
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.keyboard.press("Enter")
    ready(desk)
    expect(desk.locator(".given")).to_contain_text("不收费")

    desk.keyboard.press("w")
    desk.keyboard.type(WHY)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#told")).to_contain_text("请在这一件里批准改正的答复")
    expect(desk.locator("#body")).to_contain_text(WHY)
    ready(desk)
    expect(desk.locator("#composer")).to_be_hidden()
    desk.keyboard.press("f")
    desk.keyboard.type(RIGHT)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#sent li")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(viewer.locator("#talk")).to_contain_text(RIGHT)
    expect(stage.locator("#caption")).to_contain_text("照片要自己准备")

    desk.get_by_role("link", name="撤回记录").click()
    told = desk.locator(".learned")
    expect(told).to_have_count(1)
    expect(told.get_by_role("link", name="看这个问题")).to_be_visible()
    for words in ("不收费", WHY, "1 人收到过", "已更正", "后停下", "孙立", "个体工商户设立登记"):
        expect(told).to_contain_text(words)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
def test_the_console_takes_an_answer_back_for_who_may_approve(
    console: Page, new_page: NewPage, size: dict[str, int]
) -> None:
    question = DAYS if size is DESKTOP else "社保卡丢了怎么办"
    viewer = answered(new_page, question, "3个工作日" if size is DESKTOP else "挂失")
    room = enter(new_page(CONSOLE, size), REVIEWER)
    room.locator("#queue-filters").get_by_text("全部").click()
    card = room.locator("#queue .card", has_text=question)
    back = card.get_by_role("button", name="撤回答复")
    assert back.bounding_box()["height"] >= 32
    card.focus()
    room.keyboard.press("w")
    dialog = room.get_by_role("dialog", name="撤回这条答复？")
    expect(dialog).to_contain_text(question)
    dialog.get_by_role("button", name="撤回答复").click()
    expect(room.locator("#ask-error")).to_contain_text("请写明哪里有误")
    room.keyboard.press("Escape")
    expect(card).to_contain_text("已答")  # nothing was done yet
    back.click()
    dialog.get_by_role("textbox").fill("期限写错了")
    room.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(card).to_contain_text("答复已撤回，请批准更正（期限写错了）")
    expect(card).to_contain_text("待人工")
    expect(card).to_contain_text("已撤回的答复")
    for gone in (back, card.get_by_role("button", name="播出", exact=True)):
        expect(gone).to_have_count(0)
    expect(console.locator("#queue .card", has_text=question)).to_contain_text("答复已撤回")
    ask(viewer, question)
    expect(viewer.locator("#talk .mine")).to_have_count(2)
    expect(viewer.locator("#talk .from-us", has_text="工作日").nth(1)).to_have_count(0)


def test_who_may_not_approve_is_offered_nothing(console: Page, new_page: NewPage) -> None:
    answered(new_page, "公积金贷款最高额度多少", "八十万元")
    outsourced = enter(new_page(CONSOLE, DESKTOP), OUTSOURCED)
    for page in (console, outsourced):
        page.locator("#queue-filters").get_by_text("全部").click()
        card = page.locator("#queue .card", has_text="公积金贷款最高")
        expect(card).to_contain_text("八十万元")
        expect(card.get_by_role("button", name="撤回答复")).to_have_count(0)
        card.focus()
        page.keyboard.press("w")
        expect(page.get_by_role("dialog")).to_have_count(0)
