import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.intervals import bootstrap_mean, mcnemar, paired_difference, wilson
from assistant.evaluation.selective import Scored, aurc, auroc, brier, coverage_at, curve, ece

pytestmark = pytest.mark.unit

SCORED = st.lists(
    st.builds(Scored, st.floats(0, 1).map(lambda x: round(x, 2)), st.booleans()), min_size=1
)


def test_wilson_is_that_of_the_textbook() -> None:
    low, high = wilson(8, 10)
    assert math.isclose(low, 0.4902, abs_tol=5e-4)
    assert math.isclose(high, 0.9433, abs_tol=5e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_rate_lies_in_its_interval(hits: int, more: int) -> None:
    total = hits + more
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total <= high <= 1


@pytest.mark.parametrize(
    ("first", "second", "p"), [(0, 0, 1.0), (5, 5, 1.0), (0, 10, 2 / 1024), (1, 9, 22 / 1024)]
)
def test_mcnemar_is_exact(first: int, second: int, p: float) -> None:
    assert math.isclose(mcnemar(first, second), p)
    assert mcnemar(first, second) == mcnemar(second, first)


def test_the_bootstrap_repeats_itself() -> None:
    values = [0.0, 1.0, 1.0, 0.5] * 20
    assert bootstrap_mean(values) == bootstrap_mean(values)
    difference, (low, high) = paired_difference([0.0] * 50, [1.0] * 25 + [0.0] * 25)
    assert difference == 0.5
    assert low < 0.5 < high


def test_perfect_order_and_worst_order() -> None:
    best = [Scored(0.9, True), Scored(0.8, True), Scored(0.2, False)]
    worst = [Scored(0.9, False), Scored(0.2, True)]
    assert (auroc(best), auroc(worst)) == (1.0, 0.0)
    assert coverage_at(best, 0.0) == 2 / 3
    assert coverage_at(worst, 0.01) == 0.0
    assert aurc(best) < aurc(worst)


def test_equal_confidence_tells_nothing() -> None:
    same = [Scored(0.5, True), Scored(0.5, False)]
    assert auroc(same) == 0.5
    assert len(curve(same)) == 1


def test_calibration_errors() -> None:
    sure = [Scored(1.0, True), Scored(1.0, False)]
    assert brier(sure) == 0.5
    assert ece(sure) == 0.5
    assert brier([]) is ece([]) is auroc([]) is None


@given(SCORED)
def test_the_curve_grows_to_everything(scored: list[Scored]) -> None:
    points = curve(scored)
    assert all(a.coverage < b.coverage and a.confidence > b.confidence for a, b in pairwise(points))
    assert math.isclose(points[-1].coverage, 1)
    assert math.isclose(points[-1].risk, sum(not s.right for s in scored) / len(scored))


@given(SCORED)
def test_the_order_of_the_cases_changes_nothing(scored: list[Scored]) -> None:
    shuffled = list(reversed(scored))
    assert curve(shuffled) == curve(scored)
    assert auroc(shuffled) == auroc(scored)
