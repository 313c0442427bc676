"""PDF files with text: lines re-joined into paragraphs, tables as rows, page furniture dropped."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import UnreadableFile
from assistant.retrieval.headings import headings
from assistant.retrieval.readers.document import Document, Limits, broken, reading
from assistant.retrieval.readers.tables import table_text

_PAGE_NUMBER = re.compile(
    r"[-—–－·.\s]*(?:第?\s*[0-9０-９]{1,4}\s*页?|[ivxlc]{1,6})"
    r"(?:\s*[/／,，]?\s*(?:共\s*)?[0-9]{1,4}\s*页?)?[-—–－·.\s]*",
    re.IGNORECASE,
)
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
_WESTERN_SPACE = re.compile(rf"(?<=[^{_HAN}\s]) (?=[^{_HAN}\s])")
_ARTICLE_GAP = re.compile(r"^(第[一二三四五六七八九十百零〇0-9]+[编章节条])[ \u3000]+")
_UNMAPPED = re.compile(r"\(cid:[0-9]+\)|[\ue000-\uf8ff\ufffd]")
_MOST_STROKES = 3_000
_WRAPPED = 12
"""Characters from which a cell's text may run over several lines, and so over a page."""
_RULE = 3.0
"""Points: filled areas up to this thickness are drawn lines."""
_EDGE, _NUMBER_EDGE = 0.16, 0.12
"""Shares of the page's height at its ends where headers and footers, and page numbers, may stand:
by GB/T 9704-2012 the text begins 37 mm (12.5 %) down and the number stands 28 mm (9.4 %) up."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    top: float
    size: float
    edge: str = ""
    numbered: bool = False
    table: bool = False


def read_pdf(data: bytes, limits: Limits) -> Document:
    """The text of a PDF.

    Raises:
        UnreadableFile: code `scan` (pictures without text), `encrypted`, `huge` or `broken`.
    """
    pages, pictures = _pages(data, limits)
    characters = sum(len(line.text) for page in pages for line in page)
    if characters < 5 * len(pages) and pictures:
        raise UnreadableFile(
            "PDF 只有图片没有文字（扫描件）", code="scan", hint="请先做文字识别（OCR）或提供原文件"
        )
    if not characters:
        raise UnreadableFile("PDF 里没有文字", code="empty", hint="请检查文件")
    text = "\n".join(_paragraphs(_without_furniture(pages)))
    if len(_UNMAPPED.findall(text)) > len(text) / 50:
        raise UnreadableFile(
            "PDF 的字体没有文字对照表，文字无法还原", code="scan", hint="请提供原文件"
        )
    return Document(text)


def _pages(data: bytes, limits: Limits) -> tuple[list[list[_Line]], int]:
    """The lines of each page, and how many pages hold a picture."""
    import pdfplumber

    with reading("PDF"):
        try:
            with pdfplumber.open(io.BytesIO(data)) as pdf:
                _check_pages(len(pdf.pages), limits)
                pictures = sum(bool(page.images) for page in pdf.pages)
                return [_lines(page) for page in pdf.pages], pictures
        except Exception as error:
            if "Password" in repr(error) or "Encryption" in repr(error):
                raise _locked() from None
            raise


def _locked() -> UnreadableFile:
    return UnreadableFile("PDF 有密码", code="encrypted", hint="请去掉密码后再导入")


def _check_pages(count: int, limits: Limits) -> None:
    if count == 0:
        raise broken("PDF", "没有页面")
    if count > limits.pages:
        raise UnreadableFile(
            f"PDF 有 {count} 页，上限 {limits.pages} 页", code="huge", hint="请拆分"
        )


def _lines(page: Any) -> list[_Line]:
    """Lines and tables of a page from top to bottom."""
    tables = [table for table in _tables(page) if _is_grid(table)]
    boxes = [table.bbox for table in tables]
    prose = (
        page.filter(lambda item: not any(_inside(item, box) for box in boxes)) if boxes else page
    )
    lines = [_line(row, page) for row in prose.extract_text_lines(x_tolerance_ratio=0.3)]
    lines += [_table(table) for table in tables]
    page.close()
    return sorted((line for line in lines if line.text), key=lambda line: line.top)


def _tables(page: Any) -> list[Any]:
    """Tables ruled by lines; a page with thousands of strokes is a drawing, and slow to search."""
    if len(page.lines) + len(page.rects) + len(page.curves) > _MOST_STROKES:
        return []
    return list(page.filter(lambda item: not _is_background(item)).find_tables())


def _is_background(item: dict[str, Any]) -> bool:
    """A filled area behind words: it rules no table, as thin areas and drawn borders do."""
    if item.get("object_type") not in {"rect", "curve"} or item.get("stroke"):
        return False
    return bool(item["width"] > _RULE and item["height"] > _RULE)


def _is_grid(table: Any) -> bool:
    return len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1


def _inside(item: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    if "x0" not in item or "top" not in item:
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _line(row: dict[str, Any], page: Any) -> _Line:
    above, below = row["bottom"] / page.height, 1 - row["top"] / page.height
    edge = "top" if above < _EDGE else "bottom" if below < _EDGE else ""
    return _Line(
        _tight(row["text"]),
        row["x0"],
        row["x1"],
        row["top"],
        row["bottom"] - row["top"],
        edge,
        numbered=min(above, below) < _NUMBER_EDGE and bool(_PAGE_NUMBER.fullmatch(row["text"])),
    )


def _tight(text: str) -> str:
    """Without the gaps that justified setting leaves between Chinese characters."""
    kept = _WESTERN_SPACE.sub("\x00", text.strip())
    kept = _ARTICLE_GAP.sub("\\1\x00", kept)
    return re.sub(r"(?<=\S)[ \u3000\xa0]+(?=\S)", "", kept).replace("\x00", " ")


def _table(table: Any) -> _Line:
    """A table on its grid; a merged cell gives its value to every place that it covers."""
    texts = {
        cell: " ".join((text or "").split())
        for row, line in zip(table.rows, table.extract(), strict=True)
        for cell, text in zip(row.cells, line, strict=True)
        if cell
    }
    lefts = sorted({round(cell[0], 1) for cell in texts})
    tops = sorted({round(cell[1], 1) for cell in texts})
    rows = [[_covering(texts, x, y) for x in lefts] for y in tops]
    left, top, right, _ = table.bbox
    return _Line(table_text(rows), left, right, top, 0.0, table=True)


def _covering(texts: dict[tuple[float, float, float, float], str], x: float, y: float) -> str:
    inside = (
        text
        for (left, top, right, bottom), text in texts.items()
        if left - 0.2 <= x < right - 0.2 and top - 0.2 <= y < bottom - 0.2
    )
    return next(inside, "")


def _without_furniture(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Pages without page numbers and without lines that stand at the edge of most pages."""
    seen = Counter(
        key
        for page in pages
        for key in {_key(line) for line in page if line.edge and not line.table}
    )
    repeated = {key for key, count in seen.items() if count > 1 and count >= len(pages) / 2}
    return [
        [line for line in page if not line.numbered and not (line.edge and _key(line) in repeated)]
        for page in pages
    ]


def _key(line: _Line) -> tuple[str, int]:
    """The same words, but for numbers, at the same height."""
    return re.sub(r"[0-9]+", "#", line.text), round(line.top / 6)


def _paragraphs(pages: list[list[_Line]]) -> Iterator[str]:
    lines = [line for page in pages for line in page]
    prose = [line for line in lines if not line.table]
    left = _common(line.left for line in prose)
    right = max((line.right for line in prose), default=0.0)
    paragraph, last = "", None
    for line in lines:
        if last is not None and last.table and line.table:
            paragraph = _joined_tables(paragraph, line.text)
        elif last is not None and _goes_on(last, line, left, right):
            paragraph += _gap(paragraph, line.text) + line.text
        else:
            if paragraph:
                yield paragraph
            paragraph = line.text
        last = line
    if paragraph:
        yield paragraph


def _joined_tables(above: str, below: str) -> str:
    """Two tables in a row, often one over two pages; a row that the page cut is made whole."""
    *rows, last = above.split("\n")
    first, *others = below.split("\n")
    upper, lower = last.split("\t"), first.split("\t")
    width = max(len(upper), len(lower))
    upper, lower = (cells + [""] * (width - len(cells)) for cells in (upper, lower))
    if not _is_rest_of(upper, lower):
        return f"{above}\n{below}"
    whole = "\t".join(a + b for a, b in zip(upper, lower, strict=True)).rstrip("\t")
    return "\n".join((*rows, whole, *others))


def _is_rest_of(upper: list[str], lower: list[str]) -> bool:
    """Whether the cells of a row only go on with long texts that the row above left unfinished."""
    pairs = [(a, b) for a, b in zip(upper, lower, strict=True) if b]
    unfinished = all(len(a) >= _WRAPPED and a[-1] not in "。；！？" for a, _ in pairs)
    return unfinished and len(pairs) < len(lower)


def _common(values: Iterator[float]) -> float:
    """The smallest of the usual left edges."""
    counts = Counter(round(value) for value in values)
    usual = [value for value, count in counts.items() if count >= max(counts.values()) / 4]
    return float(min(usual, default=0))


def _goes_on(last: _Line, line: _Line, left: float, right: float) -> bool:
    """Whether a line continues the paragraph of the one before it."""
    if last.table or line.table or headings(line.text):
        return False
    full = last.right >= right - 2 * last.size
    indented = line.left > left + 1.2 * line.size
    return full and not indented and abs(last.size - line.size) < 0.3 * line.size


def _gap(before: str, after: str) -> str:
    """A space only between Western words."""
    return " " if before[-1:].isascii() and after[:1].isascii() and before[-1:] != "-" else ""
