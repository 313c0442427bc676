"""`assistant eval calibrate`: from decisions or cases to a calibration and a table of bounds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.answering.calibration import read_calibration
from assistant.answering.decide import default_policy
from assistant.commands import eval as command
from assistant.domain.answer import Route, Support
from assistant.evaluation.calibrating import Labelled, calibrated, of_reviews, platt

pytestmark = pytest.mark.unit

BEST = {"said": 1.0, "named": 1.0, "clean": 1.0}


def line(source: str, label: bool, match: float = 1.0, route: str = "guide") -> dict[str, object]:
    support = {"match": match, "margin": match, "asked": 1.0, "coverage": match, "dense": 0.5}
    return {
        "outcome": "o",
        "source": source,
        "label": label,
        "kind": "confirm",
        "at": "2026-11-30T00:00:00+00:00",
        "route": route,
        "confidence": 0.9,
        "support": support | {"features": BEST},
    }


def test_chance_and_desk_weigh_by_what_they_stand_for() -> None:
    lines = [line("spot_check", True), line("desk", False), line("incident", False)]
    lines.append(line("desk", True, route="clarify"))
    found = list(of_reviews(lines, 0.03))
    assert [(one.stratum, round(one.weight)) for one in found] == [("spot_check", 33), ("desk", 1)]


def test_an_overconfident_probability_is_bent_down() -> None:
    slope, shift = platt([0.9] * 100 + [0.5] * 100, [True, False] * 100, [1.0] * 200)
    assert slope < 0.5
    assert platt([0.9] * 100, [True] * 99 + [False], [1.0] * 100) == (1.0, 0.0)
    assert shift < 0.5


def test_the_probability_of_a_label_is_made_anew_from_its_numbers() -> None:
    support = Support(1.0, 1.0, 1.0, 1.0, 1.0, BEST)
    rows = [Labelled(Route.GUIDE, support, True, given=0.1)] * 3
    made = calibrated(rows, default_policy(), {"ranker": "r"}, "now", "3 条标注")
    expected = default_policy().routes[Route.GUIDE].confidence(support)
    assert {one.score for one in made.kinds[Route.GUIDE].scored} == {expected}
    assert set(made.kinds[Route.GUIDE].spreads) == set(default_policy().routes[Route.GUIDE].weights)


def test_one_command_writes_the_calibration_and_prints_what_bounds_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    labels = tmp_path / "labels.jsonl"
    rows = [line("desk", True, 1.0 - i / 1000) for i in range(200)]
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ["calibrate", "--labels", str(labels), "--json"]
    done = CliRunner().invoke(command.app, words)
    assert done.exit_code == 0, done.output
    by_bound = {row["bound"]: row for row in json.loads(done.output)}
    assert by_bound[0.01]["threshold"] is None  # 299 are needed
    assert by_bound[0.02]["share"] == 1.0
    written = read_calibration(tmp_path / "data" / "calibration.json")
    assert written.basis == "200 条标注"
    assert written.fingerprint["chat_model"] == "none"
    shown = CliRunner().invoke(
        command.app, [*words[:-1], "--dry-run", "--out", str(tmp_path / "no")]
    )
    assert "标注不足│全转人工│至少要299" in "".join(shown.output.split())
    assert not (tmp_path / "no").exists()


def test_without_a_label_nothing_is_calibrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    (tmp_path / "none.jsonl").write_text("")
    words = ["eval", "calibrate", "--labels", str(tmp_path / "none.jsonl")]
    monkeypatch.setattr("sys.argv", ["assistant", *words])
    from assistant import cli

    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    assert not (tmp_path / "calibration.json").exists()
