"""A served office whose stages a test plays by itself, without a console."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from assistant.bootstrap import Settings, open_service
from assistant.live.house import LiveHouse
from assistant.stage.hub import StageHub
from assistant.stage.voicing import StageVoice
from assistant.web.app import create_app
from tests.support.live_office import ROOM, fill, hall
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge

T = TypeVar("T")


@dataclass
class StageOffice:
    """The running service, reached from the test's own thread."""

    url: str = ""
    running: list[tuple[LiveHouse, asyncio.AbstractEventLoop]] = field(default_factory=list)

    @property
    def house(self) -> LiveHouse:
        """Its rooms."""
        return self.running[-1][0]

    @property
    def hub(self) -> StageHub:
        """The stage of the one room."""
        return self.house.stage(ROOM)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the service."""
        return asyncio.run_coroutine_threadsafe(work, self.running[-1][1]).result(20)


@contextlib.contextmanager
def stage_office(folder: Path, voice: StageVoice, **set_: object) -> Iterator[StageOffice]:
    """The office while a block runs."""
    settings = Settings(data_dir=folder / "data", **{"audible_label": "off", **set_})
    path = write_knowledge(folder / "files")
    office = StageOffice()

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async with open_service(settings, voice) as assistant:
            office.running.append((assistant.live, asyncio.get_running_loop()))
            yield assistant

    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(fill(settings, path, hall()))).result()
    with served(create_app(opened)) as url:
        office.url = url
        yield office
