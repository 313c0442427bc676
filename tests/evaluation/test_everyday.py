"""The everyday corpus and the thesaurus: whole, without doubles, and no question of a test set."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.training import everyday_check as check
from eval.training.everyday_corpus import LayTerm, Service, lay_terms, services
from tests.retrieval.shared import DATA, needs_data

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
ROWS, TERMS = 1_150, 5_000


@cache
def corpus() -> tuple[list[Service], list[LayTerm]]:
    return (
        services(ROOT / "eval/training/everyday"),
        lay_terms(ROOT / "knowledge/lexicon/lay_terms.jsonl"),
    )


def test_the_corpus_is_whole_and_without_doubles() -> None:
    assert check.problems(*corpus()) == []


def test_there_is_enough_of_it() -> None:
    rows, terms = corpus()
    assert len(rows) >= ROWS
    assert len({term.lay for term in terms}) >= TERMS


def test_people_hardly_ever_say_the_official_name() -> None:
    assert check.named_share(corpus()[0]) <= check.NAMED_SHARE


def test_the_split_is_by_service_and_near_six_two_two() -> None:
    rows, _ = corpus()
    shares = Counter(row.part for row in rows)
    assert shares["fit"] / len(rows) == pytest.approx(0.6, abs=0.06)
    assert shares["report"] / len(rows) == pytest.approx(0.2, abs=0.06)


@needs_data
def test_no_line_is_a_question_of_a_test_set() -> None:
    asks = [ask for row in corpus()[0] for ask in row.asks]
    near = {
        name: [asks[place] for place in check.too_near(asks, questions)]
        for name, questions in check.test_questions(DATA).items()
    }
    assert {name: lines for name, lines in near.items() if lines} == {}


def test_a_near_double_is_found_and_another_question_is_not() -> None:
    asks = ["我家那辆面包车开了十五年要报废去哪办", "孩子上户口要啥", "补证"]
    assert check.too_near(asks, ["我家那辆面包车,开了十五年要报废 去哪办？", "补证"]) == [0, 2]
    assert check.too_near(asks, ["面包车报废有补贴吗"]) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Service("甲", (), "e", ("问",) * 5, ("short",) * 5), "only 5 asks"),
        (Service("甲", (), "e", tuple("一二三四五六"), ("short",) * 6), "fewer than four"),
        (Service("甲", ("甲",), "e", tuple("一二三四五六"), ("short",) * 5), "its own alias"),
        (Service("甲", (), "e", tuple("一二三四五六"), ("shout",) * 6), "unknown kinds"),
    ],
)
def test_a_faulty_service_is_named(row: Service, fault: str) -> None:
    assert any(fault in line for line in check.problems([row], []))


def test_a_faulty_term_is_named() -> None:
    faulty = [LayTerm("照", ("照",), 1.5, None, "e")]
    assert len(check.problems([], faulty)) == 2
