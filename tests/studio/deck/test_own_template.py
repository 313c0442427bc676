"""An office's own template: layouts by placeholder, every degradation told, the rules kept."""

import io
import zipfile

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Pt

from assistant.studio.deck import UnusableTemplate, render_on_template, render_pptx
from assistant.studio.deck.fitting import fitted
from assistant.studio.deck.lint import lint
from assistant.studio.deck.own_file import LARGEST
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


def logo(presentation) -> None:
    picture = presentation.slide_master.shapes
    tree = picture._spTree
    tree.append(
        element(
            '<p:sp><p:nvSpPr><p:cNvPr id="90" name="单位徽标"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
            '<p:spPr><a:xfrm><a:off x="8000000" y="3000000"/><a:ext cx="700000" cy="700000"/>'
            "</a:xfrm>"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:sp>'
        )
    )


def rare_face(presentation) -> None:
    themed(presentation, b'typeface="Calibri"', 'typeface="方正小标宋简体"'.encode())


def themed(presentation, old: bytes, new: bytes) -> None:
    part = presentation.slide_master.part.part_related_by(RT.THEME)
    assert old in part.blob
    part._blob = part.blob.replace(old, new)


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
        (logo, "单位徽标"),
        (rare_face, "方正小标宋简体"),
        (lambda _: None, "主题色"),
        (lambda _: None, "页码占位符没有用上"),
        (lambda _: None, "封面版式“Title Slide”"),
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


def linked(presentation) -> None:
    layout = presentation.slide_layouts[0]
    layout.part.relate_to("http://tracker.example/x.png", RT.IMAGE, is_external=True)


def programmed(presentation) -> None:
    part = Part(
        PackURI("/ppt/activeX/activeX1.bin"), "application/vnd.ms-office.activeX", None, b"x"
    )
    presentation.slide_master.part.relate_to(part, RT.CONTROL)


def retyped(data: bytes, old: bytes, new: bytes) -> bytes:
    """A file that says of itself that it is of another type."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return made.getvalue()


MAIN = b"presentationml.presentation.main+xml"
REFUSED = {
    "empty": (b"", "打开"),
    "text": (b"not a file", "打开"),
    "zip": (zipped(a=b"x"), "打开"),
    "bomb": (zipped(a=b"\0" * (201 * 1024 * 1024)), "太大"),
    "large": (b"PK" + b"\0" * LARGEST, "太大"),
    "old": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "密码"),
    "macros": (zipped(**{"[Content_Types].xml": b"", "ppt/vbaProject.bin": b"x"}), "宏"),
    "macro file": (retyped(template(), MAIN, b"presentationml.macroEnabled.main+xml"), "宏"),
    "program": (template(programmed), "程序"),
    "link": (template(linked), "http://tracker.example/x.png"),
    "tiny": (template(lambda p: setattr(p, "slide_width", Pt(200))), "太小"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_and_why(name: str) -> None:
    data, why = REFUSED[name]
    with pytest.raises(UnusableTemplate, match=why):
        render_on_template(EVERY_KIND, data)


def test_a_potx_is_taken() -> None:
    data = retyped(template(), MAIN, b"presentationml.template.main+xml")
    made = render_on_template(EVERY_KIND, data)
    assert len(Presentation(io.BytesIO(made.data)).slides) >= len(EVERY_KIND.slides)


def test_slides_that_link_to_elsewhere_are_not_taken_and_do_no_harm() -> None:
    def change(presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[0])
        slide.part.relate_to("https://office.example/", RT.HYPERLINK, is_external=True)

    assert b"office.example" not in render_on_template(EVERY_KIND, template(change)).data
