"""Slides for the stage: safe markup, all texts, wide and tall."""

import re
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
from tests.studio.deck.samples import EMPTY, EVERY_KIND, LONG, MATERIALS

pytestmark = pytest.mark.integration
SHEET = Path(assistant.web.__file__).parent / "static" / "slides.css"
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


def squeezed(parts: list[str]) -> list[str]:
    return ["".join(part.split()) for part in parts]


@pytest.mark.parametrize("deck", [EVERY_KIND, LONG, EMPTY], ids=["every kind", "long", "empty"])
def test_both_pages_hold_the_texts_of_the_layout(deck) -> None:
    for markup, one in zip(slide_markup(deck), laid_out(deck), strict=True):
        assert squeezed(stage_texts(markup)) == squeezed(texts(one.wide))
        assert squeezed(stage_texts(markup, "deck-tall")) == squeezed(texts(one.tall))


def test_nothing_of_a_text_becomes_markup() -> None:
    slide = Slide(HOSTILE, SlideKind.CODE, HOSTILE, (HOSTILE,), MATERIALS, (HOSTILE,), HOSTILE)
    deck = replace(EVERY_KIND, office=HOSTILE, slides=(slide, replace(slide, kind=SlideKind.COVER)))
    for markup in render_html(deck):
        tree = LexborHTMLParser(markup)
        assert not tree.css("script, img, a, iframe, foreignObject")
        assert HOSTILE.replace(" ", "") in "".join("".join(stage_texts(markup)).split())
        for node in tree.css("*"):
            assert not [name for name in node.attributes if name.startswith("on")]


def test_markup_for_the_stage_needs_no_style_of_its_own() -> None:
    for markup in slide_markup(EVERY_KIND):
        assert "style" not in markup
        assert "href" not in markup


def test_the_stage_has_the_same_rules() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", SHEET.read_text(), flags=re.DOTALL)
    assert re.sub(r"\s|;(?=\s*})", "", sheet) == re.sub(r"\s", "", STYLE)
