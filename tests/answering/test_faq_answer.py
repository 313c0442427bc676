from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.faq_answer import FaqAnswerer
from assistant.answering.torn import TORN
from assistant.domain.answer import NO_DRAFT, Route
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.domain.source import Faq

pytestmark = pytest.mark.unit

TODAY = date(2026, 1, 5)
LOST_MARRIAGE = Faq(
    "f1",
    "结婚证丢了在哪里补办？",
    "到婚姻登记处补领。",
    similar_questions=("结婚证遗失怎么补",),
    negative_questions=("离婚证丢了怎么补",),
)
LOST_HOUSE = Faq("f2", "房产证丢了在哪里补办？", "到不动产登记中心补证。")
AGE_80 = Faq("f3", "80岁老人每月补贴多少钱？", "每人每月60元。")
NOT_ONLINE = Faq("f4", "居住证不能在网上办怎么办？", "到派出所办理。")
COUNTY = Faq("f5", "高龄津贴每个月多少钱？", "每月60元。", region="990181")
FAQS = [LOST_MARRIAGE, LOST_HOUSE, AGE_80, NOT_ONLINE, COUNTY]


def match(text: str, *, region: str | None = None, as_of: date = TODAY, faqs=FAQS) -> str | None:
    found = FaqAnswerer(faqs).match(Question(text, as_of, region=region))
    return found.faq.id if found else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("结婚证丢了在哪里补办", "f1"),
        ("请问一下结婚证丢了在哪儿补办呢？", "f1"),
        ("主播 结婚证遗失咋补啊", "f1"),
        ("房产证丢了在哪里补办", "f2"),
        ("80岁老人每月补贴多少钱", "f3"),
        ("８０岁老人每月补贴多少钱？", "f3"),
        ("八十岁老人每月补贴多少钱", "f3"),
        ("居住证不能在网上办怎么办", "f4"),
    ],
)
def test_the_same_question_is_found(text: str, wanted: str) -> None:
    assert match(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "90岁老人每月补贴多少钱",  # another number
        "居住证能在网上办怎么办",  # negation dropped
        "毕业证丢了在哪里补办",  # another thing
        "离婚证丢了怎么补",  # the negative question itself
        "公司注册要多久",
        "",
    ],
)
def test_another_question_is_not(text: str) -> None:
    assert match(text) is None


def test_what_the_desk_learnt_answers_only_what_was_asked_there() -> None:
    learnt = replace(LOST_MARRIAGE, id="faq-01m8p37j9tebj51r7n8dzfm6zz", similar_questions=())
    assert match("请问结婚证丢了在哪里补办", faqs=[learnt]) == learnt.id
    near = "结婚证坏了在哪里补办"
    assert match(near, faqs=[replace(learnt, id="f9")]) == "f9"  # a FAQ of a file may be this near
    assert match(near, faqs=[learnt]) is None


def test_a_nearer_negative_question_forbids_the_answer() -> None:
    without = replace(LOST_MARRIAGE, similar_questions=("离婚证丢了怎样补",), negative_questions=())
    assert match("离婚证丢了怎么补", faqs=[without]) == "f1"
    barred = replace(without, negative_questions=("离婚证丢了怎么补",))
    assert match("离婚证丢了怎么补办", faqs=[barred]) is None


def test_region_and_dates_hold() -> None:
    assert match("高龄津贴每个月多少钱", region="990181") == "f5"
    assert match("高龄津贴每个月多少钱", region="990182") is None
    ended = replace(AGE_80, effective_to=date(2025, 12, 31))
    assert match("80岁老人每月补贴多少钱", faqs=[ended]) is None
    assert match("80岁老人每月补贴多少钱", faqs=[ended], as_of=date(2025, 12, 31)) == "f3"


def test_two_answers_to_one_question_need_a_date_of_approval() -> None:
    one = Faq("a", "周末上班吗？", "上班。")
    other = Faq("b", "周末上班吗？", "不上班。")
    assert match("周末上班吗", faqs=[one, other]) is None
    newer = replace(other, approved_at="2026-01-02T00:00:00Z")
    assert match("周末上班吗", faqs=[one, newer]) == "b"


def test_the_draft_carries_the_whole_answer_and_its_source() -> None:
    draft = FaqAnswerer(FAQS).draft(Question("结婚证丢了在哪里补办", TODAY), Ranking())
    assert draft.route is Route.FAQ
    assert draft.text == LOST_MARRIAGE.answer
    assert [c.source_id for c in draft.citations] == ["f1"]
    assert draft.citations[0].quote == LOST_MARRIAGE.answer
    assert draft.support.match == 1.0


def test_no_faqs_no_draft() -> None:
    assert FaqAnswerer([]).draft(Question("结婚证丢了", TODAY), Ranking()) is NO_DRAFT


def test_a_long_answer_is_voiced_short() -> None:
    long = replace(AGE_80, answer="每人每月60元。" * 40)
    draft = FaqAnswerer([long]).draft(Question(AGE_80.question, TODAY), Ranking())
    assert len(draft.spoken) <= 150
    assert draft.spoken.endswith("完整答复见屏幕。")


def test_two_answers_to_one_question_are_drafted_together_for_a_person() -> None:
    other = replace(AGE_80, id="f9", answer="每人每月100元。")
    asked = Question("80岁老人每月补贴多少钱", TODAY)
    torn = FaqAnswerer([AGE_80, other]).draft(asked, Ranking())
    assert torn.support.features[TORN] == 1.0
    assert {citation.source_id for citation in torn.citations} == {"f3", "f9"}
    newer = replace(other, approved_at="2026-01-01")
    alone = FaqAnswerer([AGE_80, newer]).draft(asked, Ranking())
    assert (alone.source_ids, alone.support.features) == (("f9",), {})
    elsewhere = replace(other, region="990181")
    assert FaqAnswerer([AGE_80, elsewhere]).draft(asked, Ranking()) is NO_DRAFT
