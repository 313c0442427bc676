"""The officer's phone: the state of the rooms, and every button with one thumb."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from assistant.stage.voicing import StageVoice
from tests.browser.conftest import DESKTOP, PHONE, NewPage, until
from tests.browser.test_console import paste
from tests.browser.test_room_and_stage import enter
from tests.support.live_office import BOSS, OPERATOR, ROOM, hall, live_office

pytestmark = pytest.mark.browser
THUMB = 48
"""CSS pixels, the least height of what is pressed."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("phone")
    with live_office(folder, hall(), hall("other"), voice=StageVoice()) as address:
        yield address


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """The page, one room on air."""
    page = enter(new_page("/console/phone", PHONE))
    expect(page.locator(".phone-room")).to_have_count(2)
    if not card(page).get_by_role("button", name="接管").count():
        page.goto(f"/console/rooms/{ROOM}")
        page.get_by_role("button", name="开播").click()
        expect(page.locator("#state")).to_have_text("直播中")
        page.goto("/console/phone")
    expect(card(page).get_by_role("button", name="接管")).to_be_visible()
    return page


def card(page: Page):
    return page.locator(f'.phone-room[data-key="{ROOM}"]')


def test_everything_lies_under_one_thumb(phone: Page, shot) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for button in phone.locator(".phone button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB
        assert box["width"] >= THUMB
    shot(phone, "phone")


def test_sound_card_and_take_over_reach_the_stage_and_go_back(
    phone: Page, new_page: NewPage, shot
) -> None:
    stage = new_page(f"/stage/{ROOM}", DESKTOP)
    for press, back, seen in (
        ("关画面声音", "开画面声音", "document.body.dataset.silent === '1'"),
        ("盖板", "撤盖板", "!document.getElementById('covered').hidden"),
        ("接管", "交还", "document.body.dataset.roomState === 'taken_over'"),
    ):
        card(phone).get_by_role("button", name=press, exact=True).click()
        expect(card(phone).get_by_role("button", name=back, exact=True)).to_be_visible()
        until(stage, seen)
        if press == "盖板":
            expect(stage.locator("#covered")).to_contain_text("请稍候")
            expect(stage.locator("#label")).to_be_visible()
            shot(stage, "covered")
        card(phone).get_by_role("button", name=back, exact=True).click()
        expect(card(phone).get_by_role("button", name=press, exact=True)).to_be_visible()
        until(stage, f"!({seen})")


def test_phone_and_console_call_one_act_by_one_name(phone: Page, new_page: NewPage) -> None:
    desk = enter(new_page(f"/console/rooms/{ROOM}", DESKTOP))
    expect(desk.locator("#state")).to_have_text("直播中")
    desk.keyboard.press("m")
    expect(desk.locator("#muted")).to_have_text("已停播报")
    expect(card(phone)).to_contain_text("已停播报")
    expect(card(phone).get_by_role("button", name="关画面声音", exact=True)).to_be_visible()
    desk.get_by_role("button", name="恢复播报").click()
    expect(desk.locator("#muted")).to_be_hidden()
    card(phone).get_by_role("button", name="关画面声音", exact=True).click()
    expect(desk.locator("#silent")).to_have_text("画面声音已关")
    expect(card(phone)).to_contain_text("画面声音已关")
    desk.get_by_text("更多").click()
    desk.get_by_role("button", name="开画面声音").click()
    expect(card(phone).get_by_role("button", name="关画面声音", exact=True)).to_be_visible()


def test_an_alarm_is_acknowledged_and_says_by_whom(phone: Page, new_page: NewPage, shot) -> None:
    desk = enter(new_page(f"/console/rooms/{ROOM}", DESKTOP))
    expect(desk.locator("#state")).to_have_text("直播中")
    paste(desk, "有人晕倒了快救命")
    alert = card(phone).locator(".phone-alert").first
    expect(alert).to_contain_text("生命危险")
    expect(alert).to_contain_text("通知王科长")
    shot(phone, "alarm")
    alert.get_by_role("button", name="确认收到").click()
    expect(card(phone).locator(".phone-alert.seen")).to_contain_text("王芳")
    expect(desk.locator("#alerts .alert")).to_have_count(0)


def test_who_says_that_they_are_there_is_shown(phone: Page) -> None:
    phone.get_by_role("button", name="我在").click()
    expect(phone.locator("#presence")).to_contain_text("王芳")
    expect(phone.locator("#presence")).to_contain_text("在岗")
    until(phone, "!document.querySelector('.phone-bar').classList.contains('late')")


def test_a_break_of_the_line_is_told_and_healed(phone: Page) -> None:
    phone.context.set_offline(True)
    card(phone).get_by_role("button", name="关画面声音", exact=True).click()
    expect(phone.locator("#problem")).to_contain_text("网络断开")
    phone.context.set_offline(False)
    card(phone).get_by_role("button", name="关画面声音", exact=True).click()
    expect(card(phone).get_by_role("button", name="开画面声音")).to_be_visible()
    expect(phone.locator("#problem")).to_be_hidden()
    card(phone).get_by_role("button", name="开画面声音").click()
    expect(card(phone).get_by_role("button", name="关画面声音", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_a_rota_is_made_and_kept(new_page: NewPage, size: dict[str, int], shot) -> None:
    page = enter(new_page(f"/console/rooms/{ROOM}/duty", size))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    lines = page.locator(".rota-line")
    for number, (name, hours) in enumerate((("王芳", "工作日 18:00-次日09:00"), ("孙立", ""))):
        lines.nth(number).get_by_label("姓名").fill(name)
        lines.nth(number).get_by_label("时段").fill(hours)
    page.get_by_label("允许自动答复的时段").fill("每天 25:00-26:00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("时间不对")
    expect(lines.nth(1).get_by_label("姓名")).to_have_value("孙立")
    page.get_by_label("允许自动答复的时段").fill("每天 00:00-24:00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(lines.nth(0).get_by_label("时段")).to_have_value("工作日 18:00-次日09:00")
    shot(page, "duty")


def test_who_may_run_no_room_has_no_such_page(new_page: NewPage) -> None:
    page = enter(new_page("/console/phone", PHONE), BOSS)
    expect(page.locator("#main")).to_contain_text("没有这项操作的权限")
    assert OPERATOR != BOSS


def test_outside_its_hours_console_phone_and_stage_say_why(new_page: NewPage, shot) -> None:
    page = enter(new_page("/console/rooms/other/duty", DESKTOP))
    page.get_by_label("允许自动答复的时段").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    page.goto("/console/rooms/other")
    page.get_by_role("button", name="开播").click()
    expect(page.locator("#state")).to_have_text("直播中")
    page.get_by_role("button", name="开自动答复").click()
    page.get_by_role("dialog").get_by_role("button", name="打开").click()
    expect(page.locator("#lapse")).to_contain_text("不在自动答复时段")
    shot(page, "held")
    stage = new_page("/stage/other", DESKTOP)
    expect(stage.locator("#notice")).to_contain_text("现在播放审核过的内容")
    shot(stage, "held-stage")
    page.goto("/console/phone")
    mine = page.locator('.phone-room[data-key="other"]')
    expect(mine.locator(".phone-held")).to_contain_text("不在自动答复时段")
    shot(page, "held-phone")
    page.goto("/console/rooms/other/duty")
    page.get_by_label("允许自动答复的时段").fill("每天 00:00-24:00")
    page.get_by_role("button", name="保存").click()
    page.goto("/console/rooms/other")
    expect(page.locator("#auto-state")).to_contain_text("自动答复")
    expect(page.locator("#lapse")).to_be_hidden()
    expect(stage.locator("#notice")).to_contain_text("欢迎来到")
