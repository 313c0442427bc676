"""Showing a passage loses nothing, and marks exactly what was cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.blocks import Mark, blocks, parse_mark

pytestmark = pytest.mark.unit

TEXT = st.text(alphabet="第一条，。材料|#- \n\t:12")


def shown(text: str, mark: Mark | None = None) -> tuple[str, str]:
    """All that is shown, and what of it is marked."""
    pieces = [
        piece
        for block in blocks(text, mark)
        for row in block.rows
        for cell in row
        for piece in cell
    ]
    return "".join(p.text for p in pieces), "".join(p.text for p in pieces if p.marked)


def bare(text: str) -> str:
    return "".join(char for char in text if char not in "|#-: \n\t")


@given(TEXT)
def test_no_word_is_lost(text: str) -> None:
    assert bare(shown(text)[0]) == bare(text)


@given(TEXT, st.integers(0, 30), st.integers(0, 30))
def test_the_cited_words_are_marked_and_no_others(text: str, start: int, length: int) -> None:
    marked = shown(text, Mark(1, start, start + length))[1]
    assert bare(marked) == bare(text[start : start + length])


def test_a_table_keeps_its_cells() -> None:
    (table,) = blocks("| 材料 | 份数 |\n| --- | :-: |\n| 身份证 | 1份 |")
    cells = [["".join(p.text for p in cell).strip() for cell in row] for row in table.rows]
    assert cells == [["材料", "份数"], ["身份证", "1份"]]


def test_cells_parted_by_tabs_are_a_table_too() -> None:
    before, table = blocks("标准如下：\n类别\t标准\n甲\t1元")
    assert before.kind == "text"
    cells = [["".join(p.text for p in cell) for cell in row] for row in table.rows]
    assert (table.kind, cells) == ("table", [["类别", "标准"], ["甲", "1元"]])


@pytest.mark.parametrize("text", [None, "", "x", "1.2", "1.2-", "-1", "1.9-3x", "9" * 40])
def test_what_is_no_mark_marks_nothing(text: str | None) -> None:
    assert parse_mark(text) is None


def test_a_mark_is_a_place_with_or_without_words() -> None:
    assert parse_mark("12.3-9") == Mark(12, 3, 9)
    assert parse_mark("12") == Mark(12)
