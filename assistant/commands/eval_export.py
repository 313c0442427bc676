"""`assistant eval export`: the regression cases of the desk as a test set (FORMATS §4)."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import Settings, open_library, regression_records
from assistant.errors import NotFound


def export_command(
    out: Annotated[Path, typer.Option(help="File to write (.jsonl).")],
) -> None:
    """Write the test cases that came from approved answers and corrections.

    They are masked and tagged `regression`; `eval run` reports them apart from all other figures.
    """
    lines = asyncio.run(_lines(Settings()))
    if not lines:
        raise NotFound("还没有由复核得来的回归题")
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    typer.echo(f"已写入 {len(lines)} 道回归题：{out}")


async def _lines(settings: Settings) -> list[str]:
    lines: list[str] = []
    async with open_library(settings) as library:
        records, after = regression_records(library), ""
        while page := await records.lines(after):
            lines += (line for _, line in page)
            after = page[-1][0]
    return lines
