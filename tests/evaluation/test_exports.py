import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from assistant.domain.answer import Citation
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case
from assistant.evaluation.exports import FILES, export
from assistant.evaluation.report import render, worst
from assistant.evaluation.running import Run, run
from tests.evaluation.fake_desk import LIMITS, FakeDesk, said

pytestmark = pytest.mark.unit

CITED = Citation("g1", "办结时限", LIMITS)
CASES = (
    Case("a", "居住证几天能好", Action.ANSWER, "5个工作日", ("g1",), ("5个工作日",)),
    Case("b", "居住证\x0b收费吗", Action.ANSWER, None, ("g2", "g 3"), ("免费",)),
    Case("c", "月球上能办吗", Action.REVIEW),
)


def _answers(question: Question) -> Outcome:
    if "月球" in question.text:
        return said(question, "", action=Action.REVIEW, confidence=0.1)
    sure = 0.95 if "收费" in question.text else 0.9
    return said(question, "承诺办结时限：5个工作日", CITED, confidence=sure)


@pytest.fixture
async def done() -> Run:
    desk = FakeDesk(_answers)
    return await run(CASES, [Path("corpus")], desk.opened, today=date(2026, 1, 1))


async def test_a_run_in_the_formats_of_other_tools(done: Run, tmp_path: Path) -> None:
    made = export(tmp_path, done.judged, FILES)
    assert [path.name for path in made] == ["ragas.jsonl", "qrels.txt", "run.txt", "junit.xml"]
    samples = [json.loads(line) for line in (tmp_path / "ragas.jsonl").read_text().splitlines()]
    assert samples[0]["retrieved_contexts"] == [LIMITS]
    assert samples[0]["reference"] == "5个工作日"
    assert (tmp_path / "qrels.txt").read_text().splitlines() == [
        "a 0 g1 1",
        "b 0 g2 1",
        "b 0 g_3 1",
    ]
    assert (tmp_path / "run.txt").read_text().startswith("a Q0 g1 1 1.000000 assistant\n")
    suite = Xml.fromstring((tmp_path / "junit.xml").read_text())
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("3", "1")
    assert "要点不符" in (suite.find("testcase[@name='b']/failure").attrib["message"])


async def test_what_was_said_and_wrong_leads_the_page(done: Run) -> None:
    assert [one.case.id for one in worst(done.judged)] == ["b"]
    page = render("own", done, [])
    assert "最有把握的错误" in page
    assert page.count("<circle") == 2  # one bin at .1, one at .9 and above
    metrics = done.metrics
    assert metrics["unsafe_answer_rate"] == pytest.approx(1 / 3, abs=1e-5)
    assert metrics["false_refusal_rate"] == 0
    assert metrics["auroc_answerable"] == 1
    low, high = metrics["aurc_ci95"]
    assert low <= metrics["aurc"] <= high
