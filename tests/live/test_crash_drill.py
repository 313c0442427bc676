"""The crash drill's verdict: any loss and any double makes it fail."""

from datetime import timedelta

import pytest

from assistant.live import lines
from eval.drills.crash_serve import said_twice
from eval.drills.verdict import MUST_BE_ZERO, answer_in, holds

pytestmark = pytest.mark.unit

GOOD = dict.fromkeys(MUST_BE_ZERO, 0) | {
    "comments sent": 10,
    "comments acknowledged": 10,
    "replies received": 5,
    "cues begun": 2,
    "left at the end": {"idle": True},
}


def test_all_is_well() -> None:
    assert holds(GOOD)


@pytest.mark.parametrize(
    "bad",
    [
        *({name: 1} for name in MUST_BE_ZERO),
        {"comments acknowledged": 9},
        {"comments sent": 0, "comments acknowledged": 0},
        {"replies received": 0},
        {"cues begun": 0},
        {"left at the end": {"idle": False, "cues": 1}},
        {"left at the end": {}},
    ],
    ids=str,
)
def test_one_fault_is_enough(bad: dict[str, object]) -> None:
    assert not holds(GOOD | bad)


@pytest.mark.parametrize(
    "before",
    [
        lines.spoken_soon(10),
        lines.spoken_soon(300),
        lines.TEXT_INSTEAD,
        lines.answered_before(timedelta(minutes=7)),
    ],
)
def test_the_same_answer_is_known_whatever_is_said_before_it(before: str) -> None:
    assert answer_in(f"{before}五个工作日") == answer_in("五个工作日")


def test_other_answers_stay_apart() -> None:
    assert answer_in(lines.TEXT_INSTEAD + "五个工作日") != answer_in("十个工作日")


@pytest.mark.parametrize(("later", "count"), [(899.0, 1), (901.0, 0)])
def test_words_said_again_count_within_the_merge_window(later: float, count: int) -> None:
    texts = {"a": "五个工作日", "b": "五个工作日", "c": "不收费"}
    assert said_twice(texts, {"a": 0.0, "b": later, "c": 1.0}) == count
