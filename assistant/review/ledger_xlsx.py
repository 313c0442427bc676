"""The ledger as a workbook, written row by row; no cell of it is ever a formula.

openpyxl lays the workbook out (styles, headings, print settings); the rows of the ledger are
written straight into its sheet, as text: 300,000 cell objects would take three times as long.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties

from assistant.domain.ledger import LedgerRow
from assistant.review.ledger import Column, Value

LONGEST = 32_767
"""What a cell of Excel can hold, in units of UTF-16."""
A3 = 8
"""Code of the paper: 32 columns on A4 would be too small to read."""
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads `_x0041_` as A (ECMA-376 part 1, 22.9.2.19): the first `_` is escaped itself."""
_EXTENT = re.compile("<dimension [^>]*/>")
"""How many rows there are, optional, and known at the end alone."""
_SHEET = "xl/worksheets/sheet1.xml"
_END = "</sheetData>"
AI_NOTE = "“答复”一栏含人工智能生成的内容，生成方式见“生成方式”一栏"


class LedgerWorkbook:
    """A workbook in the making, in a file. Rows go there at once, so size costs no memory.

    Texts are cells of the type text with the format text (`@`) and the mark that Excel itself sets
    for an apostrophe: what begins with = + - @, a tab or a line break stays what it is, also after
    it is edited. Nothing is put before it, so that the text read back is the text stored.
    """

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._letters = [get_column_letter(at) for at in range(1, len(columns) + 1)]
        self._book = Workbook()
        self._sheet: Any = self._book.active
        self._lay_out()
        self._about: Any = self._book.create_sheet("说明")
        self._about.column_dimensions["A"].width = 16
        self._about.column_dimensions["B"].width = 80
        self._text = self._style("@", is_text=True)
        self._time = self._style("yyyy-mm-dd hh:mm:ss")
        self._number = self._style("0")
        self._written = 1
        with ExitStack() as opened:
            self._file = opened.enter_context(zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED))
            self._out = opened.enter_context(self._file.open(_SHEET, "w", force_zip64=True))
            head, self._tail = _parts(self._book)[_SHEET].decode().split(_END)
            self._out.write(_EXTENT.sub("", head).encode())
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, which is a workbook only after `save`."""
        self._opened.close()

    def add(self, rows: Iterable[LedgerRow]) -> None:
        """Write some rows."""
        self._out.write("".join(map(self._row, rows)).encode())

    def save(self, about: Mapping[str, str]) -> None:
        """Write what the file is about, and the rest of the file."""
        self._out.write((_END + self._tail).encode())
        self._out.close()
        for line in (*about.items(), ("提示", AI_NOTE)):
            self._tell(line)
        for name, data in _parts(self._book).items():
            if name != _SHEET:
                self._file.writestr(name, data)

    def _row(self, row: LedgerRow) -> str:
        self._written = at = self._written + 1
        named = zip(self._letters, self._columns, strict=True)
        cells = [self._cell(f"{letter}{at}", column.value(row)) for letter, column in named]
        return f'<row r="{at}">{"".join(cells)}</row>'

    def _cell(self, at: str, value: Value) -> str:
        """No cell at all where there is no value."""
        match value:
            case None | "":
                return ""
            case str():
                style, text = self._text, as_xml(value)
                return (
                    f'<c r="{at}" s="{style}" t="inlineStr">'
                    f'<is><t xml:space="preserve">{text}</t></is></c>'
                )
            case datetime():
                return f'<c r="{at}" s="{self._time}"><v>{to_excel(value)!r}</v></c>'
            case _:
                return f'<c r="{at}" s="{self._number}"><v>{value}</v></c>'

    def _style(self, number_format: str, *, is_text: bool = False) -> int:
        """The number under which the workbook will hold a style, taken from a cell that has it."""
        shown: Any = self._book.create_sheet()
        self._dress(shown["A1"], number_format, is_text=is_text)
        self._book.remove(shown)
        return int(shown["A1"].style_id)

    @staticmethod
    def _dress(cell: Any, number_format: str, *, is_text: bool) -> None:
        cell.number_format = number_format
        cell.alignment = Alignment(vertical="top", wrap_text=is_text)
        cell.quotePrefix = is_text

    def _tell(self, line: tuple[str, str]) -> None:
        """Setting a value takes what begins with = for a formula: the type is set again after."""
        at = 1 if self._about["A1"].value is None else self._about.max_row + 1
        for number, value in enumerate(line, start=1):
            cell = self._about.cell(at, number)
            cell.value, cell.data_type = _BROKEN.sub("", value)[:LONGEST], "s"
            self._dress(cell, "@", is_text=True)

    def _lay_out(self) -> None:
        sheet = self._sheet
        sheet.title = "问题台账"
        for number, column in enumerate(self._columns, start=1):
            cell = sheet.cell(1, number, column.name)
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor="12457A")
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = "B2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A3
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        sheet.oddFooter.left.text = AI_NOTE
        sheet.oddFooter.right.text = "第 &P 页，共 &N 页"


def as_xml(text: str) -> str:
    """A text as the content of a cell: what XML cannot hold left out, cut to what Excel holds."""
    text = _BROKEN.sub("", text)[:LONGEST]
    if len(text) * 2 > LONGEST:  # signs outside the first plane count twice
        text = text.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", "ignore")
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(text, {"\r": "&#13;"})


def _parts(book: Workbook) -> dict[str, bytes]:
    """The files that a workbook consists of, as openpyxl writes them."""
    held = BytesIO()
    book.save(held)
    with zipfile.ZipFile(held) as parts:
        return {name: parts.read(name) for name in parts.namelist()}
