"""A real browser shows the slides under the stage's content policy, and no text leaves the page."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from assistant.studio.deck import slide_markup
from assistant.web.guard import _SECURITY
from tests.browser.conftest import ARGUMENTS
from tests.studio.deck.samples import EVERY_KIND, LONG
from tests.studio.deck.test_html import SHEET

pytestmark = pytest.mark.browser
_POLICY = "Content-Security-Policy"
BOUNDS = """() => {
  const wrong = [];
  for (const svg of document.querySelectorAll(".deck-slide > svg")) {
    if (getComputedStyle(svg).display === "none") continue;
    const page = svg.viewBox.baseVal;
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBBox();
      if (box.x < -1 || box.y < -4 || box.x + box.width > page.width + 1
          || box.y + box.height > page.height + 4) wrong.push(text.textContent);
    }
  }
  return wrong;
}"""


@pytest.mark.parametrize(
    ("width", "height", "shown"), [(1280, 720, "deck-wide"), (720, 1280, "deck-tall")]
)
def test_the_fitting_page_is_shown_under_the_stages_policy(width, height, shown) -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no browser: neither chromium nor google-chrome is installed")
    complaints: list[str] = []
    decks = [*slide_markup(EVERY_KIND), *slide_markup(LONG)[:3]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.on("console", lambda message: complaints.append(message.text))
        page.route("**/*", lambda route: _served(route, decks, width, height))
        page.goto("http://stage.test/")
        assert page.locator(f".{shown}:visible").count() == len(decks)
        assert page.locator(".deck-slide > svg:visible").count() == len(decks)
        assert page.evaluate(BOUNDS) == []
        browser.close()
    assert complaints == []


def _served(route, decks: list[str], width: int, height: int) -> None:
    if route.request.url.endswith("slides.css"):
        route.fulfill(body=SHEET.read_text(), content_type="text/css")
        return
    if route.request.url.endswith("place.css"):
        body = f"body{{margin:0}}div{{width:{width}px;height:{height}px}}"
        route.fulfill(body=body, content_type="text/css")
        return
    sheets = "".join(f"<link rel=stylesheet href=/{name}.css>" for name in ("slides", "place"))
    icon = "<link rel=icon href=data:,>"
    body = "".join(f"<div>{one}</div>" for one in decks)
    route.fulfill(
        body=f"<!doctype html><meta charset=utf-8>{icon}{sheets}<body>{body}",
        content_type="text/html",
        headers={_POLICY: _SECURITY[_POLICY]},
    )
