"""`assistant live`: replay a recorded stream, list rooms, write a session's outcomes."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import (
    Settings,
    live_reads,
    live_records,
    open_assistant,
    open_library,
    open_live,
    open_service,
)
from assistant.commands.live_morning import morning_command
from assistant.domain.live import Room
from assistant.errors import NotFound
from assistant.live.export import Ended, exported, write
from assistant.live.replay import Progress
from assistant.live.room_ids import check_room_id
from assistant.live.seams import LiveRecords
from assistant.web.services import check_region

PATIENCE = 2.0
"""Seconds after which a bar is shown."""

app = typer.Typer(help="Live rooms: replay a recording, list rooms.", no_args_is_help=True)
app.command("morning")(morning_command)


@app.command("replay")
def replay_command(  # noqa: PLR0913, PLR0917 - one an option of the command line
    file: Annotated[Path, typer.Argument(help="Recorded stream (.jsonl or .jsonl.gz).")],
    room: Annotated[str, typer.Option(help="Room that takes the events.")],
    out: Annotated[Path, typer.Option(help="Folder for outcomes.jsonl and summary.json.")],
    speed: Annotated[
        float | None, typer.Option(min=0.01, help="Times real time; default: as fast as it goes.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Region code of a room that is new.")] = None,
    manual: Annotated[bool, typer.Option("--manual", help="Without automatic mode.")] = False,
    stage: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Serve the stage's page on this port (0: a free one); speed 1."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Feed a recording through the whole live path, on its own time.

    With --stage the stage's page speaks, in real time; without, speech is simulated.
    """
    if stage is not None and speed != 1:
        raise typer.BadParameter("--stage speaks in real time: add --speed 1")
    work = (
        _replay(Settings(), file, room, out, speed=speed, region=region, automatic=not manual)
        if stage is None
        else _staged(Settings(), file, room, out, port=stage, region=region, automatic=not manual)
    )
    summary = asyncio.run(work)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        _print(summary, out)


@app.command("rooms")
def rooms_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the rooms with their states."""
    rooms = asyncio.run(_rooms(Settings()))
    if as_json:
        typer.echo(json.dumps([_row(one) for one in rooms], ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    from assistant.live.states import state_name

    table = Table("编号", "名称", "地区", "状态", "自动模式")
    for one in rooms:
        automatic = f"开（{one.automatic_by}）" if one.automatic else "关"
        table.add_row(one.id, one.name, one.region or "", state_name(one.state), automatic)
    Console().print(table)


@app.command("outcomes")
def outcomes_command(
    session: Annotated[str, typer.Argument(help="Id of the session.")],
    out: Annotated[Path, typer.Option(help="Folder for outcomes.jsonl and summary.json.")],
) -> None:
    """Write what became of every comment of a session, and its review."""
    summary = asyncio.run(_outcomes(Settings(), session, out))
    _print(summary, out)


async def _replay(
    settings: Settings,
    file: Path,
    room_id: str,
    out: Path,
    *,
    speed: float | None,
    region: str | None,
    automatic: bool,
) -> dict[str, object]:
    from assistant.live.platforms.recording import read_recording
    from assistant.live.replay import Replay
    from assistant.live.replay_events import in_order

    events = in_order(await asyncio.to_thread(lambda: list(read_recording(file))))
    async with open_assistant(settings) as assistant:
        check_region(region, assistant)
        check_room_id(room_id)
        if not assistant.index.headers:
            typer.echo("知识库是空的，请先运行 assistant ingest 导入资料。", err=True)
        live = await open_live(assistant)
        room = await _room(live.records, room_id, region or settings.region)
        run = Replay(live.replay_parts(), room, live.new_id(), automatic=automatic)
        with bar() as progress:
            done = await run.run(events, speed=speed, progress=progress)
        ended = Ended(room_id, done.session_id, done.began, done.ended)
        return await _write(live.records, ended, out, run.event_id)


async def _staged(
    settings: Settings,
    file: Path,
    room_id: str,
    out: Path,
    *,
    port: int,
    region: str | None,
    automatic: bool,
) -> dict[str, object]:
    """The same through the running service, a page speaking."""
    from assistant.commands.live_stage import check_quiet, of_a_recording, replay_on_stage
    from assistant.live.platforms.recording import read_recording
    from assistant.live.replay_events import in_order
    from assistant.live.staged_replay import event_id

    events = in_order(await asyncio.to_thread(lambda: list(read_recording(file))))
    check_room_id(room_id)
    async with open_library(settings) as library:
        check_quiet(await live_records(library).rooms())
    async with open_service(of_a_recording(settings), rehearses=True) as assistant:
        check_region(region, assistant)
        records = live_records(assistant)
        room = await _room(records, room_id, region or settings.region)
        with bar() as progress:
            ended = await replay_on_stage(
                assistant, port, room, events, automatic=automatic, progress=progress
            )
        return await _write(records, ended, out, event_id)


async def _room(records: LiveRecords, room_id: str, region: str | None) -> Room:
    """The room; an unknown one is made."""
    room = await records.room(room_id)
    if room is None:
        room = Room(room_id, room_id, region)
        await records.put_room(room)
    return room


async def _write(
    records: LiveRecords, session: Ended, out: Path, event_id: Callable[[str], str] = str
) -> dict[str, object]:
    lines, summary = await exported(records, session, event_id)
    await asyncio.to_thread(write, out, lines, summary)
    return summary.as_json()


async def _rooms(settings: Settings) -> list[Room]:
    async with open_library(settings) as library:
        return await live_records(library).rooms()


async def _outcomes(settings: Settings, session_id: str, out: Path) -> dict[str, object]:
    async with open_library(settings) as library:
        session = await live_reads(library).session(session_id)
        if session is None:
            raise NotFound(f"没有场次 {session_id}")
        ended = session.closed_at or library.clock()
        row = Ended(session.room_id, session.id, session.opened_at, ended)
        return await _write(live_records(library), row, out, lambda id_: id_.rpartition("/")[2])


@contextmanager
def bar() -> Iterator[Progress]:
    """A bar on standard error, once it has taken longer than two seconds."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    began = time.monotonic()
    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("回放", total=None, visible=False)

        def progress(done: int, total: int) -> None:
            late = time.monotonic() - began > PATIENCE
            shown.update(task, completed=done, total=total, visible=late)

        yield progress


def _row(room: Room) -> dict[str, object]:
    return {
        "id": room.id,
        "name": room.name,
        "region": room.region,
        "state": room.state.value,
        "automatic": room.automatic,
        "automatic_by": room.automatic_by,
        "session_id": room.session_id,
        "officers": list(room.officers),
    }


def _print(summary: dict[str, object], out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("指标", "值")
    for key, name in _HEADLINES.items():
        value = summary[key]
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
        table.add_row(name, shown)
    Console().print(table)
    typer.echo(f"明细：{out / 'outcomes.jsonl'}")


_HEADLINES = {
    "received": "收到评论",
    "questions": "其中提问",
    "distinct_questions": "不同问题",
    "answered_questions": "已答复问题",
    "outcomes": "去向",
    "set_aside": "未答原因",
    "waiting_median": "等待中位数（秒）",
    "waiting_p95": "等待 P95（秒）",
}
