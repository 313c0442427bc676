"""`assistant draft`: from a brief of one line to script, deck, announcement and plan.

`--redo` writes one part of such a folder anew, as the studio's pages do.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import (
    Assistant,
    Settings,
    clip_kit,
    office_template,
    open_assistant,
    open_drafter,
    open_library,
    open_voice,
)
from assistant.domain.clock import china_day
from assistant.domain.studio import Brief, StreamDraft
from assistant.errors import BadInput
from assistant.records.codec import from_json, to_json
from assistant.web.services import check_region

_SCRIPT = "script.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command is to do: draft `brief`, or write `redo` of the folder's draft anew."""

    out: Path
    brief: str = ""
    region: str | None = None
    redo: str = ""
    wish: str = ""
    voiced: bool = False


def draft(
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    brief: Annotated[str, typer.Argument(help="What the stream is to be, in one line.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
    region: Annotated[str | None, typer.Option(help="Region code of the office.")] = None,
    voiced: Annotated[
        bool, typer.Option("--voiced", help="Speak it once, so that the length is the voice's.")
    ] = False,
    clips: Annotated[
        bool, typer.Option("--clips", help="Film the clips too, into DIR/clips (needs ffmpeg).")
    ] = False,
    redo: Annotated[
        tuple[str, str],
        typer.Option(
            help="Write a segment (s3) or slide (materials) in DIR anew by a wish (短一点)."
        ),
    ] = ("", ""),
) -> None:
    """Draft a stream: script, deck, announcement and plan in DIR; or redo a part of it."""
    if bool(brief) == bool(redo[0]):
        raise typer.BadParameter("写一句需求，或用 --redo 指定要重写的段落（页）和要求")
    began = time.monotonic()
    asked = Asked(out, brief, region, *redo, voiced)
    made, names = asyncio.run(_made(Settings(), asked))
    if clips:
        names += asyncio.run(_filmed(Settings(), made, out / "clips"))
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        typer.echo(json.dumps(_summary(made, names, seconds), ensure_ascii=False))
    else:
        show(made, out, names, seconds)


async def _made(settings: Settings, asked: Asked) -> tuple[StreamDraft, list[str]]:
    async with open_assistant(settings) as assistant:
        if not assistant.index.headers:
            typer.echo("知识库是空的，请先运行 assistant ingest 导入资料。", err=True)
        made = await (_redone if asked.redo else _drafted)(assistant, asked)
        titles = {key: header.title for key, header in assistant.index.headers.items()}
        template = await office_template(assistant)
    return made, await asyncio.to_thread(_write, made, titles, template, settings, asked.out)


def _write(
    made: StreamDraft,
    titles: Mapping[str, str],
    template: bytes | None,
    settings: Settings,
    out: Path,
) -> list[str]:
    from assistant.studio.drafting.files import files_of

    names = []
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files_of(made, titles, settings.aigc_producer, template):
        (out / name).write_bytes(data)
        names.append(name)
    return names


async def _drafted(assistant: Assistant, asked: Asked) -> StreamDraft:
    here = asked.region or assistant.settings.region
    check_region(here, assistant)
    today = china_day(assistant.clock())
    async with open_drafter(assistant, voiced=asked.voiced) as drafter:
        return await drafter.draft(await drafter.brief(asked.brief, today, here), today)


async def _redone(assistant: Assistant, asked: Asked) -> StreamDraft:
    """The folder's draft with one part anew, by what the studio's pages do."""
    from assistant.studio.drafting.wording import findings_of
    from assistant.studio.kept import OfficeDrafting
    from assistant.studio.remaking import remake, taken_over

    known = await asyncio.to_thread(_read, asked.out / _SCRIPT)
    place = _place(known, asked.redo)
    async with open_drafter(assistant, voiced=asked.voiced) as drafter:
        today = china_day(assistant.clock())
        made = await remake(known, place, asked.wish, OfficeDrafting(drafter), today)
        after, _ = taken_over(known, made, drafter.pace)
        return replace(after, findings=findings_of(after, drafter.screen))


def _read(file: Path) -> StreamDraft:
    """The draft that an earlier run wrote. Raises BadInput."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        kept.pop("AIGC", None)
        return from_json(StreamDraft, json.dumps(kept))
    except (OSError, ValueError) as error:
        raise BadInput(f"读不到先前的稿子：{file}", hint="先用一句需求起草到这个文件夹") from error


def _place(known: StreamDraft, name: str) -> str:
    """A segment or slide by its id. Raises BadInput, which lists them."""
    name = name.removeprefix("slide ")
    segments = {one.id: one.title for one in known.segments}
    slides = {one.id: one.title for one in known.deck.slides}
    if name in segments:
        return name
    if name in slides:
        return f"slide {name}"
    listed = "，".join(f"{key}（{title}）" for key, title in (*segments.items(), *slides.items()))
    raise BadInput(f"稿子里没有“{name}”", hint=f"可以重写：{listed}")


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
