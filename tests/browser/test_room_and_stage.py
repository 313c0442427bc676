"""A viewer asks, the operator's console shows it, the stage says it, the viewer is answered."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NewPage
from tests.support.live_office import OPERATOR, PASSWORD, ROOM, hall, live_office

pytestmark = pytest.mark.browser

SMALL = {"width": 360, "height": 740}
STAGE = {"width": 1280, "height": 720}
FEE, DAYS = "个体工商户设立登记收费吗", "个体工商户设立登记几天能办好"
CONSOLE = f"/console/rooms/{ROOM}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_office(tmp_path_factory.mktemp("office"), hall()) as address:
        yield address


@pytest.fixture
def console(new_page: NewPage) -> Iterator[Page]:
    """The console of the room, on air, in automatic mode; ended afterwards."""
    page = enter(new_page(CONSOLE, DESKTOP))
    page.get_by_role("button", name="开播").click()
    expect(page.locator("#state")).to_have_text("直播中")
    automatic(page)
    yield page
    page.goto("about:blank")
    page.goto(f"{new_page._url}{CONSOLE}")
    page.get_by_text("更多").click()
    page.get_by_role("button", name="结束直播").click()
    page.get_by_role("dialog").get_by_role("button", name="结束直播").click()
    expect(page.get_by_role("heading", name="复盘")).to_be_visible()


def enter(page: Page, name: str = OPERATOR) -> Page:
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="控制台", exact=True)).to_be_visible()
    page.wait_for_load_state()
    return page


def automatic(page: Page) -> None:
    page.get_by_role("button", name="开自动答复").click()
    page.get_by_role("dialog").get_by_role("button", name="打开").click()
    expect(page.locator("#auto-state")).to_have_text("自动答复，王芳 打开")


def ask(page: Page, text: str) -> None:
    page.get_by_label("您的问题").fill(text)
    page.keyboard.press("Enter")


def test_from_the_viewer_through_console_and_stage_and_back(
    console: Page, new_page: NewPage
) -> None:
    stage = new_page(f"/stage/{ROOM}", STAGE)
    viewer = new_page(f"/room/{ROOM}", SMALL)
    expect(stage.get_by_text("AI数字人 · 内容由人工智能生成")).to_be_visible()
    ask(viewer, FEE)
    expect(console.locator("#stream")).to_contain_text(FEE)
    expect(console.locator("#stream .entry").first).to_contain_text("口播")
    expect(stage.locator("#caption")).to_contain_text("不收费")
    expect(stage.get_by_text("AI数字人 · 内容由人工智能生成")).to_be_visible()
    expect(stage.locator("#basis")).to_contain_text("个体工商户设立登记 收费")
    expect(viewer.locator("#talk")).to_contain_text("不收费")
    expect(console.locator("#now")).to_contain_text("不收费")


def test_taking_over_stops_the_speech_and_giving_back_goes_on(
    console: Page, new_page: NewPage
) -> None:
    stage = new_page(f"/stage/{ROOM}", STAGE)
    say(console, "现在为大家介绍今天的安排，请各位网友稍等片刻，我们马上开始。")
    expect(stage.locator("#said")).to_be_visible()
    console.locator("#queue").focus()
    console.keyboard.press("t")
    expect(console.locator("#state")).to_have_text("人工接管")
    expect(stage.locator("#said")).to_be_hidden()
    expect(stage.locator("#notice")).to_have_text("现在由工作人员为您解答。")
    console.keyboard.press("t")
    expect(console.locator("#state")).to_have_text("直播中")
    expect(stage.locator("#notice")).to_contain_text("欢迎来到清溪县政务直播间")


def say(console: Page, text: str) -> None:
    """By keys alone."""
    console.locator("#queue").focus()
    console.keyboard.press("/")
    expect(console.get_by_label("要说的话")).to_be_focused()
    console.keyboard.type(text)
    console.keyboard.press("Enter")


def test_words_with_a_number_are_not_said(console: Page) -> None:
    say(console, "请打我的电话13912345678")
    expect(console.locator("#say-error")).to_contain_text("不能播出：含有个人信息")
    expect(console.get_by_label("要说的话")).to_have_value("请打我的电话13912345678")
    console.get_by_label("要说的话").fill("加我微信领红包，vx 刷单日结")
    console.keyboard.press("Enter")
    expect(console.locator("#say-error")).to_contain_text("含有不宜播出的内容")
    expect(console.locator("#now")).to_contain_text("现在没有播出")


def test_mute_pause_and_automatic_mode(console: Page, new_page: NewPage) -> None:
    console.locator("#queue").focus()
    console.keyboard.press("m")
    expect(console.locator("#muted")).to_be_visible()
    viewer = new_page(f"/room/{ROOM}", SMALL)
    ask(viewer, DAYS)
    expect(viewer.locator("#talk")).to_contain_text("3个工作日")
    expect(console.locator("#waiting")).to_contain_text("3个工作日")
    console.keyboard.press("m")
    expect(console.locator("#now")).to_contain_text("3个工作日")
    console.keyboard.press("p")
    expect(console.locator("#state")).to_have_text("已暂停")
    console.keyboard.press("p")
    console.get_by_role("button", name="关自动答复").click()
    expect(console.locator("#auto-state")).to_have_text("人工确认后播出")


def test_without_automatic_mode_a_person_says_it(console: Page, new_page: NewPage) -> None:
    console.get_by_role("button", name="关自动答复").click()
    expect(console.locator("#auto-state")).to_have_text("人工确认后播出")
    viewer = new_page(f"/room/{ROOM}", SMALL)
    ask(viewer, FEE)
    card = console.locator("#queue .card", has_text=FEE)
    expect(card).to_contain_text("1 人")
    expect(card).to_contain_text("待人工")
    console.locator("#queue").focus()
    console.keyboard.press("j")
    expect(card).to_be_focused()
    console.keyboard.press("e")
    words = console.get_by_role("dialog").get_by_role("textbox")
    words.fill("办这个要13912345678")
    console.get_by_role("dialog").get_by_role("button", name="播出").click()
    expect(console.locator("#ask-error")).to_contain_text("个人信息")
    words.fill("个体户登记不收一分钱")
    console.get_by_role("dialog").get_by_role("button", name="播出").click()
    expect(viewer.locator("#talk")).to_contain_text("个体户登记不收一分钱")
    expect(console.locator("#now")).to_contain_text("人工播出（王芳）")


def test_what_was_not_solved_reaches_the_queue_of_people(console: Page, new_page: NewPage) -> None:
    viewer = new_page(f"/room/{ROOM}", SMALL)
    ask(viewer, FEE)
    expect(viewer.locator("#talk")).to_contain_text("不收费")
    assert viewer.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    viewer.get_by_role("button", name="没解决").first.click()
    expect(viewer.get_by_text("已转给工作人员")).to_be_visible()
    card = console.locator("#queue .card", has_text=FEE)
    expect(card).to_contain_text("网友反馈没解决")
    expect(card).to_contain_text("已答")
    card.get_by_role("button", name="改后播出").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("材料费也不收，您可以到窗口办理")
    dialog.get_by_role("button", name="只回文字").click()
    expect(viewer.locator("#talk")).to_contain_text("材料费也不收")
    expect(console.locator("#queue .card", has_text=FEE)).to_have_count(0)

    ask(viewer, "支持支持")
    expect(console.locator("#stream")).to_contain_text("支持支持")


def test_a_lost_network_loses_nothing(console: Page, new_page: NewPage) -> None:
    viewer = new_page(f"/room/{ROOM}", SMALL)
    ask(viewer, FEE)
    expect(viewer.locator("#talk")).to_contain_text("不收费")
    viewer.context.set_offline(True)
    ask(viewer, DAYS)
    expect(viewer.locator("#talk .failed")).to_contain_text(DAYS)
    expect(viewer.locator("#offline")).to_be_visible()
    viewer.context.set_offline(False)
    expect(viewer.locator("#offline")).to_be_hidden()
    expect(viewer.locator("#talk")).to_contain_text("3个工作日")
    viewer.reload()
    expect(viewer.locator("#talk")).to_contain_text("3个工作日")
    expect(console.locator("#stream .entry", has_text=DAYS)).to_have_count(1)
