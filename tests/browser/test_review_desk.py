"""The review desk in a real browser: taking back, drafts, two people, a phone, hostile words."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from assistant.review import building
from assistant.review.settling import Settling
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_room_and_stage import enter
from tests.support.live_office import OPERATOR, REVIEWER
from tests.support.review_queue import SECOND, XSS, Planned, review_office

pytestmark = pytest.mark.browser
SMALL = {"width": 360, "height": 740}
DESK = "/console/review"
UNHURRIED = timedelta(minutes=2)
"""To take a settlement back: what is tried is the key, on a machine that is busy too."""
UNDONE, TYPED, SHARED, HOSTILE, HANDED, CALM, MOVED, LEAD = range(100, 108)
PLANNED = [
    Planned(UNDONE, "改名收费吗"),
    Planned(TYPED, "注销收费吗"),
    Planned(SHARED, "变更收费吗"),
    Planned(HOSTILE, f"能加盟吗{XSS}", draft=f"不收费。{XSS}", history=(XSS,), name=XSS),
    Planned(HANDED, "井盖坏了找谁"),
    Planned(CALM, "补证收费吗"),
    Planned(MOVED, "年报收费吗"),
    Planned(LEAD, "年报要钱吗", asked_by=7),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "Settling", lambda *parts: Settling(*parts[:-1], UNHURRIED))
        with review_office(tmp_path_factory.mktemp("office"), PLANNED) as address:
            yield address


def case(number: int) -> str:
    return next(one.id for one in PLANNED if one.number == number)


OTHERS = re.compile(f"^(?!{case(UNDONE)}$).+")
"""Any case but that one."""


def opened(
    new_page: NewPage, number: int, name: str = REVIEWER, size: dict[str, int] = DESKTOP
) -> Page:
    """A page of someone with a case open."""
    page = enter(new_page(DESK, size), name)
    page.goto(f"{DESK}#{case(number)}")
    page.reload()
    ready(page, number)
    return page


def ready(page: Page, number: int) -> None:
    expect(page.locator("#case")).to_have_attribute("data-ready", case(number))


def row(page: Page, number: int):
    return page.locator(f"#queue > [data-key='{case(number)}']")


def test_an_approval_is_taken_back_with_one_key(new_page: NewPage) -> None:
    page = opened(new_page, UNDONE)
    page.keyboard.press("a")
    sent = page.locator("#sent li")
    expect(sent).to_contain_text("已批准")
    expect(sent.locator(".left")).to_contain_text("秒后发出")
    expect(row(page, UNDONE)).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator("#told")).to_have_text("已撤销，这一件回到您手里。")
    ready(page, UNDONE)
    expect(row(page, UNDONE)).to_contain_text("您正在处理")
    expect(sent).to_have_count(0)
    page.keyboard.press("a")
    expect(sent).to_have_count(1)
    # The next case opens by itself and writes its name into the address: before we write ours.
    expect(page.locator("#case")).to_have_attribute("data-ready", OTHERS)
    page.keyboard.press("Enter")
    expect(sent).to_have_count(0)
    page.goto(f"{DESK}#{case(UNDONE)}")
    page.reload()
    expect(page.locator("#banner")).to_have_text("这一件已经处理过了。")
    expect(page.locator("[data-do=approve]")).to_be_disabled()


def test_what_is_typed_survives_a_reload(new_page: NewPage) -> None:
    page = opened(new_page, TYPED)
    page.keyboard.press("f")
    page.keyboard.type("axzu注销不收费。")  # letters that are keys do nothing here
    expect(page.locator("#saved")).to_have_text("草稿已保存")
    page.keyboard.type("请带身份证。")
    page.reload()
    expect(page.locator("textarea[name=text]")).to_have_value("axzu注销不收费。请带身份证。")
    expect(page.locator("#sent li")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#composer")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator("textarea[name=text]")).to_have_value("axzu注销不收费。请带身份证。")


def test_an_input_method_is_left_alone(new_page: NewPage) -> None:
    page = opened(new_page, CALM)
    for key, more in (
        ("a", {"isComposing": True}),
        ("a", {"keyCode": 229}),
        ("x", {"ctrlKey": True}),
    ):
        page.evaluate(
            "([key, more]) => document.getElementById('case').dispatchEvent("
            "new KeyboardEvent('keydown', { key, bubbles: true, ...more }))",
            [key, more],
        )
    expect(page.locator("#composer")).to_be_hidden()
    expect(page.locator("#sent li")).to_have_count(0)
    page.keyboard.press("x")
    expect(page.locator("#composer")).to_be_visible()


def test_two_people_never_hold_one_case(new_page: NewPage) -> None:
    sun = opened(new_page, SHARED)
    li = opened(new_page, SHARED, SECOND)
    expect(li.locator("#banner")).to_have_text("孙立 正在处理这一件，按 O 接手。")
    expect(row(li, SHARED)).to_contain_text("孙立 正在处理")
    li.keyboard.press("a")
    li.keyboard.press("e")
    expect(li.locator("#composer")).to_be_hidden()
    li.keyboard.press("o")
    expect(li.locator("#banner")).to_be_hidden()
    expect(sun.locator("#banner")).to_contain_text("您写的内容已保存")
    expect(row(sun, SHARED)).to_contain_text("钱坤 正在处理")
    ready(li, SHARED)
    li.keyboard.press("a")
    expect(li.locator("#sent li")).to_have_count(1)
    expect(row(sun, SHARED)).to_have_count(0)


def test_a_case_goes_to_a_department_and_comes_back(new_page: NewPage) -> None:
    page = opened(new_page, HANDED)
    page.keyboard.press("h")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .say-error")).to_have_text("请填写承办单位")
    page.keyboard.type("城管局")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sent li")).to_contain_text("已转部门")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="部门办理中").click()
    row(page, HANDED).click()
    expect(page.locator("#banner")).to_have_text("部门正在办理这一件。")
    page.get_by_role("button", name="部门已退回，重新处理").click()
    expect(page.locator("#banner")).to_be_hidden()
    expect(row(page, HANDED)).to_contain_text("您正在处理")


def test_cases_are_merged_parted_and_marked(new_page: NewPage) -> None:
    page = opened(new_page, MOVED)
    page.keyboard.press("m")
    page.keyboard.type("年报要钱")
    expect(page.locator(".picks [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    ready(page, LEAD)
    expect(page.locator(".members")).to_contain_text("年报收费吗")
    page.keyboard.press("s")
    expect(page.locator("#told")).to_have_text("已拆出，单独成为一件。")
    expect(row(page, MOVED)).to_have_count(1)
    page.keyboard.press("u")
    expect(row(page, LEAD)).to_contain_text("加急")


def test_what_a_viewer_wrote_is_never_markup(new_page: NewPage) -> None:
    page = opened(new_page, HOSTILE)
    title = page.title()
    for place in (".asked", ".drafted-words", "#body"):
        expect(page.locator(place)).to_contain_text("<script>")
    page.keyboard.press("e")
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    for bad in ("script:not([src])", "img[src=x]"):
        assert page.locator(f"#review {bad}").count() == 0
    page.wait_for_timeout(300)
    assert page.title() == title


def test_the_legend_names_every_key(new_page: NewPage) -> None:
    page = opened(new_page, CALM)
    page.keyboard.press("?")
    legend = page.get_by_role("dialog", name="按键")
    expect(legend).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("#composer")).to_be_hidden()
    page.keyboard.press("?")
    expect(legend).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["390", "360"])
def test_it_works_on_a_phone(new_page: NewPage, size: dict[str, int]) -> None:
    page = enter(new_page(DESK, size), REVIEWER)
    expect(page.locator("#queue > li").first).to_be_visible()
    assert fits(page)
    row(page, CALM).click()
    expect(page.locator("#queue")).to_be_hidden()
    expect(page.locator(".acts")).to_be_in_viewport()
    assert fits(page)
    for button in ("自己答", "转部门"):
        page.get_by_role("button", name=button).click()
        expect(page.locator("#composer")).to_be_visible()
        assert fits(page)
        page.get_by_role("button", name="收起").click()
    page.get_by_role("button", name="回到队列").click()
    expect(row(page, CALM)).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return wide


def test_it_is_not_offered_to_who_may_not_approve(new_page: NewPage) -> None:
    page = enter(new_page("/console"), OPERATOR)
    expect(page.get_by_role("link", name="复核", exact=True)).to_have_count(0)
    page.goto(DESK)
    expect(page.get_by_text("您没有这项操作的权限")).to_be_visible()
