"""`assistant eval labels`: what people decided at the review desk, for calibration."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import Settings, labels_of, open_library

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def labels_command(
    out: Annotated[Path, typer.Option(help="File to write, one JSON object a line.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day (UTC); default: all.")
    ] = None,
) -> None:
    """Write what reviewers decided about drafts and given answers: ids and numbers, no texts."""
    begin = since.replace(tzinfo=UTC) if since else _FIRST
    lines = asyncio.run(_lines(begin))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{len(lines)} labels → {out}")


async def _lines(since: datetime) -> list[dict[str, object]]:
    async with open_library(Settings()) as library:
        return await labels_of(library).lines(since, library.clock())
