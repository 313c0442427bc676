"""A clause must hold the kind of thing that is asked; else another is quoted, or none."""

from datetime import date

import pytest

from assistant.answering.decide import decide, default_policy
from assistant.answering.kinds import demand_of
from assistant.answering.policy_answer import PolicyAnswerer
from assistant.answering.ranges import holds_number, numbers_said
from assistant.domain.answer import Draft
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from tests.answering.test_policy_answer import ranking

pytestmark = pytest.mark.unit

LIBRARY = (
    "第一条 为方便读者夜间借阅，县图书馆实行夜间开放服务。",
    "第二条 年满16周岁的居民，可以申领借阅证。",
    "第三条 夜间开放服务不收取任何费用，借阅证遗失补办每张10元。",
    "第四条 符合条件的读者，可以享受送书上门。",
)
GRANTS = (
    "第一条 年满60周岁的老人，可以申领护理津贴。",
    (
        "第二条 护理津贴按月发放，标准为：\n\n| 年龄 | 每月标准 |\n|---|---|\n"
        "| 60至69周岁 | 35元 |\n| 70至79周岁 | 75元 |\n| 80周岁及以上 | 105元 |"
    ),
)


def draft(question: str, texts: tuple[str, ...]) -> Draft:
    return PolicyAnswerer().draft(Question(question, date(2026, 1, 5)), ranking(question, texts))


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("借阅证要交哪些证件", ("materials",)),
        ("夜间开放服务另收钱吗", ("fee",)),
        ("申领借阅证要什么条件", ("conditions",)),
        ("护理津贴每个月发多少", ("sum",)),
        ("借阅证最多借多少天", ()),
        ("夜间几点关门", ()),
        ("对读者提供什么支持", ()),
        ("出台了多少条措施", ()),
    ],
)
def test_what_an_answer_must_hold(question: str, kinds: tuple[str, ...]) -> None:
    assert demand_of(question).kinds == kinds


def test_supposing_conditions_does_not_state_them() -> None:
    demand = demand_of("送书上门要什么条件")
    assert not demand.is_met("符合条件的读者，享受送书上门。")
    assert demand.is_met("年满16周岁的读者，享受送书上门。")


def test_the_clause_with_the_sum_is_quoted_instead_of_the_purpose() -> None:
    assert "不收取任何费用" in draft("图书馆夜间开放服务另收钱吗", LIBRARY).spoken


def test_where_no_clause_holds_it_a_person_is_asked() -> None:
    found = draft("县图书馆申领借阅证要交哪些证件", (*LIBRARY[:2], LIBRARY[3]))
    assert found.notes == ("依据中没有所问的内容",)
    assert found.support.match == found.support.asked == 0.0
    assert decide(found, default_policy()).action is Action.REVIEW


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("六十八岁的老人护理津贴每月多少钱", "35元"),
        ("七十五的老人护理津贴每月多少钱", "75元"),
        ("百岁老人护理津贴每月多少钱", "105元"),
    ],
)
def test_an_age_in_words_means_the_row_of_its_range(question: str, row: str) -> None:
    said = draft(question, GRANTS).spoken
    assert row in said
    assert sum(sum_ in said for sum_ in ("35元", "75元", "105元")) == 1


def test_numbers_lie_in_ranges_of_their_own_unit() -> None:
    assert numbers_said("我爸八十六的老人，住了3年") == [(86.0, "岁"), (3.0, "年")]
    assert holds_number("不满5年", [(3.0, "年")])
    assert not holds_number("不满5年", [(3.0, "岁")])
    assert not holds_number("90至99周岁", [(100.0, "岁")])
    assert holds_number("100周岁及以上", [(100.0, "岁")])
