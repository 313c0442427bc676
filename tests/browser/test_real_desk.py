"""The real desk over a small knowledge base, as a visitor sees it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.bootstrap import Settings, open_assistant
from assistant.web.app import create_app
from tests.browser.conftest import PHONE, NewPage
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("desk")
    settings = Settings(data_dir=folder / "data")
    path = write_knowledge(folder / "files")
    with ThreadPoolExecutor() as threads:  # this thread has playwright's event loop
        threads.submit(lambda: asyncio.run(_fill(settings, path))).result()
    with served(create_app(lambda: open_assistant(settings))) as url:
        yield url


async def _fill(settings: Settings, path: Path) -> None:
    async with open_assistant(settings) as assistant:
        await assistant.ingest([path])


@pytest.mark.parametrize("js", [True, False])
def test_a_fee_is_answered_from_its_field(new_page: NewPage, js: bool) -> None:
    page = new_page(js=js)
    page.get_by_label("您想办什么事").fill("个体工商户设立登记收费吗")
    page.get_by_role("button", name="提问").click()
    answer = page.get_by_role("article")
    expect(answer).to_contain_text("不收费")
    expect(answer.get_by_text("内容由人工智能生成")).to_be_visible()
    answer.get_by_role("link", name="个体工商户设立登记 收费").click()
    expect(page.locator("mark")).to_have_text("不收费")
    expect(page.locator("mark")).to_be_in_viewport()


def test_what_is_not_known_goes_to_a_person(new_page: NewPage) -> None:
    page = new_page(size=PHONE)
    page.get_by_label("您想办什么事").fill("火星上怎么种土豆")
    page.keyboard.press("Enter")
    answer = page.get_by_role("article")
    expect(answer).to_contain_text("已转人工")
    expect(answer.get_by_text("内容由人工智能生成")).to_have_count(0)


def test_every_source_can_be_opened_from_the_list(new_page: NewPage) -> None:
    page = new_page("/sources")
    titles = page.locator(".source-row a").all_inner_texts()
    assert len(titles) == 3
    for title in titles:
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.go_back()
