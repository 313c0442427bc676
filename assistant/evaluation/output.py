"""The files that a run leaves in its folder."""

import json
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation.comparison import OUTCOMES, outcomes_of
from assistant.evaluation.gates import GateResult
from assistant.evaluation.report import render
from assistant.evaluation.results import write_results
from assistant.evaluation.running import Run


def write(folder: Path, title: str, run: Run, gates: Sequence[GateResult]) -> None:
    """Write `cases.jsonl`, `metrics.json`, `report.html` and the judgements for comparisons."""
    folder.mkdir(parents=True, exist_ok=True)
    write_results(folder / "cases.jsonl", (one.result for one in run.judged))
    _write_json(folder / "metrics.json", run.metrics, indent=1)
    _write_json(folder / OUTCOMES, outcomes_of(run.judged))
    (folder / "report.html").write_text(render(title, run, gates), encoding="utf-8")


def _write_json(path: Path, value: object, indent: int | None = None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    path.write_text(text + "\n", encoding="utf-8")
