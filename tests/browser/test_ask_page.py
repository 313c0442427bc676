"""A person asks, reads, follows a citation: by mouse, by keys alone, on a phone, without JS."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from assistant.web.app import create_app
from tests.browser.conftest import PHONE, NewPage
from tests.support.served import served
from tests.web.fake_desk import CLAUSE_QUOTE, FakeDesk

pytestmark = pytest.mark.browser


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def url(desk: FakeDesk) -> Iterator[str]:
    with served(create_app(desk.open)) as url:
        yield url


def ask(page: Page, text: str) -> None:
    page.get_by_label("您想办什么事").fill(text)
    page.get_by_role("button", name="提问").click()


def test_a_citation_opens_the_clause_highlighted(new_page: NewPage, shot) -> None:
    page = new_page()
    ask(page, "公积金贷款要缴多久")
    answer = page.get_by_role("article")
    expect(answer).to_contain_text("已答复")
    expect(answer.get_by_text("内容由人工智能生成")).to_be_visible()
    answer.get_by_role("link", name="第二条").click()
    mark = page.locator("mark")
    expect(mark).to_have_text(CLAUSE_QUOTE)
    expect(mark).to_be_in_viewport()
    expect(page.get_by_text("现行有效", exact=True)).to_be_visible()
    shot(page, "clause")


def test_going_back_shows_the_answer_again(new_page: NewPage) -> None:
    page = new_page()
    ask(page, "公积金贷款要缴多久")
    page.get_by_role("link", name="第二条").click()
    page.go_back()
    expect(page.get_by_role("article")).to_contain_text("已答复")


def test_a_choice_is_one_click(new_page: NewPage) -> None:
    page = new_page()
    ask(page, "营业执照要带什么")
    expect(page.get_by_role("article")).to_contain_text("请您选择")
    page.get_by_role("button", name="个体工商户设立登记").click()
    newest = page.get_by_role("article").first
    expect(newest).to_contain_text("不收费")
    expect(newest.get_by_role("heading", level=2)).to_contain_text("个体工商户设立登记：")


def test_keys_are_enough(new_page: NewPage) -> None:
    page = new_page()
    expect(page.get_by_label("您想办什么事")).to_be_focused()
    page.keyboard.type("营业执照要带什么")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="个体工商户设立登记")).to_be_focused()
    page.keyboard.press("1")
    expect(page.get_by_role("article").first).to_contain_text("不收费")
    expect(page.get_by_label("您想办什么事")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="提问")).to_be_focused()
    page.get_by_role("link", name="收费").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("不收费")


def test_a_shift_return_is_a_new_line(new_page: NewPage, desk: FakeDesk) -> None:
    page = new_page()
    page.keyboard.type("设立登记")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("收费吗")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("已答复")
    assert desk.asked[0].text == "设立登记\n收费吗"


def test_answers_are_announced(new_page: NewPage) -> None:
    page = new_page()
    ask(page, "今天天气")
    expect(page.locator("#answers[aria-live=polite]")).to_contain_text("已转人工")
    expect(page.get_by_role("status")).to_have_text("已转人工")


def test_an_error_is_shown_and_the_question_stays(new_page: NewPage, desk: FakeDesk) -> None:
    page = new_page()
    desk.failure = RuntimeError("broken")
    ask(page, "设立登记")
    expect(page.get_by_role("alert")).to_contain_text("系统出错")
    expect(page.get_by_label("您想办什么事")).to_have_value("设立登记")
    desk.failure = None
    page.get_by_role("button", name="提问").click()
    expect(page.get_by_role("article")).to_contain_text("已答复")
    expect(page.get_by_role("alert")).to_be_empty()


def test_a_lost_connection_is_said(new_page: NewPage) -> None:
    page = new_page()
    page.route("**/ask", lambda route: route.abort())
    ask(page, "设立登记")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    expect(page.get_by_label("您想办什么事")).to_have_value("设立登记")
    new_page.complaints.clear()


def test_the_last_question_goes_along(new_page: NewPage, desk: FakeDesk) -> None:
    page = new_page()
    ask(page, "设立登记怎么办")
    expect(page.get_by_role("article")).to_have_count(1)
    ask(page, "那公积金呢")
    expect(page.get_by_role("article")).to_have_count(2)
    assert desk.asked[1].history == ("设立登记怎么办",)


def test_region_and_tag_narrow_the_question(new_page: NewPage, desk: FakeDesk) -> None:
    page = new_page()
    page.get_by_label("地区").select_option(label="　　示例县")
    page.get_by_text("更多条件").click()
    page.get_by_label("公积金").check()
    ask(page, "公积金贷款")
    expect(page.get_by_role("article")).to_contain_text("已答复")
    assert (desk.asked[0].region, desk.asked[0].tags) == ("990101", {"公积金"})


def test_the_list_is_filtered_while_typing(new_page: NewPage) -> None:
    page = new_page("/sources")
    page.get_by_label("查找").press_sequentially("公积金")
    expect(page.locator(".source-row")).to_have_count(2)
    expect(page.get_by_text("被取代")).to_be_visible()


def test_nothing_needs_scripts(new_page: NewPage) -> None:
    page = new_page(js=False)
    ask(page, "营业执照要带什么")
    page.get_by_role("button", name="个体工商户设立登记").click()
    expect(page.get_by_role("article")).to_contain_text("不收费")
    page.goto("/sources")
    page.get_by_label("查找").fill("公积金")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".source-row")).to_have_count(2)


@pytest.mark.parametrize(
    "path", ["/", "/sources", "/sources/政策/办法.docx", "/sources/guide-1", "/nope"]
)
def test_a_phone_scrolls_only_down(new_page: NewPage, shot, path: str) -> None:
    page = new_page(path, PHONE)
    if path == "/":
        for text in ("公积金贷款要缴多久", "营业执照要带什么"):
            ask(page, text)
            expect(page.get_by_role("article").first.get_by_role("heading").first).to_have_text(
                text
            )
    wide, visible = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    shot(page, "phone")
    assert wide <= visible


@pytest.mark.parametrize("path", ["/", "/sources", "/sources/guide-1"])
def test_words_stand_out_from_their_ground(new_page: NewPage, path: str) -> None:
    """WCAG 2.1 AA: 4.5:1 for text (3:1 for large)."""
    page = new_page(path)
    if path == "/":
        for text in ("公积金", "营业执照", "今天天气", "滚"):
            count = page.get_by_role("article").count()
            ask(page, text)
            expect(page.get_by_role("article")).to_have_count(count + 1)
    assert page.evaluate(WEAK_CONTRASTS) == []


WEAK_CONTRASTS = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => {
      v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(node).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      weak.push(`${text.data.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return weak;
}"""
