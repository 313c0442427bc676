"""The check finds what was broken on purpose, each rule by itself, and nothing in our own files."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

from assistant.studio.deck import render_html, render_pptx
from assistant.studio.deck.lint import lint
from tests.studio.deck.samples import EMPTY, EVERY_KIND, LONG

pytestmark = pytest.mark.integration
FOUR = replace(EVERY_KIND, slides=EVERY_KIND.slides[:5])


@pytest.mark.parametrize("deck", [EVERY_KIND, LONG, EMPTY], ids=["every kind", "long", "empty"])
def test_our_own_files_are_clean(deck) -> None:
    assert lint(render_pptx(deck), render_html(deck)) == []


def changed(change: Callable, slide: int = 1) -> bytes:
    presentation = Presentation(io.BytesIO(render_pptx(FOUR)))
    change(presentation.slides[slide])
    made = io.BytesIO()
    presentation.save(made)
    return made.getvalue()


def rules(data: bytes) -> set[str]:
    return {finding.rule for finding in lint(data)}


def title(slide):
    return slide.shapes.title


def moved(slide) -> None:
    title(slide).left = Pt(900)


def longer(slide) -> None:
    run = title(slide).text_frame.paragraphs[0].runs[0]
    run.text = run.text * 20


def over(slide) -> None:
    title(slide).top = Pt(110)


def pale(slide) -> None:
    run = title(slide).text_frame.paragraphs[0].runs[0]._r
    run.find(f"{qn('a:rPr')}/{qn('a:solidFill')}")[0].set("val", "accent6")


def latin_only(slide) -> None:
    properties = title(slide).text_frame.paragraphs[0].runs[0]._r.find(qn("a:rPr"))
    properties.remove(properties.find(qn("a:ea")))


def small(slide) -> None:
    title(slide).text_frame.paragraphs[0].runs[0].font.size = Pt(12)


def strange(slide) -> None:
    title(slide).text_frame.paragraphs[0].runs[0].text = "\U0001f9ff\U00012345"


def misordered(slide) -> None:
    properties = title(slide).text_frame.paragraphs[0].runs[0]._r.find(qn("a:rPr"))
    properties.append(properties.find(qn("a:solidFill")))


def emptied(slide) -> None:
    title(slide).text_frame.paragraphs[0].runs[0].text = ""


def unlabelled(slide) -> None:
    label = next(s for s in slide.shapes if s.has_text_frame and s.text_frame.text == "AI生成")
    label._element.getparent().remove(label._element)


def table_longer(slide) -> None:
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    run = table.cell(1, 1).text_frame.paragraphs[0].runs[0]
    run.text = run.text * 30


@pytest.mark.parametrize(
    ("change", "slide", "rule"),
    [
        (moved, 1, "off-slide"),
        (longer, 1, "overflow"),
        (table_longer, 3, "overflow"),
        (over, 1, "overlap"),
        (pale, 1, "contrast"),
        (latin_only, 1, "fonts"),
        (small, 1, "fonts"),
        (strange, 1, "glyphs"),
        (misordered, 1, "schema"),
        (emptied, 1, "empty"),
        (unlabelled, 1, "label"),
    ],
)
def test_what_was_broken_is_found(change: Callable, slide: int, rule: str) -> None:
    assert rule in rules(changed(change, slide))


def test_another_text_on_the_stage_is_found() -> None:
    html = render_html(FOUR)
    html[1] = html[1].replace("谁可以办", "谁不能办")
    found = lint(render_pptx(FOUR), html)
    assert {(finding.slide, finding.rule) for finding in found} == {(2, "stage")}
    assert lint(render_pptx(FOUR), html[:4])[0].rule == "stage"


def test_a_file_without_the_hidden_label_is_found() -> None:
    assert "label" in rules(render_pptx(FOUR, labelled=False))
