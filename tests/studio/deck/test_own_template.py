"""An office's own template: layouts by placeholder, every degradation told, the rules kept."""

import io
import zipfile

import pytest
from pptx import Presentation
from pptx.util import Pt

from assistant.studio.deck import UnusableTemplate, render_on_template, render_pptx
from assistant.studio.deck.fitting import fitted
from assistant.studio.deck.lint import lint
from assistant.studio.deck.pptx_xml import element
from tests.studio.deck.samples import EVERY_KIND, LONG

pytestmark = pytest.mark.integration


def template(change=lambda _: None) -> bytes:
    """python-pptx's own 4:3 file, changed."""
    presentation = Presentation()
    change(presentation)
    made = io.BytesIO()
    presentation.save(made)
    return made.getvalue()


def wide(presentation) -> None:
    presentation.slide_width, presentation.slide_height = Pt(960), Pt(540)


def dark(presentation) -> None:
    master = presentation.slide_master.element.cSld
    fill = '<a:solidFill><a:srgbClr val="202020"/></a:solidFill>'
    master.remove(master.find("{*}bg"))
    master.insert(0, element(f"<p:bg><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"))


def untitled(presentation) -> None:
    layouts = presentation.slide_layouts
    for layout in list(layouts)[:6] + list(layouts)[7:]:
        layouts.remove(layout)


def low_title(presentation) -> None:
    for layout in presentation.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = Pt(50), Pt(400), Pt(600), Pt(60)


def with_slides(presentation) -> None:
    presentation.slides.add_slide(presentation.slide_layouts[0])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda _: None, "16:9"),
        (wide, "中文字体"),
        (dark, "白底"),
        (untitled, "标题占位符"),
        (low_title, "页面顶部"),
        (with_slides, "没有带入"),
    ],
)
def test_degradations_are_told_and_the_file_is_clean(change, word: str) -> None:
    made = render_on_template(EVERY_KIND, template(change))
    assert any(word in sentence for sentence in made.told)
    assert all(sentence.endswith("。") for sentence in made.told)
    assert lint(made.data) == []


def test_titles_fill_the_templates_placeholders() -> None:
    slides = Presentation(io.BytesIO(render_on_template(EVERY_KIND, template()).data)).slides
    assert [slide.shapes.title.text_frame.text for slide in slides] == [
        slide.title for slide in EVERY_KIND.slides
    ]
    assert slides[0].slide_layout.name == "Title Slide"
    assert slides[1].slide_layout.name == "Title Only"


def test_our_own_file_as_template_loses_nothing() -> None:
    made = render_on_template(EVERY_KIND, render_pptx(EVERY_KIND))
    assert made.told == ("模板里原有的12页没有带入。",)


def test_a_smaller_page_divides_further_and_says_so() -> None:
    made = render_on_template(LONG, template())
    count = len(Presentation(io.BytesIO(made.data)).slides)
    assert count > len(fitted(LONG).slides)
    assert any(f"分成{count}页" in sentence for sentence in made.told)
    assert lint(made.data) == []


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in files.items():
            file.writestr(name, body)
    return made.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a file",
        zipped(a=b"x"),
        zipped(a=b"\0" * (201 * 1024 * 1024)),
        zipped(**{"ppt/vbaProject.bin": b"x"}),
        template(lambda p: setattr(p, "slide_width", Pt(200))),
    ],
    ids=["empty", "text", "zip", "bomb", "macros", "tiny"],
)
def test_what_cannot_be_used_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableTemplate):
        render_on_template(EVERY_KIND, data)
