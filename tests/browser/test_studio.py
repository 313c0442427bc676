"""The studio in a real browser: from one line to an approved script through two accounts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from pptx import Presentation
from pptx.util import Pt

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_review_desk import fits
from tests.browser.test_room_and_stage import enter
from tests.studio.deck.test_own_template import dark, linked, template
from tests.support.studio_office import EDITOR, OPERATOR, REVIEWER, studio_office

pytestmark = pytest.mark.browser
BRIEF = "下个月15号讲个体户执照，重点讲材料，5分钟"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with studio_office(tmp_path_factory.mktemp("office")) as address:
        yield address


def drafted(new_page: NewPage, brief: str = BRIEF) -> Page:
    """The page of a new draft."""
    page = enter(new_page("/console/studio/new"), EDITOR)
    expect(page.get_by_label("您要播什么")).to_be_focused()
    page.keyboard.type(brief)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sources li").first).to_be_visible()
    page.get_by_role("button", name="开始起草").click()
    expect(page.locator("#segments > li").first).to_be_visible(timeout=30_000)
    return page


def opened(new_page: NewPage, path: str, name: str, size: dict[str, int] = DESKTOP) -> Page:
    page = enter(new_page(path, size), name)
    expect(page.locator("#segments > li").first).to_be_visible()
    return page


def path_of(page: Page) -> str:
    return page.evaluate("location.pathname")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text("已保存")


def checked(page: Page) -> None:
    """Everything that rests on the same facts was looked at."""
    if page.locator("#all-checked").is_visible():
        page.get_by_role("button", name="全部已核对").click()
    else:
        page.locator("#problem-list").get_by_role("button", name="已核对").first.click()
    expect(page.locator("#problem-list .todo:not(.todo-soft)")).to_have_count(0)


def test_a_novice_has_an_approved_script_through_two_accounts(new_page: NewPage, shot) -> None:
    lin = drafted(new_page)
    shot(lin, "editor")
    first = lin.locator("#segments textarea").first
    words = first.input_value()
    first.fill(words.removesuffix("。") + "，欢迎大家。")
    lin.keyboard.press("Tab")
    saved(lin)
    lin.reload()
    expect(lin.locator("#segments textarea").first).to_have_value(
        words.removesuffix("。") + "，欢迎大家。"
    )
    if lin.locator("#problem-list .todo:not(.todo-soft)").count():
        checked(lin)
    lin.get_by_role("button", name="提交审核").click()
    expect(lin.locator("#state")).to_have_text("待审核")
    expect(lin.get_by_role("button", name="批准")).to_have_count(0)
    path = path_of(lin)

    sun = opened(new_page, path, REVIEWER)
    sun.locator("#segments .line").first.get_by_role("button", name="批注").click()
    sun.get_by_role("textbox", name="批注").fill("开头再短一点")
    sun.keyboard.press("Control+Enter")
    expect(sun.locator("#segments .remark")).to_contain_text("开头再短一点")
    sun.get_by_role("button", name="退回修改").click()
    sun.get_by_label("要改什么").fill("开头太长")
    sun.keyboard.press("Control+Enter")
    expect(sun.locator("#state")).to_have_text("退回修改")

    lin.reload()
    expect(lin.locator("#told")).to_contain_text("退回意见：开头太长")
    lin.locator("#segments .remark").get_by_role("button", name="已处理").click()
    expect(lin.locator("#segments .remark")).to_have_count(0)
    lin.locator("#segments textarea").first.fill(words)
    lin.keyboard.press("Control+Enter")
    saved(lin)
    if lin.locator("#problem-list .todo:not(.todo-soft)").count():
        checked(lin)
    lin.get_by_role("button", name="提交审核").click()
    expect(lin.locator("#state")).to_have_text("待审核")

    sun.reload()
    sun.get_by_role("button", name="批准", exact=True).click()
    sun.get_by_role("dialog").get_by_role("button", name="批准").click()
    expect(sun.locator("#state")).to_have_text("已批准")
    sun.get_by_role("link", name="去排期").click()
    sun.get_by_role("button", name="排在这个时间").click()
    expect(sun.get_by_role("heading", name="播出")).to_contain_text("09:00 播出")
    shot(sun, "schedule")

    wang = opened(new_page, path, OPERATOR)
    expect(wang.locator("#state")).to_have_text("已排期")
    expect(wang.locator("#segments textarea")).to_have_count(0)
    wang.goto(f"{path}/versions")
    expect(wang.locator(".differences")).to_contain_text("欢迎大家")
    shot(wang, "versions")


def test_an_edit_marks_what_states_the_same_and_blocks(new_page: NewPage) -> None:
    page = drafted(new_page)
    line = page.locator("#segments .line", has_text="经营者身份证").first
    area = line.locator("textarea")
    was = area.input_value()
    area.fill(was.replace("1份", "3份"))
    page.keyboard.press("Tab")
    expect(page.locator("#problem-list")).to_contain_text("依据中没有“3份”")
    expect(page.locator("#problem-list")).to_contain_text("同一依据")
    page.locator("#problem-list li", has_text="3份").locator(".link").first.click()
    expect(page.locator("textarea:focus")).to_have_value(was.replace("1份", "3份"))
    page.keyboard.press("Escape")
    page.locator("textarea.faulty").first.fill(was)
    page.keyboard.press("Tab")
    expect(page.locator("#problem-list")).not_to_contain_text("3份")


def slow_script(page: Page, seconds: float) -> None:
    def late(route: Route) -> None:
        page.wait_for_timeout(seconds * 1000)
        route.continue_()

    page.route("**/studio-brief.js*", late)


@pytest.mark.parametrize("also_sent", [False, True])
def test_a_line_typed_before_the_script_has_come_is_kept(
    new_page: NewPage, also_sent: bool
) -> None:
    page = enter(new_page("/console/studio/new"), EDITOR)
    slow_script(page, 1.5)
    page.goto(page.url, wait_until="commit")
    page.get_by_label("您要播什么").fill("讲个体户执照")
    if also_sent:
        page.get_by_role("button", name="看看怎么写").click(no_wait_after=True)
    else:
        page.wait_for_load_state()
        expect(page.get_by_label("您要播什么")).to_have_value("讲个体户执照")
        page.get_by_role("button", name="看看怎么写").click()
    expect(page.locator("#missing")).to_contain_text("哪一天播")
    expect(page.get_by_label("您要播什么")).to_have_value("讲个体户执照")


def test_missing_words_of_a_brief_are_asked_back(new_page: NewPage) -> None:
    page = enter(new_page("/console/studio/new"), EDITOR)
    page.get_by_label("您要播什么").fill("讲个体户执照")
    page.get_by_role("button", name="看看怎么写").click()
    expect(page.locator("#missing")).to_contain_text("哪一天播")
    expect(page.locator("[name=day]")).to_be_focused()
    page.get_by_role("button", name="去掉").first.click()
    expect(page.locator("#sources")).to_contain_text("还没有依据")
    page.get_by_role("button", name="开始起草").click()
    expect(page.locator("#fault")).to_contain_text("还没有选定依据")
    page.get_by_label("添加资料").fill("个体工商户")
    page.locator("#found button").first.click()
    expect(page.locator("#sources a")).to_have_count(1)


def test_it_works_on_a_phone_and_by_keys(new_page: NewPage) -> None:
    page = drafted(new_page)
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator(".segment.chosen")).to_have_count(1)
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="短一点").click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#figures")).to_contain_text("第 2 版")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键")).to_be_visible()
    phone = opened(new_page, path_of(page), EDITOR, PHONE)
    assert fits(phone)
    for path in ("/console/studio", "/console/studio/new", f"{path_of(page)}/versions"):
        phone.goto(path)
        expect(phone.locator("h1")).to_be_visible()
        assert fits(phone)
    phone.goto(f"{path_of(page)}/schedule")
    assert fits(phone)


def upload(page: Page, data: bytes, name: str = "") -> None:
    file = {"name": "县府模板.pptx", "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label("文件").set_input_files(file)
    page.get_by_label("名称").fill(name)
    page.get_by_role("button", name="上传").click()


def test_an_office_brings_its_own_template(new_page: NewPage, shot) -> None:
    page = drafted(new_page)
    stream = path_of(page)
    page.goto("/console/studio/templates")
    upload(page, template(linked))
    expect(page.get_by_role("alert")).to_contain_text("http://tracker.example/x.png")
    upload(page, template(dark), "蓝底模板")
    row = page.locator(".template-list li", has=page.get_by_role("heading", name="蓝底模板"))
    expect(row).to_contain_text("模板不是16:9")
    expect(row).to_contain_text("标题和页脚加了白底")
    page.get_by_role("button", name="设为默认：蓝底模板").click()
    expect(row.locator(".state")).to_have_text("默认")
    shot(page, "templates")

    page.goto(f"{stream}/template")
    expect(page.locator("#chosen")).to_have_text("蓝底模板")
    expect(page.locator("#told-of")).to_contain_text("标题和页脚加了白底")
    shot(page, "template")
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载课件 PPT").click()
    assert Presentation(loading.value.path()).slide_width == Pt(720)
    page.get_by_label("换成").select_option("本系统的样式")
    page.get_by_role("button", name="就用这个").click()
    expect(page.locator("#chosen")).to_have_text("本系统的样式")
    expect(page.locator("#told-of")).to_have_count(0)

    phone = enter(new_page("/console/studio/templates", PHONE), EDITOR)
    expect(phone.get_by_role("heading", name="蓝底模板")).to_be_visible()
    assert fits(phone)
    shot(phone, "templates-phone")
    phone.get_by_role("button", name="删去：蓝底模板").click()
    expect(phone.get_by_role("heading", name="蓝底模板")).to_have_count(0)
    phone.goto(f"{stream}/template")
    assert fits(phone)
    shot(phone, "template-phone")

    sun = enter(new_page("/console/studio/templates"), REVIEWER)
    expect(sun.get_by_role("heading", name="课件模板")).to_be_visible()
    expect(sun.get_by_role("button", name="上传")).to_have_count(0)
