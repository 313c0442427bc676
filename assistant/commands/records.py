"""`assistant records`: retention, and the personal data of one viewer."""

import asyncio
import getpass
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from assistant.bootstrap import (
    Library,
    Settings,
    open_library,
    people_of,
    pseudonym_of,
    purging_of,
)
from assistant.errors import BadInput

T = TypeVar("T")

app = typer.Typer(
    help="Purge what is too old; a viewer's personal data.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KINDS = {
    "comments": "评论",
    "cues": "播出",
    "review_cases": "复核件",
    "live_questions": "问题",
    "questions": "答复草稿与裁决",
    "review_resolutions": "复核意见的文字",
    "alerts": "提醒",
    "events": "事件",
    "account_sessions": "登录",
    "login_attempts": "登录失败",
    "journal_files": "评论日志文件",
    "audio_sessions": "播出声音（场次）",
    "replies": "回复",
    "cases": "复核件",
    "audit": "审计记录的内容",
    "addresses": "加密的回复地址",
}


@app.command("purge")
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete content and logs that are older than the settings allow."""

    async def work(library: Library) -> dict[str, int]:
        purging = purging_of(library)
        return await (purging.count() if dry_run else purging.purge(_actor()))

    gone = _with(work)
    if as_json:
        typer.echo(json.dumps(gone))
        return
    _tell("将删除" if dry_run else "已删除", gone)
    if dry_run:
        typer.echo("只统计，没有删除；问题等在评论之后删除，实际会更多")


@app.command("pseudonym")
def pseudonym(
    platform: Annotated[str, typer.Option(help="Platform, as the ledger names it: bilibili …")],
    user: Annotated[str, typer.Option(help="The viewer's id on that platform.")],
) -> None:
    """Print the name under which the records know a viewer."""
    typer.echo(pseudonym_of(Settings(), platform, user))


@app.command("person")
def person(
    name: Annotated[str, typer.Argument(metavar="PSEUDONYM", help="Of `records pseudonym`.")],
    export: Annotated[
        Path | None, typer.Option(help="Write everything of this viewer to a new JSON file.")
    ] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Blank their words and names.")] = False,
) -> None:
    """Hand out, or erase, what is stored of a viewer."""
    if (export is None) == (not erase):
        raise BadInput("请给出 --export 文件 或 --erase 之一")
    if export is not None:
        _write(export, json.dumps(_with(lambda it: people_of(it).export(name, _actor()))))
        typer.echo(f"已写入 {export}，内含个人信息，请妥善保管")
        return
    _tell("已删除", _with(lambda it: people_of(it).erase(name, _actor())))
    typer.echo("已有的备份不在此列：请按备份的保存期限处理")


def _write(path: Path, text: str) -> None:
    """Only its owner reads it. Raises BadInput where there is such a file already."""
    try:
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise BadInput(f"不能写入 {path}：{error.strerror}") from error
    with os.fdopen(made, "w", encoding="utf-8") as file:
        json.dump(json.loads(text), file, ensure_ascii=False, indent=1)


def _tell(done: str, counts: dict[str, int]) -> None:
    parts = [f"{KINDS.get(name, name)} {count}" for name, count in counts.items() if count]
    typer.echo(f"{done}：{'，'.join(parts) or '没有'}")


def _with(work: Callable[[Library], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_library(Settings()) as library:
            return await work(library)

    return asyncio.run(run())


def _actor() -> str:
    """Who works at this terminal, as the audit chain names them."""
    return f"terminal:{getpass.getuser()}"
