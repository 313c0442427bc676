"""Each check of the evaluation fails on a seeded defect."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.answer import Citation
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case
from assistant.evaluation.judging import Judged
from assistant.evaluation.metrics import Metrics
from assistant.evaluation.report import faults
from assistant.evaluation.running import run
from tests.evaluation.fake_desk import LIMITS, PHONES, FakeDesk, said

pytestmark = pytest.mark.unit

TODAY = date(2026, 1, 1)
LIMIT_CITED = Citation("g1", "办结时限", LIMITS)
PHONE_CITED = Citation("g1", "咨询投诉", PHONES)
POLICY_CITED = Citation("p1", "第三条", "应当连续居住满6个月")

LIMIT = Case(
    "limit",
    "居住证几天能好",
    Action.ANSWER,
    reference="承诺办结时限：5个工作日",
    reference_ids=("g1",),
    must_contain=("5个工作日",),
    must_not_contain=("20个工作日",),
)
PHONE = Case("phone", "打哪个电话", Action.ANSWER, reference_ids=("g1",))
POLICY = Case("policy", "要住多久", Action.ANSWER, reference_ids=("p1",))
UNKNOWN = Case("unknown", "护照去哪办", Action.REVIEW)


async def _judge(case: Case, reply: Callable[[Question], Outcome]) -> tuple[Judged, Metrics]:
    result = await run([case], [Path("corpus")], FakeDesk(reply).opened, today=TODAY)
    return result.judged[0], result.metrics


async def test_a_right_reply_has_no_fault() -> None:
    one, metrics = await _judge(LIMIT, lambda q: said(q, "承诺办结时限：5个工作日", LIMIT_CITED))
    assert faults(one) == []
    assert metrics["answer_correct"] == metrics["citation_correct"] == metrics["hit_at_1"] == 1
    assert metrics["reference_in_spoken"] == metrics["spoken_within_limit"] == 1
    assert metrics["unsupported_facts"] == metrics["quotes_not_verbatim"] == 0
    assert metrics["mislabelled_facts"] == metrics["quotes_unfounded"] == 0


async def test_a_right_quote_from_a_policy_has_no_fault() -> None:
    text = "应当连续居住满六个月（《示例县居住证办法》示例府发〔2024〕9号第三条）。"
    one, _ = await _judge(POLICY, lambda q: said(q, text, POLICY_CITED))
    assert faults(one) == []


async def test_a_wrong_number() -> None:
    one, metrics = await _judge(LIMIT, lambda q: said(q, "承诺办结时限：6个工作日", LIMIT_CITED))
    assert "数字无依据" in faults(one)
    assert "要点不符" in faults(one)
    assert metrics["unsupported_facts"] == 1
    assert metrics["answer_correct"] == 0
    assert metrics["wrong_answer_rate"] == metrics["risk"] == 1


async def test_a_wrong_number_only_in_what_is_voiced() -> None:
    reply = "承诺办结时限：5个工作日"
    _, metrics = await _judge(
        LIMIT, lambda q: said(q, reply, LIMIT_CITED, spoken="承诺六个工作日办结")
    )
    assert metrics["unsupported_facts"] == 1
    assert metrics["reference_in_spoken"] == 0


async def test_the_right_number_with_another_unit() -> None:
    _, metrics = await _judge(LIMIT, lambda q: said(q, "承诺5日办结", LIMIT_CITED))
    assert metrics["unsupported_facts"] == 1


async def test_statutory_and_promised_limit_swapped() -> None:
    text = "法定办结时限：5个工作日；承诺办结时限：20个工作日"
    one, metrics = await _judge(LIMIT, lambda q: said(q, text, LIMIT_CITED))
    assert metrics["mislabelled_facts"] == 2
    assert "名称与数值错配" in faults(one)
    assert metrics["unsupported_facts"] == 0


async def test_consult_and_complaint_phone_swapped() -> None:
    _, metrics = await _judge(PHONE, lambda q: said(q, "咨询电话：0990-7654321", PHONE_CITED))
    assert metrics["mislabelled_facts"] == 1
    assert metrics["unsupported_facts"] == 0


async def test_the_phone_of_another_guide() -> None:
    _, metrics = await _judge(PHONE, lambda q: said(q, "咨询电话：0990-2222222", PHONE_CITED))
    assert metrics["unsupported_facts"] == 1


async def test_a_citation_of_the_wrong_source() -> None:
    wrong = Citation("g2", "咨询投诉", "咨询电话：0990-2222222")
    one, metrics = await _judge(PHONE, lambda q: said(q, "咨询电话：0990-2222222", wrong))
    assert metrics["citation_correct"] == metrics["answer_correct"] == 0
    assert metrics["wrong_item_rate"] == 1
    assert "引用来源不对" in faults(one)


@pytest.mark.parametrize(
    "quote", ["应当连续居住满7个月", "应当，连续居住满6个月", "应当连续居住満6个月", ""]
)
async def test_a_quote_altered_by_one_character(quote: str) -> None:
    altered = Citation("p1", "第三条", quote)
    one, metrics = await _judge(POLICY, lambda q: said(q, "应当连续居住", altered))
    assert metrics["quotes_not_verbatim"] == 1
    assert "引文与原文不符" in faults(one)


async def test_a_quote_of_a_source_that_does_not_exist() -> None:
    _, metrics = await _judge(
        POLICY, lambda q: said(q, "应当", Citation("p9", "第三条", "应当连续居住"))
    )
    assert metrics["quotes_not_verbatim"] == 1


async def test_an_invented_document_number_article_or_link() -> None:
    text = "依据国发〔2016〕55号第九条，见https://example.gov.cn/a"
    _, metrics = await _judge(POLICY, lambda q: said(q, text, POLICY_CITED))
    assert metrics["unsupported_facts"] == 3


async def test_spoken_too_long() -> None:
    spoken = "承诺办结时限：5个工作日。" + "请" * 150
    one, metrics = await _judge(
        LIMIT, lambda q: said(q, "承诺办结时限：5个工作日", LIMIT_CITED, spoken=spoken)
    )
    assert metrics["spoken_within_limit"] == 0
    assert "口播过长" in faults(one)


async def test_an_answer_where_a_person_should_have_been_asked() -> None:
    one, metrics = await _judge(UNKNOWN, lambda q: said(q, PHONES, PHONE_CITED))
    assert metrics["false_answer_on_review"] == metrics["wrong_item_rate"] == 1
    assert metrics["review_correct"] == metrics["action_accuracy"] == 0
    assert "处理方式不对" in faults(one)


async def test_a_review_where_the_answer_was_known() -> None:
    _, metrics = await _judge(LIMIT, lambda q: said(q, LIMITS, LIMIT_CITED, action=Action.REVIEW))
    assert metrics["answer_correct"] == metrics["answered"] == 0
    assert metrics["wrong_item_rate"] == metrics["wrong_answer_rate"] == 0


async def test_an_answer_without_a_citation() -> None:
    one, metrics = await _judge(LIMIT, lambda q: said(q, "承诺5个工作日"))
    assert metrics["answers_without_citation"] == 1
    assert "没有引用" in faults(one)


@pytest.mark.parametrize(("count", "wrong"), [("2", 0), ("两", 0), ("9", 1), ("九", 1)])
async def test_a_count_is_right_where_so_many_things_are_listed(count: str, wrong: int) -> None:
    text = f"共{count}项：法定和承诺"
    _, metrics = await _judge(PHONE, lambda q: said(q, text, Citation("g1", "办结时限", LIMITS)))
    assert metrics["unsupported_facts"] == wrong
