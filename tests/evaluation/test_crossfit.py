"""Nested cross-fitting: what scores a case has seen neither it nor its sources."""

import random

import numpy as np
import pytest

from assistant.domain.answer import Route
from eval import crossfit
from eval.crossfit_report import figures, threshold_for

pytestmark = pytest.mark.unit


def rows(count: int = 240) -> crossfit.Rows:
    draw = random.Random(4)
    found: crossfit.Rows = []
    for n in range(count):
        right, source = n % 4 > 0, f"doc-{n % 40}"
        support = {"match": draw.random() / 2 + 0.4 * right, "coverage": draw.random()}
        row: crossfit.Row = {"set": "ncp", "id": f"case-{n}", "route": "policy", "right": right}
        row |= {"expected": "answer" if n % 8 else "review", "support": support}
        found.append(row | {"references": [source] if n % 8 else [], "cited": [source]})
    return found


def test_cases_of_one_source_are_one_group_also_where_they_have_no_answer() -> None:
    of = crossfit.groups(rows())
    assert of["case-8"] == of["case-48"]  # nothing answers case-8: it cited what case-48 cited
    assert of["case-1"] == of["case-41"]
    assert of["case-1"] != of["case-2"]
    assert len(set(of.values())) == 40


def test_no_case_is_scored_by_what_saw_it_or_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    of, real, checks = crossfit.groups(rows()), crossfit.fitted, []

    def watched(route: Route, seen: crossfit.Rows) -> crossfit.Model:
        model, groups = real(route, seen), {of[str(row["id"])] for row in seen}

        class Watched(crossfit.Model):
            def chances(self, asked: crossfit.Rows) -> np.ndarray:
                checks.append(groups.isdisjoint(of[str(row["id"])] for row in asked))
                return super().chances(asked)

        return Watched(model.names, model.bias, model.weights)

    monkeypatch.setattr(crossfit, "fitted", watched)
    said = crossfit.crossfit(rows(), [0.1, 0.2], 0.95)
    assert [len(of) for of in said.values()] == [240, 240]
    assert len(checks) == 2 * crossfit.FOLDS  # what chooses the threshold, then the fold
    assert all(checks)


def test_figures_of_what_was_said() -> None:
    said = [
        crossfit.Said("ncp", str(n), "policy", p, right, able, p > 0.5)
        for n, (p, right, able) in enumerate(
            [(0.9, True, True), (0.8, False, False), (0.4, True, True), (0.1, False, False)]
        )
    ]
    found = figures(said, 0.95)
    assert (found["answered"], found["wrong"], found["absent_answered"]) == (2, 1, 1)
    assert found["right_answered"] == 0.5
    assert found["auroc_answerable"] == 0.75
    assert threshold_for(said, 0.5) == pytest.approx(0.1)
