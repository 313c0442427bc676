"""The workbook read back by another hand: whatever the texts are, they are texts, and whole."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.ledger import LedgerRow
from assistant.review.ledger import Column, Value
from assistant.review.ledger_xlsx import LONGEST, LedgerWorkbook, as_xml

pytestmark = pytest.mark.unit


@contextmanager
def written(rows: Iterable[tuple[Value, ...]], *, width: int) -> Iterator[Path]:
    """A workbook whose columns show the values of tuples."""

    def at(place: int) -> Column:
        return Column(f"列{place}", 10, lambda row: cast("Any", row)[place])

    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.xlsx"
        with LedgerWorkbook(file, [at(place) for place in range(width)]) as book:
            book.add(cast("Iterable[LedgerRow]", rows))
            book.save({"导出人": "=HYPERLINK(1)"})
        yield file


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=6))
def test_a_text_is_text_and_comes_back(texts: list[str]) -> None:
    with written([("行", text) for text in texts], width=2) as file:
        sheet = openpyxl.load_workbook(file)["问题台账"]
        cells = [sheet.cell(row, 2) for row in range(2, len(texts) + 2)]
    for cell, text in zip(cells, texts, strict=True):
        kept = "".join(c for c in text if c >= " " or c in "\t\n\r")
        assert (cell.value or "") == kept.replace("\ufffe", "").replace("\uffff", "")
        assert cell.data_type == ("s" if text else "n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A", "\t=1", "\r=1", "\n=1", "'=1", "1", ""])
def test_nothing_is_a_formula_or_a_number(text: str) -> None:
    with written([(text,)], width=1) as file:
        parts = zipfile.ZipFile(file)
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not {"<f>", "<f "} & {sheet[at : at + 3] for at in range(len(sheet))}
        assert "<v>" not in sheet
        parts.close()


def test_numbers_and_times_are_values_that_can_be_sorted() -> None:
    at = datetime.fromisoformat("2026-03-02T09:30:15")
    with written([(7, at, None), (0, at, "甲")], width=3) as file:
        sheet = openpyxl.load_workbook(file)["问题台账"]
        read = list(sheet.iter_rows(min_row=2, values_only=True))
        assert read == [(7, at, None), (0, at, "甲")]
        assert sheet["B2"].number_format == "yyyy-mm-dd hh:mm:ss"


def test_a_program_that_reads_row_by_row_sees_them_all() -> None:
    with written([("a", "b")] * 40, width=2) as file:
        book = openpyxl.load_workbook(file, read_only=True)
        assert len(list(book["问题台账"].iter_rows())) == 41
        book.close()


def test_what_the_file_is_about_is_text_too() -> None:
    with written([], width=1) as file:
        cells = [c for row in openpyxl.load_workbook(file)["说明"] for c in row]
    assert [c.value for c in cells][:2] == ["导出人", "=HYPERLINK(1)"]
    assert all((c.data_type, c.quotePrefix) == ("s", True) for c in cells)


def test_a_long_text_is_cut_to_what_a_cell_holds_between_two_signs() -> None:
    assert len(as_xml("长" * 40_000)) == LONGEST
    assert as_xml("😀" * 20_000) == "😀" * (LONGEST // 2)


def test_what_looks_like_an_escape_stays_what_it_is() -> None:
    """Excel would show `_x003D_1` as =1."""
    assert as_xml("_x003D_1 _x3 _x12345_") == "_x005F_x003D_1 _x3 _x12345_"
    assert as_xml("_x0041_x0042_") == "_x005F_x0041_x005F_x0042_"


def test_a_file_that_was_not_finished_is_closed_and_is_no_workbook(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with (
        pytest.raises(RuntimeError),
        LedgerWorkbook(file, [Column("列", 9, lambda row: row.id)]),
    ):
        raise RuntimeError
    with pytest.raises(KeyError), zipfile.ZipFile(file) as parts:
        parts.read("xl/workbook.xml")
