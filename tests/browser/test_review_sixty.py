"""A reviewer settles a queue of sixty cases in a real browser by keys alone, groups included."""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.browser.conftest import DESKTOP, NewPage
from tests.browser.test_room_and_stage import enter
from tests.support import postgresql
from tests.support.live_office import REVIEWER
from tests.support.review_queue import review_office, sixty

pytestmark = pytest.mark.browser
CASES = 60
PATIENT = 20_000
"""Milliseconds for the next case: what is tried is that each comes, on a busy machine too."""


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An empty database of each kind, by its URL."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('database') / 'assistant.sqlite3'}"
    else:
        with postgresql.database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture(scope="module")
def url(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with review_office(tmp_path_factory.mktemp("office"), sixty(), database) as address:
        yield address


def test_sixty_cases_by_keys_alone(new_page: NewPage, database: str) -> None:
    page = enter(new_page("/console/review", DESKTOP), REVIEWER)
    expect(page.locator("#waiting")).to_have_text("60 件待复核")
    page.keyboard.press("Enter")
    settled, left_out = 0, False
    for _ in range(CASES):
        case = opened(page)
        settle(page, leave_out=not left_out and members(page) > 0)
        left_out = left_out or "一并处理" in page.locator("#body").inner_text()
        settled += 1
        expect(page.locator("#case")).not_to_have_attribute("data-ready", case, timeout=PATIENT)
        if page.locator("#nothing").is_visible():
            break
    expect(page.locator("#queue > li")).to_have_count(0)
    assert settled == 55  # 51 alone, 3 groups, and the one that was left out of its group
    states, kinds, together = ended(database)
    assert states == {"resolved": 59, "handed": 1}
    assert kinds == {"approve": 49, "edit": 3, "answer": 1, "ask_back": 1, "hand_over": 1}
    assert sorted(together)[-3:] == [2, 3, 3]


def opened(page: Page) -> str:
    """The case that is open, once its keys work."""
    expect(page.locator("#case")).to_have_attribute("data-ready", re.compile("."), timeout=PATIENT)
    return page.locator("#case").get_attribute("data-ready")


def members(page: Page) -> int:
    return page.locator(".members li").count()


def settle(page: Page, *, leave_out: bool) -> None:
    """As a reviewer would: by what stands on the page, with keys alone."""
    asked, keys = page.locator(".asked").inner_text(), page.keyboard
    if leave_out:
        keys.press("1")
        expect(page.locator(".members input").first).not_to_be_checked()
    if page.locator(".evidence-bad").count():
        keys.press("a")
        expect(page.locator("#told")).to_contain_text("不能原样批准")
        keys.press("e")
        keys.type("具体请到窗口问。")
        not_learnt(page)
        keys.press("Control+Enter")
    elif page.locator(".drafted-words").count():
        keys.press("a")
    elif "48" in asked:
        answer_with_source(page)
    elif "49" in asked:
        keys.press("b")
        keys.type("请问是哪里的地？")
        keys.press("Control+Enter")
    else:
        keys.press("h")
        keys.type("农业农村局")
        keys.press("Control+Enter")


def not_learnt(page: Page) -> None:
    """Without a source it would come back for a second person, while the queue is worked on."""
    box = page.locator("input[name=learn]")
    for _ in range(5):
        if box.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()


def answer_with_source(page: Page) -> None:
    page.keyboard.press("f")
    page.keyboard.type("办执照不收费，种土豆不用执照。")
    page.keyboard.press("Tab")
    page.keyboard.type("个体工商户设立登记收费")
    fee = page.locator(".picks [role=option]", has_text="收费：不收费")
    expect(fee).to_have_count(1)
    for _ in range(page.locator(".picks [role=option]").count()):
        if fee.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".picked b")).to_contain_text("收费")
    page.keyboard.press("Control+Enter")


def ended(database: str) -> tuple[Counter[str], Counter[str], list[int]]:
    """States of all cases once nothing can be taken back; kinds of resolutions; cases of each."""
    for _ in range(100):
        states = Counter(state for (state,) in rows(database, "SELECT state FROM review_cases"))
        if not {"waiting", "sending"} & set(states):
            break
        time.sleep(0.2)
    sent = "SELECT kind, case_ids FROM review_resolutions WHERE sent_at IS NOT NULL"
    found = rows(database, sent)
    return states, Counter(kind for kind, _ in found), [len(json.loads(ids)) for _, ids in found]


def rows(database: str, query: str) -> Sequence[Any]:
    """What a query gives; in a thread, for this one may have playwright's event loop."""

    async def read() -> Sequence[Any]:
        engine = create_async_engine(database)
        async with engine.connect() as connection:
            found = (await connection.execute(text(query))).all()
        await engine.dispose()
        return found

    with ThreadPoolExecutor() as threads:
        return threads.submit(lambda: asyncio.run(read())).result()
