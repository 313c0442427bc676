"""A real browser. Without one, every test here is skipped with the reason."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",  # as OBS opens a browser source
    "--lang=zh-CN",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE = 15_000
"""Milliseconds: a hang fails, a busy machine does not. How quick pages are is for benchmarks."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open only while a module runs: playwright keeps an event loop running in this thread."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no browser: neither chromium nor google-chrome is installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, url: str) -> Iterator["NewPage"]:
    """Opens pages of the served app; a script error or a blocked file fails the test."""
    pages = NewPage(browser, url)
    yield pages
    pages.close()
    assert pages.complaints == []


class NewPage:
    """Pages of a given size, and what they complained of."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts = []
        self.complaints: list[str] = []

    def __call__(self, path: str = "/", size: dict[str, int] = DESKTOP, *, js: bool = True) -> Page:
        context = self._browser.new_context(
            viewport=size, locale="zh-CN", base_url=self._url, java_script_enabled=js
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._said)
        page.goto(path)
        return page

    def _said(self, message) -> None:
        replies = (
            "the server responded with a status of",
            "Response Status Error Code",
            "net::ERR_INTERNET_DISCONNECTED",  # a test took the network away
        )
        if message.type == "error" and not any(reply in message.text for reply in replies):
            self.complaints.append(message.text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def until(page: Page, what: str, seconds: float = 15.0) -> None:
    """Wait until a script gives true; `wait_for_function` needs what our content policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(what):
        assert time.monotonic() < end, what
        page.wait_for_timeout(15)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list]:
    """What was logged, kept from the console."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def shot(tmp_path: Path):
    """Takes a picture into the test's folder."""

    def take(page: Page, name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    return take
