"""Staff come in by mouse, by keys alone, on a phone, without scripts; and leave again."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Request, Response
from playwright.sync_api import Page, expect

from assistant.access.accounts import Account, Permission
from assistant.access.desk import AccessDesk
from assistant.bootstrap import new_ulid
from assistant.domain.clock import system_clock
from assistant.records.database import Database
from assistant.web.access.pages import staff_page
from assistant.web.access.session import require
from assistant.web.app import create_app
from assistant.web.services import WebOptions
from tests.browser.conftest import PHONE
from tests.support.served import served
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.browser

PASSWORD, LATER = "蓝色的窗户 seven", "绿色的门 eleven"


class Office:
    """An office whose first administrator is not made yet; the code that its terminal showed."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite+aiosqlite:///{folder / 'assistant.sqlite3'}"
        self._desk = FakeDesk()
        self.code = ""
        self.app = create_app(self._open, WebOptions())
        _add_console(self.app)

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncIterator[FakeDesk]:
        database = await Database.open(self._url)
        self._desk.access = AccessDesk.build(database, "office", system_clock, new_ulid)
        self.code = await self._desk.access.setup.open() or ""
        yield self._desk
        await database.close()


def _add_console(app: FastAPI) -> None:
    """A page that only operators see."""

    @app.get("/console/1")
    async def console(
        request: Request, account: Annotated[Account, Depends(require(Permission.RUN_ROOM))]
    ) -> Response:
        return await staff_page(request, "access/account.html", {"done": False, "shortest": 10})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def url(office: Office) -> Iterator[str]:
    with served(office.app) as address:
        yield address


@pytest.fixture
def shot():
    """Takes a picture where `ASSISTANT_TEST_SHOTS` says, for people to look at."""
    folder = os.environ.get("ASSISTANT_TEST_SHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"login-{name}.png", full_page=True)

    return take


@pytest.fixture
def administrator(office: Office, new_page) -> None:
    """The first administrator, made through the page by keys alone."""
    if not office.code:
        return
    page = new_page("/login")
    page.get_by_role("link", name="设置管理员").click()
    expect(page.get_by_label("一次性代码")).to_be_focused()
    for text in (office.code.lower(), "zhang", "张主任", PASSWORD, PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    expect(page.get_by_text("管理员、直播操作员")).to_be_visible()
    office.code = ""


def fits(page: Page) -> bool:
    """Whether nothing must be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def enter(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("登录名").fill("zhang")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def test_setup_says_what_is_wrong_and_keeps_what_was_typed(office: Office, new_page, shot) -> None:
    page = new_page("/setup")
    shot(page, "setup")
    for label, text in (("一次性代码", "AAAAA"), ("登录名", "zhang"), ("姓名", "张主任")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="完成设置").click()
    expect(page.get_by_role("alert")).to_contain_text("一次性代码不对")
    expect(page.get_by_label("登录名")).to_have_value("zhang")
    expect(page.get_by_label("新密码")).to_have_value("")
    shot(page, "setup-wrong")


@pytest.mark.usefixtures("administrator")
def test_keys_alone_lead_in_and_to_the_page_that_was_asked_for(new_page, shot) -> None:
    page = new_page("/console/1?tab=2")
    assert page.url.endswith("/login?next=/console/1%3Ftab%3D2")
    expect(page.get_by_label("登录名")).to_be_focused()
    shot(page, "login")
    page.keyboard.type("zhang")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("登录名或密码不对")
    expect(page.get_by_label("密码")).to_be_focused()
    shot(page, "login-wrong")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/1?tab=2")
    assert page.evaluate("document.cookie") == ""
    leave(page)
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("js", [True, False])
def test_on_a_phone_and_without_scripts(new_page, shot, js: bool) -> None:
    page = new_page("/login", PHONE, js=js)
    if js:
        assert fits(page)
    shot(page, "phone")
    enter(page)
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    if js:
        assert fits(page)
        shot(page, "phone-account")
    leave(page)


@pytest.mark.usefixtures("administrator")
def test_a_new_password_ends_the_other_browser(new_page, shot) -> None:
    page, other = new_page("/login"), new_page("/login")
    enter(page)
    enter(other)
    shot(page, "account")
    page.get_by_label("原密码").fill(PASSWORD)
    page.get_by_label("新密码").fill("1234567890")
    page.get_by_label("再输入一次").fill("1234567890")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("alert")).to_contain_text("太常见")
    shot(page, "account-wrong")
    for old, new in ((PASSWORD, LATER), (LATER, PASSWORD)):
        page.get_by_label("原密码").fill(old)
        page.get_by_label("新密码").fill(new)
        page.get_by_label("再输入一次").fill(new)
        page.get_by_role("button", name="修改密码").click()
        expect(page.get_by_role("status")).to_contain_text("密码已修改")
    other.reload()
    expect(other.get_by_role("heading", name="工作人员登录")).to_be_visible()
    page.get_by_role("button", name="在所有设备上退出").click()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


@pytest.mark.usefixtures("administrator")
def test_too_many_failures_are_told_with_the_wait(new_page, shot) -> None:
    """Last: the account waits afterwards."""
    page = new_page("/login")
    told = ""
    for _ in range(12):  # each wait is longer than the last, so even a slow machine meets one
        enter(page, "wrong password")
        told = page.get_by_role("alert").inner_text()
        if "后再试" in told:
            break
    assert told.startswith("失败次数太多")
    shot(page, "locked")
