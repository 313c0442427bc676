import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.figures import arabic, figures
from assistant.answering.verify import faults, supported, unsupported

pytestmark = pytest.mark.unit

QUOTE = (
    "社会保险费由用人单位按月缴纳。承诺办结时限为5个工作日，法定办结时限为二十个工作日。"
    "咨询电话：0755-12366，投诉电话：0755-12345。逾期不得补办，不收取费用。"
    "本办法（粤人社规〔2025〕5号）自2025年4月1日起施行，详见http://hrss.gd.gov.cn/sb。"
    "补贴标准为每人3000元，最高不超过1.5万元，比例为30%。"
)


@pytest.mark.parametrize(
    "text",
    [
        "承诺5个工作日办结",
        "承诺５个工作日办结",
        "法定办结时限为20个工作日",
        "自2025-04-01起施行",
        "4月1日起施行",
        "二〇二五年四月一日起施行",
        "投诉电话 0755-12345",
        "投诉电话12345",
        "依据粤人社规[2025]5号",
        "补贴标准为每人3,000元",
        "比例为百分之三十",
        "详见 hrss.gd.gov.cn/sb",
        "详见http://hrss.gd.gov.cn/sb自2025年4月1日起施行",
        "自 2025年 4 月 1 日起施行",
    ],
)
def test_the_same_figure_in_another_spelling_is_supported(text: str) -> None:
    assert unsupported(text, [QUOTE]) == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("承诺1个工作日办结", "1个工作日"),
        ("承诺15个工作日办结", "15个工作日"),
        ("承诺5天办结", "5天"),
        ("承诺5个月办结", "5个月"),
        ("自2025年4月2日起施行", "2025年4月2日"),
        ("自2024年4月1日起施行", "2024年4月1日"),
        ("投诉电话0755-12346", "0755-12346"),
        ("拨打12333", "12333"),
        ("（粤人社规〔2025〕6号）", "粤人社规〔2025〕6号"),
        ("每人3000万元", "3000万元"),
        ("每人三百元", "三百元"),
        ("最高1.5亿元", "1.5亿元"),
        ("比例为30‰", "30‰"),
        ("详见hrss.gd.gov.cn/sbx", "hrss.gd.gov.cn/sbx"),
        ("第三十条规定", "第三十条"),
    ],
)
def test_a_changed_figure_is_found(text: str, figure: str) -> None:
    assert unsupported(text, [QUOTE]) == [figure]


@pytest.mark.parametrize(
    "text",
    [
        "承诺5个工作日办结。",
        "逾期不得补办，不收取费用。",
        "投诉电话是0755-12345。",
        "自2025年4月1日起施行。",
        "补贴标准为每人3000元。",
    ],
)
def test_a_true_sentence_is_carried(text: str) -> None:
    assert faults(text, QUOTE) == []


@pytest.mark.parametrize(
    "text",
    [
        "承诺办结时限为6个工作日。",  # wrong number
        "投诉电话是0755-12366。",  # swapped phone
        "咨询电话是12345。",  # swapped phone without area code
        "逾期可以补办。",  # dropped 不
        "逾期补办，收取费用。",
        "法定办结时限为5个工作日。",  # swapped 法定 and 承诺
        "自2025年5月1日起施行。",  # changed date
        "承诺办结时限为5天。",  # changed unit
        "详见http://hrss.gd.gov.cn/login。",  # changed link
        "今天天气很好，适合出门散步。",  # nothing of it in the quote
        "不得由用人单位按月缴纳社会保险费。",  # added 不得
    ],
)
def test_seeded_defects_are_caught(text: str) -> None:
    assert faults(text, QUOTE)
    assert not supported(text, [QUOTE])


@pytest.mark.parametrize(
    "text", ["一般情况下统一办理，一次性告知，十分方便", "一站式服务，三农工作", "千方百计"]
)
def test_numerals_inside_words_are_no_figures(text: str) -> None:
    assert figures(text) == []


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read(value: int) -> None:
    assert arabic(_chinese(value)) == str(value)


@given(st.text("0123456789年月日个工作元%万.-〔〕号第条甲乙 ，。", max_size=60))
def test_a_text_supports_itself(text: str) -> None:
    assert unsupported(text, [text]) == []


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_numbers_are_compared_whole(said: int, known: int) -> None:
    wrong = unsupported(f"共{said}元", [f"共{known}元"])
    assert bool(wrong) == (said != known)


@given(st.sampled_from(re.findall(r"\d+", QUOTE)), st.integers(0, 9))
def test_an_added_digit_is_never_supported(number: str, digit: int) -> None:
    assert unsupported(f"一共{number}{digit}{digit}亩地", [QUOTE])


def _chinese(value: int) -> str:
    digits = "零一二三四五六七八九"
    out, zero = "", False
    for scale, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, scale)
        if digit:
            out += ("零" if zero and out else "") + digits[digit] + unit
            zero = False
        else:
            zero = bool(out)
    return out


def test_stray_white_space_in_a_quote_does_not_hide_a_figure() -> None:
    assert unsupported("12:00截止，见www.gov.cn/a", ["12: 00 截止，见 www.gov.cn/ a"]) == []
    assert unsupported("共2030元", ["共 20 30 元"]) == ["2030元"]
    assert unsupported("40.1米", ["17:40. 1 米"])
    assert unsupported("12020年", ["表1  2020年"])
