import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from assistant.domain.answer import Citation
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from assistant.errors import BadInput, FormatError
from assistant.evaluation.cases import Case
from assistant.evaluation.comparison import compare, outcomes_of, read_outcomes
from assistant.evaluation.gates import GateFile, check_gates, failed, read_gates
from assistant.evaluation.output import write
from assistant.evaluation.results import read_results, result_schema
from assistant.evaluation.running import Run, run
from tests.evaluation.fake_desk import LIMITS, FakeDesk, said

pytestmark = pytest.mark.unit

KEYS = ["id", "action", "answer", "spoken", "citations", "ranked_ids", "confidence"]
KEYS += ["reasons", "latency_ms"]
TODAY = date(2026, 1, 1)
CITED = Citation("g1", "办结时限", LIMITS)
CASES = (
    Case(
        "a",
        "居住证几天能好",
        Action.ANSWER,
        reference_ids=("g1",),
        must_contain=("5个工作日",),
        field="promised_limit",
        tags=("own", "two in one"),
    ),
    Case("b", "<b>护照</b>去哪办", Action.REVIEW, tags=("own",)),
    Case("c", "居住证？", Action.CLARIFY, region="990100", history=("居住证几天能好",)),
)


def _good(question: Question) -> Outcome:
    if "护照" in question.text:
        return said(question, "", action=Action.REVIEW, confidence=0.1)
    if question.history:
        options = ("居住证办理", "居住证签注")
        return said(question, "办理还是签注？", CITED, action=Action.CLARIFY, options=options)
    return said(question, "承诺办结时限：5个工作日", CITED)


def _bad(question: Question) -> Outcome:
    return said(question, "承诺办结时限：6个工作日", CITED, confidence=0.4)


async def _run(desk: FakeDesk, cases: Sequence[Case] = CASES) -> Run:
    return await run(cases, [Path("corpus")], desk.opened, today=TODAY)


async def test_every_case_is_asked_as_written_in_a_folder_that_is_gone_afterwards() -> None:
    desk = FakeDesk(_good)
    result = await _run(desk)
    assert [q.text for q in desk.asked] == [case.question for case in CASES]
    assert desk.asked[2].history == ("居住证几天能好",)
    assert desk.asked[2].region == "990100"
    assert {q.as_of for q in desk.asked} == {TODAY}
    assert desk.folder is not None
    assert not desk.folder.exists()
    assert result.metrics["correct"] == 1


async def test_metrics_are_numbers_with_an_interval_for_each_rate() -> None:
    metrics = (await _run(FakeDesk(_good))).metrics
    assert metrics["correct__tag_own"] == 1
    assert metrics["answer_correct__tag_two_in_one_n"] == 1
    assert metrics["answer_correct__field_promised_limit"] == 1
    assert metrics["recall_review"] == metrics["precision_clarify"] == 1
    assert "recall_refuse" not in metrics
    for name, value in metrics.items():
        if name.endswith("_ci95"):
            low, high = value
            assert low <= metrics[name.removesuffix("_ci95")] <= high
        else:
            assert isinstance(value, int | float)


async def test_two_runs_give_the_same_but_for_latency() -> None:
    first, second = [(await _run(FakeDesk(_bad))).metrics for _ in range(2)]
    steady = [name for name in first if not name.startswith("latency_")]
    assert {n: first[n] for n in steady} == {n: second[n] for n in steady}


async def test_files_that_were_not_read_are_named_and_none_read_is_an_error() -> None:
    desk = FakeDesk(_good)
    corpus = [Path("good.jsonl"), Path("broken.jsonl")]
    result = await run(CASES, corpus, desk.opened, today=TODAY)
    assert result.unread == ("broken.jsonl：坏了",)
    with pytest.raises(BadInput):
        await run(CASES, corpus[1:], desk.opened, today=TODAY)


async def test_the_files_of_a_run(tmp_path: Path) -> None:
    result = await _run(FakeDesk(_bad))
    write(tmp_path / "out", "own", result, [])
    lines = read_results(tmp_path / "out" / "cases.jsonl")
    assert [line.id for line in lines] == ["a", "b", "c"]
    text = (tmp_path / "out" / "cases.jsonl").read_text(encoding="utf-8")
    assert list(json.loads(text.splitlines()[0])) == KEYS
    for line in text.splitlines():
        jsonschema.validate(json.loads(line), result_schema())
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics == result.metrics


async def test_the_report_shows_failures_and_loads_nothing(tmp_path: Path) -> None:
    gates = _gates(tmp_path, "[own]\ncorrect = { min = 0.9 }\n")
    result = await _run(FakeDesk(_bad))
    write(tmp_path, "own", result, check_gates(gates, "own", result.metrics))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;护照&lt;/b&gt;去哪办" in page
    assert "6个工作日" in page
    assert "未达到" in page
    assert not [
        word for word in ("http://", "https://", "<link", " src=", "@import") if word in page
    ]


async def test_a_comparison_counts_what_was_gained_and_lost(tmp_path: Path) -> None:
    good, bad = await _run(FakeDesk(_good)), await _run(FakeDesk(_bad))
    write(tmp_path / "good", "own", good, [])
    write(tmp_path / "bad", "own", bad, [])
    rows = compare(read_outcomes(tmp_path / "bad"), read_outcomes(tmp_path / "good"))
    correct = next(row for row in rows if row.measure == "correct")
    assert (correct.gained, correct.lost, correct.difference) == (3, 0, 1.0)
    assert correct.p == 0.25
    assert compare(outcomes_of(good.judged), outcomes_of(good.judged))[0].p == 1


async def test_runs_of_other_cases_cannot_be_compared(tmp_path: Path) -> None:
    one = outcomes_of((await _run(FakeDesk(_good), CASES[:1])).judged)
    other = outcomes_of((await _run(FakeDesk(_good), CASES[1:])).judged)
    with pytest.raises(BadInput):
        compare(one, other)
    with pytest.raises(FormatError):
        read_outcomes(tmp_path)


def _gates(folder: Path, text: str) -> GateFile:
    path = folder / "gates.toml"
    path.write_text(text, encoding="utf-8")
    return read_gates(path)


def test_a_gate_holds_at_its_bound_and_a_set_overrides_the_default(tmp_path: Path) -> None:
    gates = _gates(
        tmp_path, "[default]\na = { max = 0 }\n[own]\na = { max = 2 }\nb = { min = 1 }\n"
    )
    held = check_gates(gates, "own", {"a": 2, "b": 1.0})
    assert not failed(held)
    assert [gate.metric for gate in failed(check_gates(gates, "other", {"a": 1}))] == ["a"]


def test_a_gate_on_a_metric_that_is_missing_fails(tmp_path: Path) -> None:
    gates = _gates(tmp_path, "[own]\nanswer_corect = { min = 0 }\n")
    assert failed(check_gates(gates, "own", {"answer_correct": 1}))


@pytest.mark.parametrize("text", ["[own]\na = {}\n", "[own]\na = { mim = 1 }\n", "[own", "a = 1\n"])
def test_a_broken_gate_file_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError):
        _gates(tmp_path, text)


def test_the_gates_of_the_repository_are_well_formed() -> None:
    gates = read_gates(Path(__file__).parents[2] / "eval" / "gates.toml")
    assert "default" in gates.root
