"""`assistant eval calibrate`: from labels to a calibration, and what each bound would cost."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.answering.calibration import Calibration, write_calibration
from assistant.answering.decide import default_policy
from assistant.answering.promise import Promise
from assistant.answering.standing import table
from assistant.bootstrap import (
    Settings,
    calibration_file,
    fingerprint_of,
    labels_of,
    open_library,
)
from assistant.errors import BadInput
from assistant.evaluation.calibrating import Labelled, calibrated, of_cases, of_reviews
from assistant.evaluation.cases import read_cases
from assistant.evaluation.running import Run

BOUNDS = (0.01, 0.02, 0.03, 0.05, 0.1)
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def calibrate_command(
    cases: Annotated[
        list[Path] | None, typer.Argument(help="Case files; default: the reviewers' decisions.")
    ] = None,
    corpus: Annotated[
        list[Path] | None, typer.Option(help="What the cases are asked over; repeatable.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Decisions as `eval labels` wrote them.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default: in the data folder, in use.")
    ] = None,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999)] = 0.95,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the table.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """Calibrate the verdict on labelled answers, and print what each error bound would cost."""
    settings = Settings()
    found = [*_cases(cases or (), corpus or ()), *_reviews(settings, labels, bool(cases))]
    if not found:
        raise BadInput("还没有可用来校准的标注", hint="复核台的裁定、抽查结果或测试题都可以")
    now = datetime.now(UTC)
    basis = f"{len(found)} 条标注"
    made = calibrated(
        found, default_policy(), fingerprint_of(settings), f"{now:%Y-%m-%d %H:%M}Z", basis
    )
    if not dry_run:
        write_calibration(out or calibration_file(settings), made)
    _print(made, confidence, as_json=as_json)


def _cases(cases: Sequence[Path], corpus: Sequence[Path]) -> Iterable[Labelled]:
    from assistant.commands.eval import answered

    if cases and not corpus:
        raise BadInput("测试题要有语料", hint="请加 --corpus")
    runs: list[Run] = [answered(read_cases(path), corpus) for path in cases]
    return [one for run in runs for one in of_cases(run.judged)]


def _reviews(settings: Settings, labels: Path | None, has_cases: bool) -> Iterable[Labelled]:
    if labels is not None:
        lines = [json.loads(line) for line in labels.read_text("utf-8").splitlines() if line]
    elif has_cases:
        lines = []
    else:
        lines = asyncio.run(_decided(settings))
    return of_reviews(lines, settings.spot_check)


async def _decided(settings: Settings) -> list[dict[str, object]]:
    async with open_library(settings) as library:
        return await labels_of(library).lines(_FIRST, library.clock())


def _print(made: Calibration, confidence: float, *, as_json: bool) -> None:
    rows = table(made, BOUNDS, confidence)
    if as_json:
        found = [{"kind": name, **asdict(promise)} for name, promise in rows]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table("答复", "误差上限", "门槛", "自动答复", "标注", "其中错", "实测上限")
    for name, promise in rows:
        shown.add_row(name, *_cells(promise))
    Console().print(shown)


def _cells(one: Promise) -> tuple[str, ...]:
    if one.threshold is None:
        return (f"{one.bound:.0%}", "标注不足", "全转人工", f"至少要{one.needed}", "", "")
    return (
        f"{one.bound:.0%}",
        f"{one.threshold:.4f}",
        f"{one.share:.1%}",
        f"{one.answered}",
        f"{one.wrong}",
        f"{one.upper:.2%}",
    )
