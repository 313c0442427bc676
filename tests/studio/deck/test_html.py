"""Slides for the stage: safe markup, all texts, wide and tall, and a real browser shows them."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

import assistant.web
from assistant.domain.studio import Slide, SlideKind
from assistant.studio.deck import render_html, slide_markup
from assistant.studio.deck.html import STYLE
from assistant.studio.deck.laying import laid_out
from assistant.studio.deck.lint import stage_texts
from assistant.studio.deck.shapes import texts
from assistant.web.guard import _SECURITY
from tests.browser.conftest import ARGUMENTS
from tests.studio.deck.samples import EMPTY, EVERY_KIND, LONG, MATERIALS

SHEET = Path(assistant.web.__file__).parent / "static" / "slides.css"
_POLICY = "Content-Security-Policy"
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


def squeezed(parts: list[str]) -> list[str]:
    return ["".join(part.split()) for part in parts]


@pytest.mark.integration
@pytest.mark.parametrize("deck", [EVERY_KIND, LONG, EMPTY], ids=["every kind", "long", "empty"])
def test_both_pages_hold_the_texts_of_the_layout(deck) -> None:
    for markup, one in zip(slide_markup(deck), laid_out(deck), strict=True):
        assert squeezed(stage_texts(markup)) == squeezed(texts(one.wide))
        assert squeezed(stage_texts(markup, "deck-tall")) == squeezed(texts(one.tall))


@pytest.mark.integration
def test_nothing_of_a_text_becomes_markup() -> None:
    slide = Slide(HOSTILE, SlideKind.CODE, HOSTILE, (HOSTILE,), MATERIALS, (HOSTILE,), HOSTILE)
    deck = replace(EVERY_KIND, office=HOSTILE, slides=(slide, replace(slide, kind=SlideKind.COVER)))
    for markup in render_html(deck):
        tree = LexborHTMLParser(markup)
        assert not tree.css("script, img, a, iframe, foreignObject")
        assert HOSTILE.replace(" ", "") in "".join("".join(stage_texts(markup)).split())
        for node in tree.css("*"):
            assert not [name for name in node.attributes if name.startswith("on")]


@pytest.mark.integration
def test_markup_for_the_stage_needs_no_style_of_its_own() -> None:
    for markup in slide_markup(EVERY_KIND):
        assert "style" not in markup
        assert "href" not in markup


@pytest.mark.integration
def test_the_stage_has_the_same_rules() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", SHEET.read_text(), flags=re.DOTALL)
    assert re.sub(r"\s|;(?=\s*})", "", sheet) == re.sub(r"\s", "", STYLE)


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


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "height", "shown"), [(1280, 720, "deck-wide"), (720, 1280, "deck-tall")]
)
def test_a_browser_shows_the_fitting_page_under_the_stages_policy(width, height, shown) -> None:
    from playwright.sync_api import sync_playwright

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
