"""`assistant clips`: put a finished clip on the public shelf, take it off, list how all stand."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.bootstrap import Settings, clip_desk, clip_looks, clip_records, open_library
from assistant.domain.clips import ClipState

if TYPE_CHECKING:
    from assistant.domain.clips import ShelvedClip
    from assistant.studio.clips.looking import Looked

app = typer.Typer(
    help="Put a finished clip on the public shelf, take it off, list what is there.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
By = Annotated[str, typer.Option("--by", help="Login name of who decides.")]


@app.command("add")
def add(
    folder: Annotated[Path, typer.Argument(help="The clip's folder, as `draft --clips` made it.")],
    by: By,
) -> None:
    """Approve a clip: it is looked at again and then shown on /clips."""

    async def run() -> "ShelvedClip":
        from assistant.studio.clips.files import read_clip

        async with open_library(Settings()) as library:
            made = await asyncio.to_thread(read_clip, folder)
            account = await library.access.staff.named(by)
            return await (await clip_desk(library)).add(made, account)

    clip = asyncio.run(run())
    typer.echo(f"已上架：{clip.id}　{clip.card.clip.title}（{clip.card.seconds:.1f} 秒）")


@app.command("withdraw")
def withdraw(
    clip_id: Annotated[str, typer.Argument(help="Its id, as `clips list` shows it.")],
    why: Annotated[str, typer.Option("--why", help="The reason, for the audit chain.")],
    by: By,
) -> None:
    """Take a clip off the shelf, for good."""

    async def run() -> None:
        async with open_library(Settings()) as library:
            account = await library.access.staff.named(by)
            await (await clip_desk(library)).withdraw(clip_id, why, account)

    asyncio.run(run())
    typer.echo(f"已下架：{clip_id}")


@app.command("clear")
def clear(
    clip_id: Annotated[str, typer.Argument(help="Its id, as `clips list` shows it.")],
    why: Annotated[str, typer.Option("--why", help="What was found, for the audit chain.")],
    by: By,
) -> None:
    """Put a clip back that a withdrawn answer of the same basis holds off the shelf."""

    async def run() -> None:
        async with open_library(Settings()) as library:
            account = await library.access.staff.named(by)
            await (await clip_desk(library)).clear(clip_id, why, account)

    asyncio.run(run())
    typer.echo(f"已核对，重新上架：{clip_id}")


@app.command("list")
def listed(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Those taken off.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """List the approved clips and how each stands today, or those taken off."""

    async def run() -> "list[Looked]":
        state = ClipState.WITHDRAWN if withdrawn else ClipState.APPROVED
        async with open_library(Settings()) as library:
            return await clip_looks(library).of(await clip_records(library).listed(state))

    rows = [
        {
            "id": one.clip.id,
            "title": one.clip.card.clip.title,
            "seconds": one.clip.card.seconds,
            "standing": one.standing.value,
            "why": one.why,
        }
        for one in asyncio.run(run())
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['id']}　{row['title']}（{row['seconds']:.1f} 秒）{row['why']}")
