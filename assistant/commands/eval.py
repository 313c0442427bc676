"""`assistant eval`: run a test set, compare two runs, print the formats."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from assistant.answering.calibration import FILE as CALIBRATION
from assistant.bootstrap import Settings, open_assistant
from assistant.commands.eval_calibrate import calibrate_command
from assistant.commands.eval_export import export_command
from assistant.commands.eval_labels import labels_command
from assistant.errors import BadInput
from assistant.evaluation.cases import Case, case_schema, read_cases
from assistant.evaluation.comparison import Difference, as_rows, compare, read_outcomes
from assistant.evaluation.confidence import Metrics
from assistant.evaluation.desk import Desk
from assistant.evaluation.exports import FILES, export
from assistant.evaluation.gates import GateResult, check_gates, failed, read_gates
from assistant.evaluation.output import write
from assistant.evaluation.results import result_schema
from assistant.evaluation.running import Progress, Run, run

GATE_FAILED = 100
"""Exit status where the run is whole but a gate does not hold (FORMATS §4)."""

app = typer.Typer(help="Measure answers on test sets.", no_args_is_help=True)


@app.command("run")
def run_command(  # noqa: PLR0913, PLR0917 - one argument for each option of the command
    cases: Annotated[Path, typer.Argument(help="Case file, or folder of case files (*.jsonl).")],
    corpus: Annotated[list[Path], typer.Option(help="File or folder to answer from; repeatable.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    more: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    gates: Annotated[Path | None, typer.Option(help="Gates (TOML).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first cases.")] = None,
    regions: Annotated[Path | None, typer.Option(help="More rows of the region table.")] = None,
    gazetteer: Annotated[Path | None, typer.Option(help="More rows of the gazetteer.")] = None,
    calibration: Annotated[
        Path | None, typer.Option(help="Calibration of an office (calibration.json).")
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of cases without one; default: today."),
    ] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--export", help="Also write ragas, trec or junit.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the metrics as JSON.")] = False,
) -> None:
    """Answer every case from a throw-away knowledge base and judge the replies.

    Paths that follow one --corpus without another --corpus count as corpus too.
    """
    corpus = [*corpus, *(more or ())]
    chosen = read_cases(cases)[:limit]
    check_corpus(corpus)
    check_formats(formats or ())
    bounds = read_gates(gates) if gates else None
    extra = {"regions.csv": regions, "gazetteer.jsonl": gazetteer, CALIBRATION: calibration}
    result = asyncio.run(_run(chosen, corpus, extra, today.date() if today else china_day()))
    held = check_gates(bounds, cases.stem, result.metrics) if bounds else []
    write(out, cases.stem, result, held)
    export(out, result.judged, formats or ())
    _print(result, held, out, as_json=as_json)
    if failed(held):
        raise typer.Exit(GATE_FAILED)


@app.command("compare")
def compare_command(
    first: Annotated[Path, typer.Argument(help="Folder of a run.")],
    second: Annotated[Path, typer.Argument(help="Folder of another run of the same cases.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what the second run does better or worse, with paired significance."""
    differences = compare(read_outcomes(first), read_outcomes(second))
    if as_json:
        typer.echo(json.dumps(as_rows(differences), ensure_ascii=False, indent=1))
    else:
        _print_differences(differences)


app.command("calibrate")(calibrate_command)
app.command("export")(export_command)
app.command("labels")(labels_command)


@app.command("schema")
def schema_command(
    what: Annotated[str, typer.Argument(help="case or result", metavar="case|result")] = "case",
) -> None:
    """Print the JSON Schema of a test case or of a line of cases.jsonl."""
    schemas = {"case": case_schema, "result": result_schema}
    if what not in schemas:
        raise typer.BadParameter(f"{what!r} is neither case nor result")
    typer.echo(json.dumps(schemas[what](), ensure_ascii=False, indent=1))


def china_day() -> date:
    """Today in China, where the viewers are."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def check_corpus(corpus: Sequence[Path]) -> None:
    """Raises BadInput where a path of the corpus is missing."""
    for path in corpus:
        if not path.exists():
            raise BadInput(f"没有这个文件或文件夹：{path}")


def check_formats(formats: Sequence[str]) -> None:
    """Raises BadParameter for a format that is not known."""
    unknown = [name for name in formats if name not in FILES]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(FILES)}")


def answered(cases: Sequence[Case], corpus: Sequence[Path]) -> Run:
    """Ask cases over a corpus, as `eval run` does, and judge the replies."""
    check_corpus(corpus)
    return asyncio.run(_run(cases, corpus, {}, china_day()))


async def _run(
    cases: Sequence[Case], corpus: Sequence[Path], extra: Mapping[str, Path | None], today: date
) -> Run:
    @asynccontextmanager
    async def open_desk(folder: Path) -> AsyncIterator[Desk]:
        for name, path in extra.items():
            if path is not None:
                (folder / name).write_bytes(path.read_bytes())
        async with open_assistant(throw_away(folder)) as assistant:
            yield assistant

    with progress_bar() as progress:
        return await run(cases, corpus, open_desk, today=today, progress=progress)


def throw_away(folder: Path) -> Settings:
    """The operator's settings with all state in a folder: no server's data is ever touched."""
    return Settings(data_dir=folder, database_url=None, chroma_url=None, region=None)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error: the corpus has no known end, the cases have."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("读入语料", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, description="逐题作答", completed=done, total=total)

        yield progress


_HEADLINES = """
    cases action_accuracy correct answer_correct clarify_correct review_correct refuse_correct
    citation_correct hit_at_1 hit_at_5 mrr reference_in_spoken reference_in_answer
    spoken_within_limit wrong_answer_rate wrong_item_rate unsafe_answer_rate false_refusal_rate
    risk answered auroc auroc_answerable aurc brier ece
    coverage_at_risk_1pct coverage_at_risk_2pct coverage_at_risk_5pct
    unsupported_facts quotes_not_verbatim quotes_unfounded mislabelled_facts
    regression_cases regression_correct latency_p50_ms latency_p95_ms
"""


def _print(result: Run, held: Sequence[GateResult], out: Path, *, as_json: bool) -> None:
    for line in result.unread:
        typer.echo(f"未读入：{line}", err=True)
    if as_json:
        typer.echo(json.dumps(result.metrics, ensure_ascii=False, indent=1))
        return
    _print_metrics(result.metrics)
    for gate in held:
        seen = "没有这个指标" if gate.value is None else f"{gate.value:g}"
        typer.echo(f"{'达到' if gate.holds else '未达到'}  {gate.metric} {gate.wanted}：{seen}")
    typer.echo(f"报告：{out / 'report.html'}")


def _print_metrics(metrics: Metrics) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("指标", "值", "95% 区间", "题数")
    for name in _HEADLINES.split():
        if name in metrics:
            table.add_row(name, *_cells(metrics, name))
    Console().print(table)


def _cells(metrics: Metrics, name: str) -> tuple[str, str, str]:
    interval, count = metrics.get(f"{name}_ci95"), metrics.get(f"{name}_n")
    ends = f"{interval[0]:.3f} – {interval[1]:.3f}" if isinstance(interval, list) else ""
    return f"{metrics[name]:g}", ends, f"{count:g}" if isinstance(count, int | float) else ""


def _print_differences(differences: Sequence[Difference]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("指标", "题数", "前", "后", "差（95% 区间）", "得/失", "p")
    for d in differences:
        change = f"{d.difference:+.3f}（{d.low:+.3f} – {d.high:+.3f}）"
        counts = f"{d.gained}/{d.lost}"
        row = (d.measure, f"{d.cases}", f"{d.first:.3f}", f"{d.second:.3f}")
        table.add_row(*row, change, counts, f"{d.p:.4f}")
    Console().print(table)
