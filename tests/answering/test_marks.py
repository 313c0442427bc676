"""Editions, days, names and titles that a source must share with the question."""

from datetime import date

import pytest

from assistant.answering.asked import fold
from assistant.answering.marks import is_of_other, marks_held, years_held

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("question", "source", "share"),
    [
        ("第十六届茶博会在哪办", "第16届茶博会在会展中心举办", 1.0),
        ("第十六届茶博会在哪办", "第15届茶博会在会展中心举办", 0.0),
        ("“惠民码”怎么领", "“惠民码”由窗口发放", 1.0),
        ("“惠民码”怎么领", "“健康码”由窗口发放", 0.0),
        ("3月5日停水到几点", "3月6日停水至18时", 0.0),
        ("3月停水几次", "3月6日停水至18时", 1.0),
        ("RX20读卡器怎么装", "RX 20读卡器的安装", 1.0),
        ("RX20读卡器怎么装", "RX30读卡器的安装", 0.0),
        ("2024年的补贴", "2023年的补贴", 0.0),
        ("居住证怎么办", "居住证的办理", 1.0),
    ],
)
def test_what_is_named_exactly_stands_in_the_source(
    question: str, source: str, share: float
) -> None:
    assert marks_held(question, fold(source), fold(source), None) == share


def test_a_model_must_stand_in_what_is_said() -> None:
    passage = fold("RX20读卡器。读卡器应当通风。")
    assert marks_held("RX20读卡器怎么装", "读卡器应当通风。", passage, None) == 0.0


def test_the_sources_own_date_counts_for_its_year() -> None:
    assert years_held("2024年的补贴", "补贴办法", date(2024, 3, 1)) == 1.0
    assert marks_held("2024年的补贴", "", "补贴办法", date(2023, 3, 1)) == 0.0


def test_words_about_something_else_name_another_and_not_the_one_asked() -> None:
    assert is_of_other("2024年的人口", "2023年末的人口", None)
    assert not is_of_other("2024年的人口", "2023年与2024年的人口", None)
    assert not is_of_other("2024年的人口", "年末的人口", None)
    assert not is_of_other("人口", "2023年末的人口", None)
