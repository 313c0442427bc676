"""`assistant live morning`: the morning's report as Markdown, JSON or PDF."""

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.bootstrap import Settings, live_records, mornings_of, open_library
from assistant.errors import BadInput, NotFound

if TYPE_CHECKING:
    from assistant.insight.report import Morning


def morning_command(
    day: Annotated[
        str | None, typer.Option(help="Morning as YYYY-MM-DD; default: today's in China.")
    ] = None,
    room: Annotated[list[str] | None, typer.Option(help="Only this room; repeatable.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a file: .pdf, .md or .json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Report what the night brought: from the last close of work to that morning."""
    settings = Settings()
    report = asyncio.run(_report(settings, _day(day), room))
    if out is not None:
        _write(out, report, settings.aigc_producer)
    elif as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        from assistant.insight.words import markdown

        typer.echo(markdown(report), nl=False)


async def _report(settings: Settings, day: date | None, rooms: list[str] | None) -> "Morning":
    async with open_library(settings) as library:
        for one in rooms or ():
            if await live_records(library).room(one) is None:
                raise NotFound(f"没有直播间 {one}")
        return await mornings_of(library).report(day, rooms or None)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"不是日期：{text}", hint="例如 2026-03-02") from None


def _write(out: Path, report: "Morning", producer: str) -> None:
    from assistant.insight.paper import pdf_of
    from assistant.insight.words import markdown

    match out.suffix:
        case ".pdf":
            data = pdf_of(report, producer)
        case ".md":
            data = markdown(report).encode()
        case ".json":
            data = json.dumps(report.as_json(), ensure_ascii=False, indent=1).encode()
        case other:
            raise BadInput(f"不会写 {other or '没有扩展名的'} 文件", hint=".pdf .md .json")
    out.write_bytes(data)
    typer.echo(str(out))
