import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import cli
from assistant.commands import eval as command
from assistant.domain.answer import Citation
from tests.evaluation.fake_desk import LIMITS, FakeDesk, said

pytestmark = pytest.mark.unit

CITED = Citation("g1", "办结时限", LIMITS)
CASE = {
    "id": "a",
    "question": "居住证几天能好",
    "expected_action": "answer",
    "reference_ids": ["g1"],
    "must_contain": ["5个工作日"],
}


class Place:
    """A folder with one case, a corpus, gates, and a desk that gives one fixed reply."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("own.jsonl", CASE)
        self.write("corpus.jsonl", {})
        self.out = folder / "out"
        self.settings: list[command.Settings] = []
        self.desk = FakeDesk(lambda question: said(question, "承诺办结时限：5个工作日", CITED))

    def write(self, name: str, *rows: object) -> Path:
        path = self.folder / name
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def arguments(self, *more: object) -> list[str]:
        words = ["run", self.folder / "own.jsonl", "--corpus", self.folder / "corpus.jsonl"]
        return [str(word) for word in (*words, "--out", self.out, *more)]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(tmp_path)

    @asynccontextmanager
    async def open_fake(settings: command.Settings) -> AsyncIterator[FakeDesk]:
        made.settings.append(settings)
        yield made.desk

    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://production/live")
    monkeypatch.setenv("ASSISTANT_REGION", "990181")
    monkeypatch.setattr(command, "open_assistant", open_fake)
    return made


def _run(arguments: list[str]) -> tuple[int, str]:
    result = CliRunner().invoke(command.app, arguments)
    return result.exit_code, result.output


def test_a_whole_run_ends_with_0_and_leaves_three_files(place: Place) -> None:
    gates = place.write("gates.toml", "[own]\ncorrect = { min = 1 }")
    assert _run(place.arguments("--gates", gates))[0] == 0
    for name in ("cases.jsonl", "metrics.json", "report.html"):
        assert (place.out / name).stat().st_size > 0


def test_a_gate_that_fails_ends_with_100_and_the_files_are_there(place: Place) -> None:
    gates = place.write("gates.toml", "[own]\nrisk = { min = 0.5 }")
    status, output = _run(place.arguments("--gates", gates))
    assert status == 100
    assert "未达到" in output
    assert json.loads((place.out / "metrics.json").read_text(encoding="utf-8"))["correct"] == 1


@pytest.mark.parametrize("name", ["own.jsonl", "gates.toml"])
def test_what_cannot_be_read_ends_with_1_and_one_line(
    place: Place,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gates = place.write("gates.toml", "[own]\ncorrect = { min = 1 }")
    place.write(name, '{"id": "a", "wrong": 1}')
    arguments = ["assistant", "eval", *place.arguments("--gates", gates)]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 1
    assert name in capsys.readouterr().err


def test_a_corpus_that_is_not_there_is_an_error(place: Place) -> None:
    (place.folder / "corpus.jsonl").unlink()
    assert _run(place.arguments())[0] == 1
    assert not place.out.exists()


def test_the_corpus_may_be_given_once_or_often(place: Place) -> None:
    place.write("more.jsonl", {})
    paths = [str(place.folder / name) for name in ("corpus.jsonl", "more.jsonl")]
    cases = str(place.folder / "own.jsonl")
    assert _run(["run", cases, "--corpus", *paths, "--out", str(place.out)])[0] == 0
    assert place.desk.read == [Path(path) for path in paths]


def test_the_operators_database_and_region_are_never_used(place: Place) -> None:
    _run(place.arguments())
    settings = place.settings[0]
    assert settings.database_url is settings.region is settings.chroma_url is None
    assert "assistant-eval-" in str(settings.data_dir)


def test_the_metrics_can_be_had_as_json(place: Place) -> None:
    status, output = _run(place.arguments("--json"))
    assert status == 0
    assert json.loads(output[output.index("{") :])["answer_correct"] == 1


def test_two_runs_are_compared(place: Place) -> None:
    _run(place.arguments())
    status, output = _run(["compare", str(place.out), str(place.out), "--json"])
    assert status == 0
    assert {row["p"] for row in json.loads(output)} == {1.0}


@pytest.mark.parametrize("what", ["case", "result"])
def test_the_schemas_are_printed(what: str) -> None:
    status, output = _run(["schema", what])
    assert status == 0
    assert json.loads(output)["type"] == "object"


def test_an_offices_calibration_goes_with_the_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def open_fake(settings: command.Settings) -> AsyncIterator[FakeDesk]:
        seen.append((settings.data_dir / "calibration.json").read_text())
        yield place.desk

    monkeypatch.setattr(command, "open_assistant", open_fake)
    own = place.write("own-calibration.json", {"made": "today"})
    assert _run(place.arguments("--calibration", own))[0] == 0
    assert seen == ['{"made": "today"}']
