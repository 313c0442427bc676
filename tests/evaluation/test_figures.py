from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.figures import Figure, chinese_number, figures

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("20个工作日", "workday", "20"),
        ("5（个工作日）", "workday", "5"),
        ("三十日内", "day", "30"),
        ("两个月", "month", "2"),
        ("1,200.50元", "yuan", "1200.5"),
        ("3万元", "yuan", "30000"),
        ("百分之五", "percent", "5"),
        ("5％", "percent", "5"),
        ("2016年9月25日", "date", "2016-9-25"),
        ("2016-09-25", "date", "2016-9-25"),
        ("5月10日", "date", "5-10"),
        ("国发〔2016〕55号", "document_number", "国发[2016]55"),
        ("国发[2016]55号", "document_number", "国发[2016]55"),
        ("0755-12366123", "phone", "075512366123"),
        ("(020)81833537", "phone", "02081833537"),
        ("拨打12345", "number", "12345"),
        ("9:00—12:00", "clock", "12:00"),
        ("见https://example.gov.cn/a/。", "link", "https://example.gov.cn/a"),
        ("第十二条", "article", "12"),
        ("第12条", "article", "12"),
    ],
)
def test_read(text: str, kind: str, value: str) -> None:
    assert Figure(kind, value) in figures(text)


@pytest.mark.parametrize("text", ["一次性告知", "十分方便", "万一", "申请人"])
def test_words_are_no_figures(text: str) -> None:
    assert not figures(text)


def test_what_one_pattern_took_no_other_sees() -> None:
    assert {f.kind for f in figures("国发〔2016〕55号，2016年9月25日，0755-12366123")} == {
        "document_number",
        "date",
        "phone",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [("三十五", 35), ("十", 10), ("一百零二", 102), ("二零一六", 2016), ("三万五千", 35000)],
)
def test_chinese_numerals(text: str, value: int) -> None:
    assert chinese_number(text) == value


def test_other_words_have_no_value() -> None:
    assert chinese_number("甲") is None
    assert chinese_number("十甲") is None


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_a_sum_has_its_value(value: Decimal) -> None:
    plain = format(value.normalize(), "f")
    assert Figure("yuan", plain) in figures(f"收费{value:,}元")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("2021年 2月", "2021年2月"),
        ("2016 - 06 - 01", "2016-06-01"),
        ("24 日12 :00", "24日12:00"),
        ("（www.example.com）", "www.example.com"),
        ("20 个\n工作日", "20个工作日"),
    ],
)
def test_white_space_and_brackets_change_no_figure(typed: str, plain: str) -> None:
    assert set(figures(typed)) == set(figures(plain))


@pytest.mark.parametrize("apart", ["40. 1/10", "40 .1/10", "40,  1/10"])
def test_white_space_between_two_numbers_keeps_them_apart(apart: str) -> None:
    assert Figure("number", "40") in figures(apart)
    assert Figure("number", "40.1") not in figures(apart)
    assert Figure("year", "2020") in figures("表1\xa0\xa02020年")


def test_a_link_ends_with_its_line() -> None:
    found = set(figures("https://example.gov.cn/\n2021-06-06"))
    assert found == {Figure("link", "https://example.gov.cn"), Figure("date", "2021-6-6")}


def test_a_comma_before_a_year_makes_no_thousands() -> None:
    assert {figure.value for figure in figures("Jan 1,2021")} == {"1", "2021"}
