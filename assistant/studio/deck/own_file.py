"""An office's own file opened as a template: what may not come in is refused, in Chinese.

Macros, programs inside, links to elsewhere, locked and endless files are refused; a .potx is taken
as the presentation that it would become.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn

EMU = 12_700
LARGEST = 24 * 1024 * 1024
"""Bytes of an uploaded file."""
_LARGEST_OPENED = 200 * 1024 * 1024
_PARTS = 3_000
_LEAST_WIDTH, _LEAST_HEIGHT = 480.0, 360.0
_TYPES = "[Content_Types].xml"
_TEMPLATE, _PRESENTATION = b"presentationml.template.main", b"presentationml.presentation.main"
_MACRO = ("vbaproject", "macroenabled")
_PROGRAM = (*_MACRO, "activex", "oleobject", "/embeddings/")
"""What is looked for in all of the file, and in what is left of it without its slides."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MACROS = "模板带宏或内嵌程序，请另存为不带宏的 .pptx。"


class UnusableTemplate(ValueError):
    """Nothing can be drawn on it; the message says why, in Chinese."""


def opened(template: bytes) -> tuple[Any, list[str]]:
    """The presentation without its slides, and what was left out. Raises UnusableTemplate."""
    if template[:4] == _OLD_OFFICE:
        raise UnusableTemplate("这是旧版 .ppt 或加了密码的文件，请去掉密码，另存为 .pptx。")
    if len(template) > LARGEST:
        raise UnusableTemplate(f"模板文件太大，最多 {LARGEST // 1024 // 1024} MB。")
    try:
        presentation = Presentation(io.BytesIO(_checked(template)))
        told = _emptied(presentation)
        _refuse(presentation)
    except UnusableTemplate:
        raise
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, etree.XMLSyntaxError) as error:
        raise UnusableTemplate("这不是能打开的 .pptx 文件。") from error
    except (ValueError, RuntimeError, NotImplementedError, AttributeError) as error:
        raise UnusableTemplate("这不是 .pptx 演示文稿。") from error
    width, height = size(presentation)
    if width < _LEAST_WIDTH or height < _LEAST_HEIGHT or not len(presentation.slide_layouts):
        raise UnusableTemplate("模板页面太小，或没有版式。")
    return presentation, told


def size(presentation: Any) -> tuple[float, float]:
    """Width and height of its pages in points."""
    return presentation.slide_width / EMU, presentation.slide_height / EMU


def _checked(template: bytes) -> bytes:
    """The file as a presentation. Raises UnusableTemplate, BadZipFile, KeyError."""
    with zipfile.ZipFile(io.BytesIO(template)) as file:
        entries = file.infolist()
        if len(entries) > _PARTS or sum(one.file_size for one in entries) > _LARGEST_OPENED:
            raise UnusableTemplate("模板解开后太大。")
        if any(one.flag_bits & 1 for one in entries):
            raise UnusableTemplate("模板加了密码，请去掉密码再上传。")
        types = file.read(_TYPES)
        names = [one.filename for one in entries]
        if _names(_MACRO, types.decode("utf-8", "replace"), *names):
            raise UnusableTemplate(_MACROS)
        return _as_presentation(file, types) if _TEMPLATE in types else template


def _names(words: tuple[str, ...], *texts: str) -> bool:
    return any(word in text.lower() for text in texts for word in words)


def _as_presentation(file: zipfile.ZipFile, types: bytes) -> bytes:
    """A .potx says of itself that it is a template: that word is all that differs."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in file.namelist():
            body = types.replace(_TEMPLATE, _PRESENTATION) if name == _TYPES else file.read(name)
            new.writestr(name, body)
    return made.getvalue()


def _refuse(presentation: Any) -> None:
    """Programs and links to elsewhere in what is left of it. Raises UnusableTemplate."""
    parts = list(presentation.part.package.iter_parts())
    if any(_names(_PROGRAM, part.partname, part.content_type) for part in parts):
        raise UnusableTemplate(_MACROS)
    relations = [one for part in parts for one in part.rels.values()]
    links = [one.target_ref for one in relations if one.is_external]
    if links:
        raise UnusableTemplate(f"模板里有指向外部的链接（{links[0][:60]}），请删去再上传。")


def _emptied(presentation: Any) -> list[str]:
    """The template without slides of its own, and without what names them."""
    ids = presentation.slides._sldIdLst  # noqa: SLF001 - python-pptx cannot remove a slide
    slides = list(ids)
    for one in slides:
        presentation.part.drop_rel(one.get(qn("r:id")))
        ids.remove(one)
    for one in list(_naming_slides(presentation.element)):
        one.getparent().remove(one)
    return [f"模板里原有的{len(slides)}页没有带入。"] if slides else []


def _naming_slides(root: Any) -> Iterator[Any]:
    """Sections (an extension) and shows of their own choice."""
    for section in root.findall(".//{*}sectionLst"):
        yield section.getparent()
    yield from root.findall(qn("p:custShowLst"))
