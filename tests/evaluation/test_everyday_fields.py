"""The fields of everyday questions: whole labels, and a reader that is measured by them."""

import pytest

from eval.training.everyday_corpus import services
from eval.training.everyday_fields import NONE, OVERVIEW, Labelled, Reader, judged, labelled

pytestmark = pytest.mark.integration


def test_labels_are_of_the_corpus_and_of_both_parts() -> None:
    cases = labelled()
    asks = {ask for each in services() for ask in each.asks}
    assert {case.ask for case in cases} <= asks
    assert {case.part for case in cases} == {"fit", "report"}
    assert {case.kind for case in cases} == {"field", NONE, OVERVIEW}


def test_a_reading_is_right_silent_or_another_field() -> None:
    cases = [
        Labelled("渔民证要拿啥去", ("materials",), "fit"),
        Labelled("渔民证要拿啥去", ("fee", "materials"), "fit"),
        Labelled("渔民证要拿啥去", ("fee",), "fit"),
        Labelled("渔民证能顶船证用不", ("conditions",), "fit"),
        Labelled("渔民证", (OVERVIEW,), "fit"),
    ]
    found = [how for *_, how in judged(cases, Reader())]
    assert found == ["right", "right", "wrong field", NONE, "right"]


def test_most_of_what_is_asked_is_understood_and_little_is_taken_for_another_field() -> None:
    found = [(case, how) for case, _, how in judged(labelled(), Reader()) if case.kind == "field"]
    assert sum(how == "right" for _, how in found) / len(found) >= 0.75
    assert sum(how == "wrong field" for _, how in found) / len(found) <= 0.1
