"""OFD (GB/T 33190-2016): a zip of XML; its text objects are put in lines by their places."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import UnreadableFile
from assistant.retrieval.readers.document import Document, Limits, broken, reading
from assistant.retrieval.readers.package import check_xml, open_package, read_member

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PAGE = re.compile(r"Page_?(\d+)/Content\.xml$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。；：！？）】]$")


@dataclass(frozen=True, slots=True)
class _Run:
    """One text object: page, place and size in millimetres, words."""

    page: int
    x: float
    y: float
    width: float
    height: float
    text: str


def read_ofd(data: bytes, limits: Limits) -> Document:
    """The words of all pages.

    Raises:
        UnreadableFile: code `scan` (no text objects), `broken`, `bomb` or `encrypted`.
    """
    package = open_package(data, "OFD", limits)
    if "OFD.xml" not in package.namelist():
        raise broken("OFD", "缺少 OFD.xml")
    check_xml(package, "OFD", limits)
    with reading("OFD"):
        runs = list(_runs(package, limits))
    if not runs:
        raise UnreadableFile("OFD 里没有文字（扫描件）", code="scan", hint="请先做文字识别（OCR）")
    return Document("\n".join(_paragraphs(runs)))


def _runs(package: zipfile.ZipFile, limits: Limits) -> Iterator[_Run]:
    from defusedxml import ElementTree

    pages = sorted((int(m[1]), m.string) for m in map(_PAGE.search, package.namelist()) if m)
    if len(pages) > limits.pages:
        raise UnreadableFile(f"OFD 有 {len(pages)} 页，上限 {limits.pages} 页", code="huge")
    for number, name in pages:
        if "/tpls/" in posixpath.dirname(name).lower():
            continue
        root = ElementTree.fromstring(read_member(package, name, "OFD", limits))
        yield from (run for node in root.iter() if (run := _run(node, number)))


def _run(node: "Element", page: int) -> _Run | None:
    if not node.tag.endswith("}TextObject") and node.tag != "TextObject":
        return None
    box = [float(part) for part in re.findall(r"-?[0-9.]*[0-9]", node.get("Boundary", ""))[:4]]
    words = "".join(code.text or "" for code in node.iter() if code.tag.endswith("TextCode"))
    if len(box) < 4 or not words.strip():
        return None
    return _Run(page, box[0], box[1], box[2], box[3], words)


def _paragraphs(runs: list[_Run]) -> Iterator[str]:
    """Lines of runs at one height; a line that reaches the right edge goes on below."""
    lines = list(_lines(runs))
    right = max(line[-1].x + line[-1].width for line in lines)
    left = min(line[0].x for line in lines)
    paragraph, full = "", False
    for line in lines:
        text = "".join(run.text for run in line).strip()
        indented = line[0].x > left + 1.2 * line[0].height
        if paragraph and (indented or not full):
            yield paragraph
            paragraph = ""
        paragraph += text
        full = line[-1].x + line[-1].width > right - 2 * line[-1].height
        full = full and not _SENTENCE_END.search(text)
    if paragraph:
        yield paragraph


def _lines(runs: list[_Run]) -> Iterator[list[_Run]]:
    line: list[_Run] = []
    for run in sorted(runs, key=lambda run: (run.page, round(run.y, 1), run.x)):
        if line and (run.page != line[0].page or abs(run.y - line[0].y) > 0.5 * line[0].height):
            yield sorted(line, key=lambda part: part.x)
            line = []
        line.append(run)
    if line:
        yield sorted(line, key=lambda part: part.x)
