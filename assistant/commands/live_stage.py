"""`assistant live replay --stage PORT`: a recording in real time, with the stage's page served."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import typer
import uvicorn
from pydantic import SecretStr

from assistant.bootstrap import Assistant, Settings, live_records
from assistant.commands.serve import address, bound, options_of
from assistant.domain.live import Room
from assistant.errors import Conflict, Unavailable
from assistant.live.clocks import SystemClock
from assistant.live.export import Ended
from assistant.live.platforms.recording import RecordedEvent
from assistant.live.replay import Progress
from assistant.live.staged_replay import StagedReplay
from assistant.live.states import ON_AIR
from assistant.stage.keys import stage_key
from assistant.web.app import create_app

HOST = "127.0.0.1"
FOR_A_PAGE = 120.0
"""Seconds for which a page is waited for; then speech is simulated."""
LOOK = 0.25


def of_a_recording(settings: Settings) -> Settings:
    """No connector is run and nobody is alarmed: what was recorded is over. Looks are kept."""
    rooms = {
        room_id: {name: each for name, each in table.items() if name != "platforms"}
        for room_id, table in settings.rooms.items()
    }
    silent = {"alert_url": None, "alert_robots": SecretStr(""), "alert_mail": SecretStr("")}
    return settings.model_copy(update={"rooms": rooms, **silent})


def check_quiet(rooms: Sequence[Room]) -> None:
    """The service that is opened would take up a room that is on air. Raises Conflict for one."""
    if on_air := [one.id for one in rooms if one.state in ON_AIR]:
        raise Conflict(f"直播间 {on_air[0]} 正在直播", hint="请先结束直播，再带画面回放")


async def replay_on_stage(
    assistant: Assistant,
    port: int,
    room: Room,
    events: Sequence[RecordedEvent],
    *,
    automatic: bool,
    progress: Progress,
) -> Ended:
    """Say where the stage is, wait for a page, then feed the recording in real time."""
    house = assistant.live
    assert house is not None, "the service has its live rooms"
    async with served(assistant, port) as url:
        typer.echo(f"直播画面：{url}/stage/{room.id}?key={stage_key(house.stage_secret, room.id)}")
        if not await _page_came(lambda: house.stage(room.id).pages):
            typer.echo("没有画面连上，按每分钟240字模拟口播", err=True)
        run = StagedReplay(house.desk, live_records(assistant), SystemClock())
        return await run.run(room, events, automatic=automatic, progress=progress)


@asynccontextmanager
async def served(assistant: Assistant, port: int) -> AsyncIterator[str]:
    """The open service on this machine alone; its address. Raises Unavailable."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Assistant]:
        yield assistant

    with bound(HOST, port) as listener:
        url = address(listener, HOST)
        app = create_app(opened, options_of(assistant.settings, url))
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await _until_started(server, serving)
            yield url
        finally:
            server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    """Ends with the replay: Ctrl+C ends that."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None are."""
        yield


async def _until_started(server: uvicorn.Server, serving: "asyncio.Task[None]") -> None:
    while not server.started:
        if serving.done():
            raise Unavailable("服务没有启动，详见日志")
        await asyncio.sleep(LOOK)


async def _page_came(pages: Callable[[], int]) -> bool:
    waited = 0.0
    while not pages() and waited < FOR_A_PAGE:
        await asyncio.sleep(LOOK)
        waited += LOOK
    return pages() > 0
