"""The ledger as a workbook, written row by row; no cell of it is ever a formula."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties

from assistant.domain.ledger import LedgerRow
from assistant.review.ledger import Column, Value

LONGEST = 32_767
"""Characters that a cell of Excel can hold."""
A3 = 8
"""Code of the paper: 32 columns on A4 would be too small to read."""
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""
AI_NOTE = "“答复”一栏含人工智能生成的内容，生成方式见“生成方式”一栏"


class LedgerWorkbook:
    """A workbook in the making. Rows go to a file of their own at once, so size costs no memory.

    Texts are cells of the type text with the format text (`@`) and the mark that Excel itself sets
    for an apostrophe: what begins with = + - @, a tab or a line break stays what it is, also after
    it is edited. Nothing is put before it, so that the text read back is the text stored.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet("问题台账")
        self._text = self._styled("@", is_text=True)
        self._time = self._styled("yyyy-mm-dd hh:mm:ss")
        self._number = self._styled("0")
        self._lay_out()
        self._sheet.append([self._heading(column.name) for column in columns])

    def add(self, rows: Iterable[LedgerRow]) -> None:
        """Write some rows."""
        for row in rows:
            self._sheet.append(self._cells(column.value(row) for column in self._columns))

    def save(self, path: Path, about: Mapping[str, str]) -> None:
        """Write what the file is about, and the file."""
        sheet: Any = self._book.create_sheet("说明")
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 80
        for name, value in (*about.items(), ("提示", AI_NOTE)):
            sheet.append(self._cells((name, value)))
        self._book.save(path)

    def _cells(self, values: Iterable[Value]) -> Iterator[Cell | None]:
        """One cell of each kind is filled again and again: it is written before the next is taken.

        Setting a value takes what begins with = for a formula: the type is set again after it.
        """
        for value in values:
            match value:
                case None | "":
                    yield None
                case str():
                    self._text.value = _BROKEN.sub("", value)[:LONGEST]
                    self._text.data_type = "s"
                    yield self._text
                case datetime():
                    self._time.value = value
                    yield self._time
                case _:
                    self._number.value = value
                    yield self._number

    def _styled(self, number_format: str, *, is_text: bool = False) -> Cell:
        cell: Cell = WriteOnlyCell(self._sheet, "")
        cell.number_format = number_format
        cell.alignment = Alignment(vertical="top", wrap_text=is_text)
        if is_text:
            cell.quotePrefix = True
        return cell

    def _heading(self, name: str) -> Cell:
        cell: Cell = WriteOnlyCell(self._sheet, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="12457A")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        return cell

    def _lay_out(self) -> None:
        """Before the first row: a sheet that is written only takes it no later."""
        sheet = self._sheet
        for number, column in enumerate(self._columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = "B2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A3
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        sheet.oddFooter.left.text = AI_NOTE
        sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
