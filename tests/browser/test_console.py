"""The console's other pages: rooms, paste, alerts, a broken line, the review, the rule packs."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_room_and_stage import enter
from tests.support.live_office import BOSS, OPERATOR, OUTSOURCED, REGION, live_office

pytestmark = pytest.mark.browser
LINES = "社保卡丢了怎么办\n主播辛苦了\n有人晕倒了快救命"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_office(tmp_path_factory.mktemp("office")) as address:
        yield address


@pytest.fixture
def room(new_page: NewPage) -> Page:
    """A page on a room on air; the first time the room is made through the pages."""
    page = enter(new_page("/console", DESKTOP))
    if page.get_by_role("link", name="一号直播间").count() == 0:
        make(page)
    page.goto("/console/rooms/one")
    if page.get_by_role("button", name="开播").count():
        page.get_by_role("button", name="开播").click()
    expect(page.locator("#state")).to_have_text("直播中")
    return page


def make(page: Page) -> None:
    page.get_by_role("link", name="新建直播间").click()
    for label, text in (("编号", "one"), ("名称", "一号直播间"), ("地区代码", "123456")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("值班人员").fill("王科长\n李主任")
    page.get_by_role("button", name="建好").click()
    expect(page.get_by_role("alert")).to_contain_text("没有区划代码 123456")
    page.get_by_label("地区代码", exact=True).fill(REGION)
    page.get_by_role("button", name="建好").click()
    expect(page.get_by_role("heading", name="一号直播间")).to_be_visible()


def paste(page: Page, text: str) -> None:
    page.get_by_text("粘贴评论").click()
    page.locator("#paste-text").fill(text)
    page.get_by_role("button", name="送入").click()
    expect(page.locator("#paste-done")).to_contain_text("已送入")


def test_pasted_comments_are_sorted_filtered_and_alerted(room: Page) -> None:
    paste(room, LINES)
    expect(room.locator("#stream .entry")).to_have_count(3)
    room.get_by_role("group", name="按去向筛选").get_by_text("未作答").click()
    expect(room.locator("#stream .entry")).to_have_count(1)
    expect(room.locator("#stream")).to_contain_text("主播辛苦了")
    first = room.locator("#queue .card").first
    expect(first).to_contain_text("危急")
    alert = room.locator("#alerts .alert")
    expect(alert).to_contain_text("生命危险")
    alert.get_by_role("button", name="知道了").click()
    expect(alert).to_have_count(0)
    expect(room.locator("#platforms")).to_contain_text("粘贴")


def test_two_consoles_show_the_same_also_after_a_reload(room: Page, new_page: NewPage) -> None:
    other = enter(new_page("/console/rooms/one", DESKTOP))
    expect(other.locator("#state")).to_have_text("直播中")
    paste(other, "公积金贷款最高能贷多少")
    for page in (room, other):
        expect(page.locator("#stream .entry", has_text="公积金贷款最高")).to_have_count(1)
    room.reload()
    expect(room.locator("#stream .entry", has_text="公积金贷款最高")).to_have_count(1)


def test_who_is_outsourced_runs_but_says_nothing(room: Page, new_page: NewPage) -> None:
    paste(room, "办营业执照需要什么材料")
    other = enter(new_page("/console/rooms/one", PHONE), OUTSOURCED)
    expect(other.locator("#queue")).to_contain_text("办营业执照需要什么材料")
    assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    other.get_by_role("button", name="播出", exact=True).click()
    expect(other.locator("#now")).to_be_visible()
    for hidden in ("#say", "#automatic"):
        expect(other.locator(hidden)).to_have_count(0)
    expect(other.locator("#queue [data-act=edit]")).to_have_count(0)
    other.get_by_role("button", name="暂停").click()
    expect(room.locator("#state")).to_have_text("已暂停")
    other.get_by_role("button", name="继续").click()
    expect(room.locator("#state")).to_have_text("直播中")


def test_the_end_leads_to_the_review_and_its_lines(room: Page) -> None:
    paste(room, "社保卡丢了怎么办\n社保卡遗失怎么办")
    expect(room.locator("#stream")).to_contain_text("社保卡遗失怎么办")
    room.get_by_text("更多").click()
    room.get_by_role("button", name="结束直播").click()
    room.get_by_role("dialog").get_by_role("button", name="结束直播").click()
    expect(room.get_by_role("heading", name="一号直播间复盘")).to_be_visible()
    expect(room.get_by_text("问得最多")).to_be_visible()
    with room.expect_download() as started:
        room.get_by_role("link", name="下载逐条明细").click()
    lines = started.value.path().read_text("utf-8").splitlines()
    received = room.locator(".figures b").first.inner_text()
    assert len(lines) == int(received)
    assert all(json.loads(line)["outcome"] for line in lines)


def test_a_rule_is_tried_saved_counts_and_is_taken_back(room: Page, new_page: NewPage) -> None:
    rules = enter(new_page("/console/rules/spam", DESKTOP), BOSS)
    draft = rules.get_by_label("规则（JSON）")
    pack = json.loads(draft.input_value())
    rule = {"name": "试验", "code": "spam", "reason": "试验用词", "any": ["[紫色大象]"]}
    pack["rules"].append(rule)
    draft.fill(json.dumps(pack, ensure_ascii=False, indent=1))
    rules.get_by_label("评论或要说的话").fill("紫色大象多少钱")
    rules.get_by_role("button", name="试一试").click()
    expect(rules.locator("#tried")).to_contain_text("屏蔽：试验用词")
    expect(rules.locator("#tried")).to_contain_text("命中“紫色大象”")

    draft.fill(draft.input_value().replace('"试验用词"', '"试验用词"x'))
    rules.get_by_role("button", name="保存为新版本").click()
    expect(rules.get_by_role("alert")).to_contain_text("不是合法的 JSON")
    draft.fill(draft.input_value().replace('"试验用词"x', '"试验用词"'))
    rules.get_by_label("这次改了什么").fill("加一个词")
    rules.get_by_role("button", name="保存为新版本").click()
    expect(rules.get_by_role("status")).to_contain_text("第 1 版")

    paste(room, "紫色大象多少钱")
    expect(room.locator("#stream .entry").first).to_contain_text("试验用词")
    expect(room.locator("#stream .entry").first).to_contain_text("内容已屏蔽")

    rules.get_by_role("button", name="恢复").click()
    expect(rules.get_by_role("status")).to_contain_text("第 2 版")
    room.get_by_label("要说的话").fill("紫色大象多少钱")
    room.keyboard.press("Enter")
    expect(room.locator("#now")).to_contain_text("紫色大象多少钱")


def test_staff_find_the_console_from_every_page(new_page: NewPage) -> None:
    page = new_page("/")
    expect(page.get_by_role("link", name="控制台", exact=True)).to_have_count(0)
    page.goto("/console/rooms/none")
    enter(page, OPERATOR)
    expect(page.get_by_text("没有直播间 none")).to_be_visible()
    page.goto("/sources")
    page.get_by_role("link", name="控制台", exact=True).click()
    expect(page.get_by_role("heading", name="直播间", exact=True)).to_be_visible()
