"""`assistant index`: rebuild, state, and the hit test (the same search and scores as an answer)."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.bootstrap import Settings, open_assistant
from assistant.domain.evidence import Hit, Ranking
from assistant.domain.question import Scope
from assistant.errors import BadInput, IndexLocked, Unavailable
from assistant.retrieval.index_lock import holder
from assistant.web.services import today

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

app = typer.Typer(
    help="Rebuild the index, show its state, test what it finds.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


@app.command()
def rebuild(as_json: AsJson = False) -> None:
    """Build the index anew from the records; the old one answers until the new one is whole."""
    count = asyncio.run(_rebuilt())
    typer.echo(json.dumps({"sources": count}) if as_json else f"索引已重建：{count} 份资料")


async def _rebuilt() -> int:
    from rich.progress import Progress

    async with open_assistant(Settings(), renew=True) as assistant:
        total = len(assistant.index.headers)
        if assistant.index.renewed:
            return total
        with Progress(transient=True) as progress:
            bar = progress.add_task("重建索引", total=total)
            return await assistant.index.rebuild(_advance(progress, bar))


def _advance(progress: "Progress", bar: "TaskID") -> Callable[[int], None]:
    return lambda done: progress.update(bar, completed=done)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what the index holds and whether changes wait."""
    found = asyncio.run(_status())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        typer.echo(f"{_NAMES[name]}：{value}")


_NAMES = {
    "model": "向量模型",
    "sources": "资料",
    "passages": "段落",
    "segments": "分段文件",
    "replaced": "已被替换的段落",
    "generation": "更新次数",
    "applied": "已应用的变更",
    "pending": "待应用的变更",
    "lexicon": "俗称词表",
}


async def _status() -> dict[str, str | int]:
    """The state, from the index or from the server that holds it."""
    settings = Settings()
    try:
        async with open_assistant(settings) as assistant:
            return (await assistant.index.status()).as_dict()
    except IndexLocked:
        held = holder(settings.data_dir / "index")
        if held is None or held.url is None:
            raise
        return _status_of(held.url)


def _status_of(url: str) -> dict[str, str | int]:
    import httpx

    try:
        reply = httpx.get(f"{url}/health", trust_env=False, timeout=10)
    except httpx.HTTPError as error:
        raise Unavailable(f"服务 {url} 没有答复", hint=type(error).__name__) from error
    found: dict[str, str | int] = reply.json()["index"]
    return found


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="The text, as a viewer would type it.")],
    as_json: AsJson = False,
    region: Annotated[str | None, typer.Option(help="Region code of the viewer.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Day, YYYY-MM-DD; today if not given.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only sources with this tag.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Most passages to show.")] = 10,
) -> None:
    """Show what an answer to this text would rest on, with the scores."""
    ranking = asyncio.run(_search(text, _day(as_of), region, frozenset(tag or ()), limit))
    if as_json:
        typer.echo(json.dumps({"hits": [_row(h) for h in ranking.hits]}, ensure_ascii=False))
    else:
        _show(ranking)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"日期 {text} 无法识别", hint="应为 2025-05-10 这样的形式") from error


async def _search(
    text: str, day: date | None, region: str | None, tags: frozenset[str], limit: int
) -> Ranking:
    settings = Settings()
    async with open_assistant(settings) as assistant:
        scope = Scope(day or today(assistant.clock), region or settings.region, tags)
        return await assistant.search(text, scope, limit)


def _row(hit: Hit) -> dict[str, object]:
    return {
        "source_id": hit.source.id,
        "title": hit.source.title,
        "locator": hit.passage.locator,
        "field": hit.passage.field,
        "scores": {name: round(value, 4) for name, value in asdict(hit.scores).items()},
        "text": hit.passage.text,
    }


def _show(ranking: Ranking) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("总分", "词语", "全文", "语义", "覆盖", "资料", "位置", "内容")
    for hit in ranking.hits:
        s = hit.scores
        numbers = (s.total, s.lexical, s.document, s.dense, s.coverage)
        words = (hit.source.title[:24], hit.passage.locator[:16], hit.passage.text[:60])
        table.add_row(*(f"{number:.2f}" for number in numbers), *words)
    Console().print(table if ranking.hits else "没有找到")


@app.command("export-embedding")
def export_embedding(
    folder: Annotated[Path, typer.Argument(help="Folder to write the model into.")],
) -> None:
    """Write the built-in embedding as a sentence-transformers model folder."""
    from assistant.models.export import export_embedding as write

    write(folder)
    typer.echo(f"内置向量模型已导出：{folder}")
