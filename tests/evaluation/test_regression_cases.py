"""Cases made from approved answers are reported apart and never count as accuracy."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.answer import Citation
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case
from assistant.evaluation.comparison import compare, outcomes_of
from assistant.evaluation.output import write
from assistant.evaluation.running import Run, run
from tests.evaluation.fake_desk import LIMITS, FakeDesk, said

pytestmark = pytest.mark.unit

OWN = Case("a", "居住证几天能好", Action.ANSWER, must_contain=("5个工作日",))
KEPT = Case(
    "desk-1", "居住证多久能拿", Action.ANSWER, must_contain=("6个工作日",), tags=("regression",)
)


async def judged(*cases: Case) -> Run:
    desk = FakeDesk(
        lambda question: said(question, "5个工作日", Citation("g1", "办结时限", LIMITS))
    )
    return await run(cases, [Path("corpus")], desk.opened, today=date(2026, 1, 1))


async def test_a_wrong_regression_case_changes_no_other_figure() -> None:
    alone, both = (await judged(OWN)).metrics, (await judged(OWN, KEPT)).metrics
    apart = {name: value for name, value in both.items() if name.startswith("regression_")}
    assert apart.pop("regression_correct_ci95") is not None
    assert apart == {"regression_cases": 1, "regression_correct": 0, "regression_correct_n": 1}
    others = {name for name in both if not name.startswith(("regression_", "latency_"))}
    assert {name: both[name] for name in others} == {name: alone[name] for name in others}
    assert both["cases"] == both["correct"] == 1


async def test_a_right_one_does_not_raise_accuracy_either(tmp_path: Path) -> None:
    wrong = replace(OWN, must_contain=("7个工作日",))
    result = await judged(wrong, replace(KEPT, must_contain=("5个工作日",)))
    assert result.metrics["correct"] == 0
    assert result.metrics["regression_correct"] == 1
    write(tmp_path, "own", result, [])
    assert "regression_correct" in (tmp_path / "report.html").read_text(encoding="utf-8")


async def test_regression_cases_alone_have_no_accuracy() -> None:
    metrics = (await judged(KEPT)).metrics
    assert metrics["cases"] == 0
    assert "correct" not in metrics


async def test_a_comparison_keeps_them_apart_too() -> None:
    first = outcomes_of((await judged(OWN, KEPT)).judged)
    second = outcomes_of((await judged(OWN, replace(KEPT, must_contain=()))).judged)
    rows = {row.measure: row for row in compare(first, second)}
    assert (rows["correct"].cases, rows["correct"].gained) == (1, 0)
    assert (rows["regression_correct"].cases, rows["regression_correct"].gained) == (1, 1)
