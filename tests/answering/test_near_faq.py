"""Approved answers to questions in other words, and what rules them out; all made up here."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.decide import decide, default_policy
from assistant.answering.faq_answer import FaqAnswerer
from assistant.answering.near_faq import NearFaqs
from assistant.answering.near_signs import is_several
from assistant.domain.answer import Draft, Route
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.source import Faq, SourceHeader, SourceKind
from assistant.domain.verdict import Action

pytestmark = pytest.mark.unit

DAY = date(2026, 11, 30)
CARD = Faq(
    "faq-card",
    "图书证丢了还能借书吗？",
    "不能。先到总服务台挂失，补证后再借，补证收5元。",
    similar_questions=("借书证弄丢了能不能借书",),
    negative_questions=("图书证丢了在哪里补",),
)
SURE = Scores(1.0, 1.0, 0.9, 0.9, 3.0)


def hit(faq: Faq, scores: Scores = SURE) -> Hit:
    header = SourceHeader(faq.id, SourceKind.FAQ, 1, faq.question, region=faq.region)
    return Hit(Passage(faq.id, SourceKind.FAQ, 0, "问答", faq.answer), header, scores)


def near(text: str, *faqs: Faq, scores: Scores = SURE) -> Draft:
    known = faqs or (CARD,)
    ranking = Ranking(tuple(hit(one, scores) for one in known))
    return NearFaqs(FaqAnswerer(known)).draft(Question(text, DAY), ranking)


def test_other_words_of_the_same_question_get_the_approved_answer() -> None:
    draft = near("图书证要是丢了的话还能够借书吗")
    assert draft.route is Route.FAQ
    assert draft.source_ids == ("faq-card",)
    assert draft.text == CARD.answer


def test_its_confidence_is_the_learned_chance_and_never_that_of_the_same_words() -> None:
    draft = near("图书证要是丢了的话还能够借书吗")
    verdict = decide(draft, default_policy())
    assert verdict.action is Action.ANSWER
    assert verdict.confidence <= 0.951


@pytest.mark.parametrize(
    "text",
    [
        "2019年图书证丢了还能借书吗",
        "图书证丢了还能借书吗，押金退多少",
        "图书证丢了交80元还能借书吗",
        "图书证和借书证各多少钱",
        "图书证丢了在哪里补呢",
    ],
    ids=["another year", "two questions", "another amount", "each", "a negative is nearer"],
)
def test_what_the_answer_cannot_reflect_rules_it_out(text: str) -> None:
    assert near(text).route is Route.NONE


def test_what_the_search_did_not_find_well_is_left_to_a_person() -> None:
    weak = Scores(0.3, 0.3, 0.2, 0.1, 0.6)
    assert near("图书证要是丢了的话还能够借书吗", scores=weak).route is Route.NONE


def test_learnt_and_expired_answers_are_not_for_other_words() -> None:
    text = "图书证要是丢了的话还能够借书吗"
    learnt = replace(CARD, id="faq-01hzzzzzzzzzzzzzzzzzzzzzzz")
    assert near(text, learnt).route is Route.NONE
    assert near(text, replace(CARD, effective_to=date(2026, 1, 1))).route is Route.NONE


def test_an_age_outside_all_ranges_of_the_answer_rules_it_out() -> None:
    paid = Faq("faq-paid", "老年餐补贴多少钱？", "70至79周岁每餐3元，80周岁以上每餐5元。")
    assert near("老年餐补贴七十五岁多少钱", paid).route is Route.FAQ
    assert near("老年餐补贴六十五岁多少钱", paid).route is Route.NONE


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("窗口给帮忙不，要钱不", True),
        ("两张证各要多少钱", True),
        ("我妈八十了，借书证还能办吗", False),
    ],
)
def test_several_questions_in_one(text: str, several: bool) -> None:
    assert is_several(text) is several


def test_everyday_words_of_the_wordings_hold_the_questions_sense() -> None:
    lost = Faq("faq-lost", "游泳卡过期了还能退钱吗？", "不能，过期作废。")
    assert near("游泳卡过期了还能够退钱吗", lost).route is Route.FAQ
    assert near("游泳卡弄丢了还能够退钱吗", lost).route is Route.NONE
