"""How much may be said under a stated error bound: exact, honest about the choice, and humble."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.promise import Scored, promise
from assistant.domain.rates import at_most, least_cases, upper_bound

pytestmark = pytest.mark.unit


def test_the_upper_bound_is_clopper_and_pearsons() -> None:
    assert upper_bound(0, 149, 0.95) == pytest.approx(0.019905, abs=1e-6)
    assert upper_bound(7, 600, 0.95) == pytest.approx(0.021801, abs=1e-6)
    assert upper_bound(0, 0, 0.95) == upper_bound(3, 3, 0.95) == 1.0


def test_two_percent_needs_149_without_a_wrong_one() -> None:
    assert [least_cases(0.02, 0.95, wrong) for wrong in (0, 1, 3)] == [149, 236, 386]
    assert promise([Scored(0.9, True)] * 149, 0.02, 0.95).threshold == 0.9
    refused = promise([Scored(0.9, True)] * 148, 0.02, 0.95)
    assert (refused.threshold, refused.share, refused.needed) == (None, 0.0, 149)


@given(st.integers(0, 40), st.integers(1, 400), st.floats(0.001, 0.4))
def test_the_bound_is_where_so_few_errors_become_unlikely(
    wrong: int, more: int, rate: float
) -> None:
    total, level = wrong + more, 0.95
    assert (upper_bound(wrong, total, level) <= rate) == (at_most(wrong, total, rate) <= 1 - level)


def test_the_loosest_threshold_that_holds_is_chosen() -> None:
    sure = [Scored(0.99 - i / 10_000, True) for i in range(400)]
    unsure = [Scored(0.5 - i / 10_000, i % 2 == 0) for i in range(400)]
    held = promise(sure + unsure, 0.02, 0.95)
    assert held.threshold is not None
    assert 0.48 < held.threshold <= 0.96
    assert held.upper <= 0.02
    assert held.wrong <= 6
    looser = promise(sure + unsure, 0.10, 0.95)
    assert looser.threshold is not None
    assert looser.threshold < held.threshold
    assert looser.share > held.share


def test_equal_scores_are_said_together_or_not_at_all() -> None:
    rows = [Scored(0.9, True)] * 300 + [Scored(0.8, i > 40) for i in range(300)]
    held = promise(rows, 0.02, 0.95)
    assert (held.threshold, held.answered) == (0.9, 300)


def test_the_choice_of_the_threshold_is_paid_for() -> None:
    """A population whose risk is above the bound everywhere is let through in few of many draws."""
    draw = random.Random(5)
    fooled = sum(
        promise(
            [Scored(draw.random(), draw.random() > 0.03) for _ in range(900)], 0.02, 0.95
        ).threshold
        is not None
        for _ in range(120)
    )
    assert fooled <= 12


def test_labels_by_chance_stand_for_all_that_was_said() -> None:
    """33 wrong ones of the desk weigh less than one wrong of a 3 % sample."""
    spot = [Scored(0.99, True, "spot_check", 33.0) for _ in range(400)]
    desk = [Scored(0.6, i >= 5, "desk") for i in range(100)]
    assert promise(spot + desk, 0.02, 0.95).share == 1.0
    spot[0:8] = [Scored(0.99, False, "spot_check", 33.0)] * 8
    assert promise(spot + desk, 0.02, 0.95).threshold is None
