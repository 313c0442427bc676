"""`assistant draft`: from a brief of one line to script, deck, announcement and plan."""

import asyncio
import json
import time
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import (
    Settings,
    clip_kit,
    open_assistant,
    open_drafter,
    open_library,
    open_voice,
)
from assistant.domain.clock import china_day
from assistant.domain.studio import Brief, StreamDraft
from assistant.records.codec import to_json
from assistant.web.services import check_region


def draft(
    brief: Annotated[str, typer.Argument(help="What the stream is to be, in one line.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
    region: Annotated[str | None, typer.Option(help="Region code of the office.")] = None,
    voiced: Annotated[
        bool, typer.Option("--voiced", help="Speak it once, so that the length is the voice's.")
    ] = False,
    clips: Annotated[
        bool, typer.Option("--clips", help="Film the clips too, into DIR/clips (needs ffmpeg).")
    ] = False,
) -> None:
    """Draft a stream: script, deck, announcement and plan in DIR."""
    began = time.monotonic()
    made, names = asyncio.run(_drafted(Settings(), brief, out, region, voiced=voiced))
    if clips:
        names += asyncio.run(_filmed(Settings(), made, out / "clips"))
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        typer.echo(json.dumps(_summary(made, names, seconds), ensure_ascii=False))
    else:
        show(made, out, names, seconds)


async def _drafted(
    settings: Settings, text: str, out: Path, region: str | None, *, voiced: bool
) -> tuple[StreamDraft, list[str]]:
    from assistant.studio.drafting.files import files_of

    async with open_assistant(settings) as assistant:
        if not assistant.index.headers:
            typer.echo("知识库是空的，请先运行 assistant ingest 导入资料。", err=True)
        here = region or settings.region
        check_region(here, assistant)
        today = china_day(assistant.clock())
        async with open_drafter(assistant, voiced=voiced) as drafter:
            made = await drafter.draft(await drafter.brief(text, today, here), today)
        titles = {key: header.title for key, header in assistant.index.headers.items()}
    names = []
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    for name, data in files_of(made, titles, settings.aigc_producer):
        await asyncio.to_thread((out / name).write_bytes, data)
        names.append(name)
    return made, names


async def _filmed(settings: Settings, made: StreamDraft, out: Path) -> list[str]:
    """Film the clips of a draft; one that is too long is told and left out."""
    from assistant.studio.clips.files import clips_of_draft, write_clip
    from assistant.studio.clips.making import MadeClip

    names = []
    async with open_library(settings) as library, open_voice(library) as voicing:
        kit = await clip_kit(settings, voicing, made.deck.office, made.brief.region)
        async for one in clips_of_draft(made, kit):
            if not isinstance(one, MadeClip):
                typer.secho(str(one), fg="yellow", err=True)
                continue
            await asyncio.to_thread(write_clip, one, out / one.card.clip.id)
            names.append(f"clips/{one.card.clip.id}（{one.card.seconds:.1f} 秒）")
    return names


def _summary(made: StreamDraft, names: list[str], seconds: float) -> dict[str, object]:
    return {
        "brief": json.loads(to_json(made.brief)),
        "files": names,
        "seconds": seconds,
        "minutes": round(sum(one.seconds for one in made.segments) / 60, 2),
        "segments": len(made.segments),
        "slides": len(made.deck.slides),
        "clips": [
            {"id": clip.id, "title": clip.title, "seconds": clip.seconds} for clip in made.clips
        ],
        "fallbacks": list(made.fallbacks),
        "findings": [json.loads(to_json(one)) for one in made.findings],
    }


def show(made: StreamDraft, out: Path, names: list[str], seconds: float) -> None:
    """What was understood, what was made, what to look at."""
    _show_brief(made.brief)
    minutes = sum(one.seconds for one in made.segments) / 60
    typer.echo(
        f"口播稿 {len(made.segments)} 段，约 {minutes:.1f} 分钟；"
        f"幻灯片 {len(made.deck.slides)} 页；短视频 {len(made.clips)} 条"
    )
    for one in made.fallbacks:
        typer.secho(f"模型未采用：{one}", fg="yellow")
    for finding in made.findings:
        words = f"“{finding.words}”" if finding.words else ""
        typer.secho(
            f"请留意 {finding.place}：{words}{finding.reason}。{finding.suggestion}", fg="yellow"
        )
    typer.echo(f"已写入 {out}：{'、'.join(names)}（{seconds} 秒）")


def _show_brief(brief: Brief) -> None:
    day = brief.day.isoformat() if brief.day else "日期待定"
    typer.echo(f"{brief.kind}｜{brief.title}｜{day}｜{brief.minutes} 分钟")
    for one in brief.missing:
        typer.secho(f"请补充：{one}", fg="yellow")
    for one in brief.assumed:
        typer.echo(f"默认：{one}")
