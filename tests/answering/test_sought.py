"""What sort of thing a question seeks, and whether words hold it."""

from datetime import date

import pytest

from assistant.answering.asked import fold
from assistant.answering.sought import Sort, sought
from assistant.answering.sought_found import found, is_found, said, sentences

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("question", "sort", "unit"),
    [
        ("镇长是谁？", Sort.PERSON, ""),
        ("男子组冠军？", Sort.PERSON, ""),
        ("图书馆新馆何时开放", Sort.DATE, ""),
        ("消费券发放时间", Sort.DATE, ""),
        ("一次能停多久", Sort.DURATION, ""),
        ("门票价格是多少", Sort.NUMBER, "元"),
        ("一共招多少人", Sort.NUMBER, "人"),
        ("个人承担的比例是多少", Sort.SHARE, ""),
        ("在哪里领取", Sort.PLACE, ""),
        ("由哪个部门受理", Sort.OFFICE, ""),
        ("咨询电话是多少", Sort.PHONE, ""),
        ("排名第几", Sort.RANK, ""),
        ("这批展品来自哪些国家", Sort.PLACE, ""),
        ("这条线的全称是什么", Sort.TITLE, ""),
    ],
)
def test_the_sort_is_read_from_the_questions_own_words(
    question: str, sort: Sort, unit: str
) -> None:
    seeks = sought(question)
    assert (seeks.sort, seeks.unit) == (sort, unit)


@pytest.mark.parametrize(
    "question",
    [
        "办理居住证需要什么材料",
        "困难群众如何处理",
        "抚养费由谁出",
        "为什么暂停办理",
        "怎样减少企业费用",
        "服务时间",
        "哪几个部门联合发文",
    ],
)
def test_open_questions_seek_no_one_sort(question: str) -> None:
    assert sought(question).sort is None
    assert is_found(sought(question), "随便什么。")


@pytest.mark.parametrize(
    ("question", "held", "lacking"),
    [
        ("门票价格是多少", "门票每张60元。", "门票价格另行通知，窗口8号。"),
        ("一共招多少人", "计划招录35人。", "招录人数见公告，2026年报名。"),
        ("去年总收入是多少", "总收入达93.8亿元。", "财报显示，总收入..."),
        ("镇长是谁？", "镇长欧阳明远主持会议。", "镇长主持会议，研究有关工作。"),
        ("新馆何时开放", "新馆10月8日开放。", "新馆将择期开放，敬请关注。"),
        ("个人承担的比例是多少", "个人承担百分之三十。", "个人承担一部分。"),
        ("咨询电话是多少", "请拨打12345。", "请向窗口咨询。"),
        ("一次能停多久", "每次最多停30分钟。", "请有序停放。"),
    ],
)
def test_words_hold_it_or_lack_it(question: str, held: str, lacking: str) -> None:
    seeks = sought(question)
    assert is_found(seeks, fold(held))
    assert not is_found(seeks, fold(lacking))


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert found(sought("2025年5月1日的活动时间"), fold("2025年5月1日的活动")) == []


def test_a_figure_of_another_year_edition_or_product_is_none() -> None:
    population = sought("2024年全县人口多少？")
    assert not is_found(population, "2023年末，全县人口30.2万人。")
    assert is_found(population, "2024年末，全县人口30.2万人。")
    assert is_found(population, "年末全县人口30.2万人。", date(2024, 12, 1))
    assert not is_found(sought("第九届庙会何时举行"), "第八届庙会于3月1日举行。")
    assert not is_found(sought("K9读卡器的售价是多少"), fold("新款M3读卡器售价199元。"))


def test_sentences_join_to_the_words() -> None:
    words = "一。二...三；四"
    assert [words[a:b] for a, b in sentences(words)] == ["一", "二", "三", "四"]


def test_a_question_says_nothing() -> None:
    assert said("4.培养目标是什么？5.在哪里办学？") == ""
    assert said("问：收费吗？答：不收费。") == "答：不收费"
