"""Marks, senses, and whether two answers are one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action, Verdict
from assistant.live.merging_answers import same_answer
from assistant.live.merging_aspects import agree, find_aspects
from assistant.live.merging_concepts import find_concepts
from assistant.live.merging_marks import find_marks, in_digits
from eval.live.merging_parts import KNOWLEDGE, desk_reading, guides_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "years", "numbers"),
    [
        ("二〇二四年的标准", {"2024"}, set()),
        ("2024年5月1日", {"2024"}, {"5月", "1日"}),
        ("满十五年退休", set(), {"15年"}),
        ("办一个证要一下子吗", set(), set()),
        ("21年买的房", {"2021"}, set()),
    ],
)
def test_marks(text: str, years: set[str], numbers: set[str]) -> None:
    found = find_marks(in_digits(text))
    assert (set(found.years), set(found.numbers)) == (years, numbers)


@pytest.mark.parametrize(
    ("everyday", "official"),
    [
        ("小饭馆黄了照咋消", "个体工商户怎么注销"),
        ("驾照丢了咋整", "机动车驾驶证遗失补领"),
        ("房贷还清了怎么解押", "不动产抵押权注销登记"),
    ],
)
def test_everyday_and_official_words_have_the_same_senses(everyday: str, official: str) -> None:
    one, other = find_concepts(everyday), find_concepts(official)
    assert one.subjects == other.subjects
    assert one.acts == other.acts


def test_a_vague_word_counts_only_alone() -> None:
    assert find_concepts("领证要带什么").subjects == {"结婚"}
    assert "结婚" not in find_concepts("护照审核后怎么领证").subjects


@pytest.mark.parametrize("text", ["有没有收费", "能不能网上办", "找不到身份证了", "没工作怎么参保"])
def test_asking_and_everyday_words_are_no_negation(text: str) -> None:
    assert not find_concepts(text).negated


@pytest.mark.parametrize("text", ["哪些材料不要原件", "没备案能报销吗", "不符合条件怎么办"])
def test_negation(text: str) -> None:
    assert find_concepts(text).negated


def outcome(route: Route = Route.GUIDE, quote: str = "免费", field: str = "fee") -> Outcome:
    citation = Citation("g1", "收费", quote, field=field)
    draft = Draft(route, (Statement(quote, quote, (citation,)),), source_ids=("g1",))
    question = Question("收费吗", date(2026, 1, 1), "990101")
    return Outcome(question, draft, Verdict(Action.ANSWER, 0.9), quote, quote)


def test_the_same_field_of_the_same_guide_is_one_answer() -> None:
    one = outcome()
    assert same_answer(one, replace(one, text="不收费", latency_ms=3))


@pytest.mark.parametrize(
    "other",
    [
        outcome(field="materials"),
        outcome(quote="10元"),
        outcome(route=Route.POLICY),
        replace(outcome(), question=Question("收费吗", date(2026, 1, 1), "990102")),
        replace(outcome(), verdict=Verdict(Action.REVIEW, 0.2)),
        replace(outcome(), draft=replace(outcome().draft, source_ids=("g2",))),
    ],
)
def test_anything_else_is_another_answer(other: Outcome) -> None:
    assert not same_answer(outcome(), other)
    assert not same_answer(other, outcome())


def test_what_a_person_settles_is_never_one() -> None:
    review = replace(outcome(), verdict=Verdict(Action.REVIEW, 0.2))
    assert not same_answer(review, review)
    nothing = replace(outcome(), draft=Draft(Route.NONE))
    assert not same_answer(nothing, nothing)


def test_policy_answers_are_one_only_in_the_same_words() -> None:
    one = outcome(Route.POLICY)
    assert same_answer(one, one)
    assert not same_answer(one, replace(one, text="不收费"))


def test_the_desk_reads_items_fields_and_places(root: Path) -> None:
    reading = desk_reading(guides_of([root / path for path in KNOWLEDGE]))
    slots = reading("长沙市结婚登记要什么材料", None)
    assert slots.items == {"结婚登记"}
    assert slots.fields == {"materials"}
    assert slots.places == {"430100"}
    assert reading("湖南省低保标准", None).places != reading("广东省低保标准", None).places
    assert reading("低保标准", "430100").places == reading("长沙市低保标准", "430100").places
    assert reading("湖南省低保标准", "430100").places == {"430100"}


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("身份证管多少年", "有效期"),
        ("身份证多久拿到", "promised_limit"),
        ("养老金按什么算", "算"),
        ("养老金怎么领", "steps"),
        ("社保卡别人帮领行不", "代办"),
        ("大厅几点下班", "clock_close"),
        ("礼拜六有人没", "days"),
    ],
)
def test_what_is_asked(text: str, aspect: str) -> None:
    assert find_aspects(text, frozenset()).names == {aspect}


def test_a_wider_aspect_agrees_with_those_in_it_but_they_do_not_with_one_another() -> None:
    opens, closes, hours = (frozenset({name}) for name in ("clock_open", "clock_close", "hours"))
    assert agree(hours, opens)
    assert agree(closes, hours)
    assert not agree(opens, closes)
