"""Lines of Chinese end where they may, and nothing is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.printing.breaking import NOT_FIRST, broken

pytestmark = pytest.mark.unit
MARKS = "，。、；：？！）】》"
TEXT = st.text(st.sampled_from("办理条件一二三（【《" + MARKS + "abc019-./ "), max_size=80)


def measure(text: str) -> float:
    """Chinese characters are two wide, the others one."""
    return sum(2 if ord(c) > 0x2000 else 1 for c in text)


@given(TEXT, st.integers(12, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = broken(text, width, measure)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(measure(line) <= width or _cannot_be_cut(line) for line in lines)


def _cannot_be_cut(line: str) -> bool:
    """Only marks that may not begin a line make it longer than it should be."""
    return all(c in NOT_FIRST for c in line[1:]) or line[-1:] in NOT_FIRST


def test_no_mark_begins_a_line_and_no_bracket_ends_one() -> None:
    lines = broken("年满十六周岁，未达到年龄（含特殊工种）的人员。", 12, measure)
    assert not any(line[0] in MARKS for line in lines)
    assert not any(line[-1] in "（【《" for line in lines)


def test_a_number_stays_whole() -> None:
    lines = broken("请拨打咨询电话：0755-12345678办理", 20, measure)
    assert any("0755-12345678" in line for line in lines)


def test_a_word_that_no_line_holds_is_taken_apart() -> None:
    assert broken("a" * 50, 20, measure) == ["a" * 20, "a" * 20, "a" * 10]
