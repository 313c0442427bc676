"""An office with its service: small knowledge, staff, a room; served as `assistant serve` does."""

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Settings, live_records, open_assistant, open_service
from assistant.domain.live import Room
from assistant.stage.voicing import StageVoice
from assistant.web.app import create_app
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge
from tests.support.templates import copied

PASSWORD = "蓝色的窗户 seven"
REGION, ELSEWHERE = "990181", "990199"
OPERATOR, OUTSOURCED, REVIEWER, FAR, BOSS = "wang", "chen", "sun", "zhao", "zhang"
STAFF = (
    NewAccount(OPERATOR, frozenset({Role.OPERATOR}), "王芳"),
    NewAccount(OUTSOURCED, frozenset({Role.OPERATOR}), "陈晨", is_outsourced=True),
    NewAccount(REVIEWER, frozenset({Role.REVIEWER}), "孙立"),
    NewAccount(FAR, frozenset({Role.OPERATOR}), "赵云", (ELSEWHERE,)),
)
ROOM = "hall"


def hall(room_id: str = ROOM) -> Room:
    """A room of the region that the knowledge is of."""
    return Room(room_id, "清溪县政务直播间", REGION, officers=("王科长", "李主任"))


async def fill(settings: Settings, knowledge: Path, *rooms: Room) -> None:
    """Knowledge, staff and rooms into an empty data folder; the same are made once in a run."""

    async def into(folder: Path) -> None:
        await _fill(settings.model_copy(update={"data_dir": folder}), knowledge, *rooms)

    if settings.database_url or settings.chroma_url:
        await into(settings.data_dir)
        return
    others = settings.model_dump_json(exclude={"data_dir"})
    await copied((others, knowledge.read_text("utf-8"), rooms), settings.data_dir, into)


async def _fill(settings: Settings, knowledge: Path, *rooms: Room) -> None:
    async with open_assistant(settings) as assistant:
        await assistant.ingest([knowledge])
        staff = assistant.access.staff
        boss = NewAccount(BOSS, frozenset({Role.ADMINISTRATOR}), "张主任")
        await staff.add("", boss, PASSWORD, first=True)
        for new in STAFF:
            await staff.add("cli", new, PASSWORD)
        for room in rooms:
            await live_records(assistant).put_room(room)


@contextlib.contextmanager
def live_office(
    folder: Path, *rooms: Room, voice: StageVoice | None = None, **set_: object
) -> Iterator[str]:
    """The address of the served office."""
    settings = Settings(data_dir=folder / "data", **{"audible_label": "off", **set_})
    path = write_knowledge(folder / "files")
    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(fill(settings, path, *rooms))).result()
    with served(create_app(lambda: open_service(settings, voice))) as url:
        yield url
