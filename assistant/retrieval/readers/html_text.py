"""Nodes of a page → lines of text; blocks begin lines, rows of tables become tabbed lines."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from assistant.retrieval.headings import headings
from assistant.retrieval.pieces import CONTINUED
from assistant.retrieval.readers.tables import table_text

BLOCKS = frozenset(
    re.findall(
        r"\S+",
        "address article aside blockquote body caption center dd details dialog div dl dt"
        " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main"
        " nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
SKIPPED = frozenset(
    re.findall(
        r"\S+",
        "script style noscript template iframe svg object embed button input select option"
        " textarea audio video canvas map head link meta -comment",
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPAN_LIMIT = 200
_BREAK = "\x1e"
"""Stands for a line break while white space is folded; no page's text holds it (see encoding)."""


def text_of(node: LexborNode, title: str | None = None) -> str:
    """The text of a node, one block a line; numbered headings stay as they are."""
    lines = (_line(part) for part in "".join(_parts(node)).split(_BREAK))
    kept = [line for line in lines if line]
    return "\n".join(_without_second_title(kept, title))


def is_hidden(node: LexborNode) -> bool:
    """Whether a reader of the page does not see the node."""
    attributes = node.attributes
    style = attributes.get("style") or ""
    return "hidden" in attributes or bool(_HIDDEN.search(style))


def _line(part: str) -> str:
    if "\t" in part:
        return part.strip(" \n\r")
    return re.sub(r"[ \n\r\f\v\xa0]+", " ", part).strip(" \u3000\u200b\ufeff")


def _parts(top: LexborNode) -> Iterator[str]:
    """Text and breaks in order of the page; a stack of our own, as pages nest without limit."""
    stack: list[LexborNode | str] = [top]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag or ""
        if tag == "-text":
            yield (node.text_content or "").replace("\t", " ")
        elif tag == "br":
            yield _BREAK
        elif tag in SKIPPED or is_hidden(node):
            continue
        elif tag == "table" and is_data_table(node):
            yield f"{_BREAK}{_table(node).replace(chr(10), _BREAK)}{_BREAK}"
        else:
            stack.extend(reversed(_wrapped(node, tag)))


def _wrapped(node: LexborNode, tag: str) -> list[LexborNode | str]:
    children: list[LexborNode | str] = list(node.iter(include_text=True))
    if tag not in BLOCKS:
        return children
    mark = "#" * int(tag[1]) + " " if re.fullmatch(r"h[2-6]", tag) and _unnumbered(node) else ""
    return [_BREAK + mark, *children, _BREAK]


def _unnumbered(node: LexborNode) -> bool:
    """Whether a heading needs a mark of its own to be known as one."""
    words = " ".join(node.text().split())
    return bool(words) and not headings(words)


def is_data_table(table: LexborNode) -> bool:
    """Whether a table holds rows of data; otherwise it only lays the page out."""
    if table.css_first("table") is not None and len(table.css("table")) > 1:
        return False
    rows = [[cell for cell in row.iter() if cell.tag in {"td", "th"}] for row in table.css("tr")]
    wide = [row for row in rows if len(row) > 1]
    if len(rows) < 2 or len(wide) < len(rows) / 2:
        return False
    return not any(len(cell.text()) > 1500 for row in wide for cell in row)


def _table(table: LexborNode) -> str:
    """The rows as tabbed lines; what a merged cell covers is marked, as the text states it once."""
    rows: list[list[str]] = []
    below: dict[int, int] = {}
    for row in table.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}]
        rows.append(_row(cells, below))
    caption = table.css_first("caption")
    text = table_text(rows)
    return f"{caption.text().strip()}\n{text}" if caption is not None else text


def _row(cells: list[LexborNode], below: dict[int, int]) -> list[str]:
    """One row on the grid; `below` counts the rows that each column is still covered for."""
    line: list[str] = []
    for cell in cells:
        while below.get(len(line), 0):
            below[len(line)] -= 1
            line.append(CONTINUED)
        words = re.sub(rf"[{_BREAK}\s]+", " ", "".join(_parts(cell))).strip()
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        for column in range(width):
            if height > 1:
                below[len(line)] = height - 1
            line.append(CONTINUED if column else words)
    while below.get(len(line), 0):
        below[len(line)] -= 1
        line.append(CONTINUED)
    return line


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "").strip()
    return min(max(int(value), 1), _SPAN_LIMIT) if value.isdecimal() and len(value) < 6 else 1


def _without_second_title(lines: list[str], title: str | None) -> list[str]:
    """A page often shows the title above a text that begins with it again: it is kept once."""
    plain = [re.sub(r"^#+ ", "", line) for line in lines[:6]]
    words = [re.sub(r"\s", "", line) for line in plain]
    if len(words) < 2 or not words[0] or (title and words[0] != re.sub(r"\s", "", title)):
        return lines
    again = any("".join(words[1:end]) == words[0] for end in range(2, len(words) + 1))
    return lines[1:] if again else lines
