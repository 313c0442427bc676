"""`assistant voice`: say a text to a file, consent to the network voice, voice ahead, measure."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.access.accounts import Permission, may
from assistant.bootstrap import (
    Settings,
    ahead_of,
    open_assistant,
    open_library,
    open_voice,
    reading_of,
    screen_of,
    voice_consents,
)
from assistant.commands.voice_bench import bench
from assistant.errors import BadInput, Forbidden

if TYPE_CHECKING:
    from assistant.bootstrap.library import Library
    from assistant.records.voice_consents import VoiceConsent

KINDS = ("wav", "mp3")
app = typer.Typer(
    help="Say a text to a file; consent to the network voice; voice ahead of time.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
app.command("bench")(bench)
AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


@app.command("say")
def say(
    text: Annotated[str, typer.Argument(help="What is said.")],
    out: Annotated[Path, typer.Option("--out", help="The file: .wav or .mp3.")],
    region: Annotated[str | None, typer.Option(help="Region code, for place names.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say a text to one labelled file. It reaches no stage."""
    kind = out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise BadInput(f"不支持的文件类型：{out.suffix or '（无）'}", hint="请用 .wav 或 .mp3")
    told = asyncio.run(_said(Settings(), text, out, kind, region))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{out}：{told['seconds']} 秒，{told['engines']}")


async def _said(
    settings: Settings, text: str, out: Path, kind: str, region: str | None
) -> dict[str, object]:
    from assistant.voice.cache import write_whole
    from assistant.voice.exporting import exported
    from assistant.voice.sound import measure

    async with open_library(settings) as library:
        if reason := await (await screen_of(library))(text):
            raise BadInput(f"不能播出：{reason}")
        reading = await reading_of(settings)
        async with open_voice(library) as voicing:
            here = region or settings.region
            data, sound, engines = await exported(
                text,
                kind,
                lambda part, _=None: reading(part, here),
                voicing,
                place=settings.audible_label,
                producer=settings.aigc_producer,
            )
    await asyncio.to_thread(out.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(write_whole, out, data)
    told = await asyncio.to_thread(measure, sound)
    return {
        "file": str(out),
        "seconds": round(told.seconds, 2),
        "engines": "、".join(engines),
        "silence": round(told.silence, 3),
        "loudness_dbfs": round(told.loudness, 1),
        "peak": round(told.peak, 3),
    }


@app.command("consent")
def consent(
    by: Annotated[str, typer.Option("--by", help="Login name of an administrator.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
) -> None:
    """Allow text to be sent to the network voice, or take that back; without --by, show it."""

    async def run() -> "VoiceConsent | None":
        async with open_library(Settings()) as library:
            consents = voice_consents(library)
            if not by:
                return await consents.current()
            return await consents.record(given=not withdraw, actor=await _boss(library, by))

    said = asyncio.run(run())
    state = "已授权" if said and said.given else "未授权"
    typer.echo(f"网络语音：{state}" + (f"（{said.at:%Y-%m-%d %H:%M} UTC）" if said else ""))


async def _boss(library: "Library", name: str) -> str:
    """The id of an administrator. Raises NotFound, Forbidden."""
    account = await library.access.staff.named(name)
    if not may(account, Permission.MANAGE_ACCOUNTS):
        raise Forbidden(f"{name} 不是管理员，不能授权")
    return account.id


@app.command("ahead")
def ahead(
    limit: Annotated[int, typer.Option(min=1, help="Sentences at most.")] = 2000,
) -> None:
    """Voice what is asked most, and the FAQs, into the cache (the service does so by itself)."""

    async def run() -> None:
        settings = Settings()
        async with open_assistant(settings) as assistant, open_voice(assistant) as voicing:
            assistant.voice, assistant.reading = voicing, await reading_of(settings)
            if work := ahead_of(assistant):
                await work.run(pause=0.0, limit=limit)

    asyncio.run(run())
    typer.echo("已提前合成")
