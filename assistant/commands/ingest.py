"""`assistant ingest`: add files to the knowledge base, and say what became of each."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import Settings, open_assistant, open_library
from assistant.errors import IndexLocked
from assistant.retrieval.ingest import IngestReport, IngestRow, Progress

_QUIET_SECONDS = 2.0
_WORDS = {
    "created": "新增",
    "changed": "更新",
    "unchanged": "未变",
    "skipped": "跳过",
    "failed": "失败",
    "vanished": "已消失",
    "retired": "已停用",
}


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="TOML or JSON file: which column is which key (xlsx, csv)."),
    ] = None,
    retire_missing: Annotated[
        bool, typer.Option("--retire-missing", help="Take out of use what vanished from PATHS.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Add files to the knowledge base; exit status 1 only if nothing at all could be read."""
    report = asyncio.run(_ingest(paths, mapping, retire_missing))
    typer.echo(_utf8(_as_json(report) if as_json else "\n".join(_lines(report))))
    if report.read_nothing:
        raise typer.Exit(1)


async def _ingest(paths: list[Path], mapping: Path | None, retire_missing: bool) -> IngestReport:
    """First the records; then the index, unless another process holds it and follows them."""
    settings = Settings()
    async with open_library(settings) as library:
        with _bar() as progress:
            report = await library.ingest(
                paths, mapping=mapping, retire_missing=retire_missing, progress=progress
            )
    await _follow(settings)
    return report


async def _follow(settings: Settings) -> None:
    """Bring the index up to date; what stands in the way of that loses nothing that was read."""
    try:
        async with open_assistant(settings, renew=True, announce=_announced):
            pass  # opening does it
    except IndexLocked:
        pass  # the holder follows the records


def _announced(text: str) -> None:
    typer.echo(text, err=True)


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on standard error, shown once the run has lasted two seconds."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("导入"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Bar(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
    task = bar.add_task("导入", total=None)
    began = time.monotonic()

    def progress(done: int, total: int) -> None:
        if time.monotonic() - began > _QUIET_SECONDS and not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield progress
    finally:
        bar.stop()


def _lines(report: IngestReport) -> Iterator[str]:
    """A line for each file that needs attention, then the counts."""
    for row in report.rows:
        if row.status not in {"created", "changed", "unchanged"}:
            yield _line(row)
        for warning in row.warnings:
            yield f"  注意　{row.path}：{warning}"
    counts = "，".join(f"{_WORDS.get(name, name)} {n}" for name, n in report.counts.items())
    yield f"导入完成：{counts or '没有文件'}"


def _line(row: IngestRow) -> str:
    ids = f"（{'、'.join(row.source_ids[:5])}{' 等' if len(row.source_ids) > 5 else ''}）"
    return f"  {_WORDS[row.status]}　{row.path}{ids if row.source_ids else ''}：{row.message}"


def _as_json(report: IngestReport) -> str:
    rows = [asdict(row) for row in report.rows]
    return json.dumps({"counts": report.counts, "rows": rows}, ensure_ascii=False)


def _utf8(text: str) -> str:
    """Text that can be printed: the bytes of a file name that is no UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
