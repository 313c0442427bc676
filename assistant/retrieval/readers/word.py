"""Word files (.docx): paragraphs and tables in order, with the numbers that Word itself counts."""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.retrieval.headings import headings
from assistant.retrieval.metadata import guess_title
from assistant.retrieval.readers.document import Document, Limits, reading
from assistant.retrieval.readers.package import check_xml, open_package, read_member
from assistant.retrieval.readers.tables import row_line
from assistant.retrieval.readers.word_numbering import Numbering

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = _W + "txbxContent"
_NOT_INSIDE = frozenset({_FALLBACK, _BOX, _W + "pPr", _W + "del", _W + "moveFrom"})
_CHARACTERS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": " ", _W + "noBreakHyphen": "-"}


def read_docx(data: bytes, limits: Limits) -> Document:
    """All of the text: page headers, the body, footnotes, page footers (see `closing`).

    Raises:
        UnreadableFile: code `broken`, `encrypted` or `bomb`.
    """
    package = open_package(data, "Word", limits)
    check_xml(package, "Word", limits)
    with reading("Word"):
        import docx

        word = docx.Document(io.BytesIO(data))
        lines = [line for line in _blocks(word.element.body, _Styles(word)) if line.strip()]
    above = _furniture(package, "header", limits)
    below = _furniture(package, "footer", limits)
    text = "\n".join((*above, *lines, *_notes(package, limits), *below))
    return Document(text, title=guess_title([line.strip() for line in lines]) if above else None)


class _Styles:
    """Heading levels and counted numbers of paragraphs."""

    def __init__(self, word: "WordDocument") -> None:
        self._levels = {style.style_id: _level(style.name or "") for style in word.styles}
        self._numbering = Numbering.of(word)
        self._begun = False

    def line(self, paragraph: Any, text: str) -> str:
        """The paragraph with its number, or with Markdown's mark where it is a bare heading."""
        properties = paragraph.find(_W + "pPr")
        style = properties.find(_W + "pStyle") if properties is not None else None
        style_id = style.get(_W + "val") if style is not None else None
        text = self._numbering.prefix(properties, style_id) + text
        level = self._levels.get(style_id or "", 0)
        first, self._begun = not self._begun, self._begun or bool(text.strip())
        if not level or (first and level == 1) or not text.strip() or headings(text):
            return text
        return f"{'#' * min(level + (level == 1), 6)} {text.strip()}"


def _level(style_name: str) -> int:
    word, _, number = style_name.lower().replace("标题", "heading ").rpartition(" ")
    return int(number) if word.strip() == "heading" and number in "123456789" and number else 0


def _blocks(parent: Any, styles: _Styles) -> Iterator[str]:
    for child in parent:
        if child.tag == _W + "p":
            yield styles.line(child, _text(child)).strip(" \r\n")
            for box in _boxes(child):
                yield from _blocks(box, styles)
        elif child.tag == _W + "tbl":
            yield from _table(child, styles)
        elif child.tag in {_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"}:
            yield from _blocks(child, styles)


def _text(paragraph: Any) -> str:
    return "".join(_characters(paragraph))


def _characters(top: Any) -> Iterator[str]:
    """Characters of the runs in a paragraph, those of text boxes and deletions left out."""
    stack = [top]
    while stack:
        node = stack.pop()
        if node.tag == _W + "t":
            yield (node.text or "").replace("\t", " ")
        elif node.tag in _CHARACTERS:
            yield _CHARACTERS[node.tag]
        elif node.tag not in _NOT_INSIDE:
            stack.extend(reversed(node))


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph, each once (Word also stores a fallback copy)."""
    for box in paragraph.iter(_BOX):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            yield box


def _table(table: Any, styles: _Styles) -> Iterator[str]:
    """Rows as tabbed lines, merged cells repeating their value; one cell alone is just text."""
    rows = list(table.iter(_W + "tr"))
    above: dict[int, str] = {}
    for row in rows:
        if next(row.iterancestors(_W + "tbl")) is not table:
            continue
        cells = [cell for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tr")) is row]
        if len(cells) == 1:
            yield from _blocks(cells[0], styles)
            continue
        yield row_line(_row(cells, above))


def _row(cells: list[Any], above: dict[int, str]) -> list[str]:
    line: list[str] = []
    for cell in cells:
        properties = cell.find(_W + "tcPr")
        words = " ".join(_text(paragraph).strip() for paragraph in cell.iter(_W + "p")).strip()
        if _continues(properties):
            words = above.get(len(line), words)
        for _ in range(_width(properties)):
            above[len(line)] = words
            line.append(words)
    return line


def _continues(properties: Any) -> bool:
    merge = properties.find(_W + "vMerge") if properties is not None else None
    return merge is not None and merge.get(_W + "val") != "restart"


def _width(properties: Any) -> int:
    span = properties.find(_W + "gridSpan") if properties is not None else None
    value = span.get(_W + "val", "1") if span is not None else "1"
    return min(int(value), 64) if value.isdecimal() and len(value) < 6 else 1


def _furniture(package: zipfile.ZipFile, kind: str, limits: Limits) -> list[str]:
    """Lines of the page headers or footers, each part once, as they are stored.

    Page numbers sit in text boxes, which Word stores twice: both copies are text of the file.
    """
    from defusedxml import ElementTree

    lines: list[str] = []
    for part in sorted(n for n in package.namelist() if n.startswith(f"word/{kind}")):
        with reading("Word"):
            root = ElementTree.fromstring(read_member(package, part, "Word", limits))
        lines += ("".join(_own_text(paragraph)).strip() for paragraph in root.iter(_W + "p"))
    return list(filter(None, lines))


def _own_text(paragraph: Any) -> Iterator[str]:
    """Text of a paragraph without that of paragraphs in its boxes, which come by themselves."""
    for child in paragraph:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag != _W + "p":
            yield from _own_text(child)


def _notes(package: zipfile.ZipFile, limits: Limits) -> Iterator[str]:
    """Footnotes and endnotes as `注1：…`."""
    from defusedxml import ElementTree

    number = 0
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        if part not in package.namelist():
            continue
        with reading("Word"):
            root = ElementTree.fromstring(read_member(package, part, "Word", limits))
        for note in root:
            words = "".join(text.text or "" for text in note.iter(_W + "t")).strip()
            if words and note.get(_W + "type") is None:
                number += 1
                yield f"注{number}：{words}"
