"""FAQs near a question: the same, near, or in conflict with the answer."""

import pytest

from assistant.answering.faq_answer import FaqAnswerer
from assistant.domain.source import Faq
from assistant.review.near import MOST, NearFaqs, differ
from tests.support.review_office import CITY, COUNTY, OTHER, REGIONS

pytestmark = pytest.mark.unit
ANSWER = "每人每月60元。"
FAQS = [
    Faq("same", "80岁老人每月补贴多少钱？", ANSWER, region=CITY),
    Faq("other", "90岁老人每月补贴多少钱？", "每人每月100元。", region=CITY),
    Faq("far", "80岁老人每月补贴多少钱", ANSWER, region=OTHER),
    Faq("else", "护照在哪里办？", "到出入境窗口办理。"),
]
ASKED = "请问80岁老人每月补贴多少钱"


async def near(region: str | None = COUNTY, answer: str = "", faqs=FAQS, text: str = ASKED):
    async def current() -> FaqAnswerer:
        return FaqAnswerer(faqs)

    return await NearFaqs(current, REGIONS)(text, region, answer)


async def test_the_most_alike_come_first_with_what_they_are() -> None:
    found = await near()
    assert [(one.faq_id, one.kind) for one in found] == [
        ("same", "same"),
        ("far", "near"),  # nobody sees both regions
        ("other", "near"),  # another age
    ]
    assert found[0].likeness == 1.0
    assert "护照" not in "".join(one.question for one in found)


async def test_another_answer_to_the_same_question_is_a_conflict() -> None:
    assert (await near(answer="每人每月80元。"))[0].kind == "conflict"
    assert (await near(answer="80岁老人没有补贴，满90岁才有。"))[0].kind == "conflict"
    assert (await near(answer="每人每月60元"))[0].kind == "same"


async def test_a_similar_wording_counts_and_is_shown() -> None:
    faqs = [Faq("one", "高龄津贴标准", ANSWER, similar_questions=("80岁老人每月补贴多少钱",))]
    (one,) = await near(faqs=faqs)
    assert (one.kind, one.question) == ("same", "80岁老人每月补贴多少钱")


async def test_what_any_region_sees_overlaps_without_one() -> None:
    assert [one.kind for one in await near(region=None)][:2] == ["same", "same"]


async def test_a_few_at_most_and_none_for_nothing() -> None:
    many = [Faq(f"f{n}", f"80岁老人每月补贴多少钱{'呢' * n}", ANSWER) for n in range(9)]
    assert len(await near(faqs=many)) == MOST
    assert await near(text="") == ()
    assert await near(faqs=[]) == ()


def test_answers_differ_by_figures_or_words() -> None:
    assert differ("收费20元", "收费30元")
    assert differ("不收费", "到窗口缴费，具体咨询")
    assert not differ("收费二十元。", "收费20元")
