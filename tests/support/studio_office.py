"""A served office with an editor who is new to it, a reviewer and an operator."""

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Settings, open_assistant, open_service
from assistant.web.app import create_app
from tests.support.live_office import PASSWORD, fill, hall
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge

EDITOR, REVIEWER, OPERATOR = "lin", "sun", "wang"


async def add_editor(settings: Settings) -> None:
    async with open_assistant(settings) as assistant:
        new = NewAccount(EDITOR, frozenset({Role.EDITOR}), "林月")
        await assistant.access.staff.add("cli", new, PASSWORD)


@contextlib.contextmanager
def studio_office(folder: Path, **set_: object) -> Iterator[str]:
    """The address of the served office."""
    settings = Settings(data_dir=folder / "data", **set_)
    path = write_knowledge(folder / "files")

    async def prepare() -> None:
        await fill(settings, path, hall())
        await add_editor(settings)

    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(prepare())).result()
    with served(create_app(lambda: open_service(settings))) as url:
        yield url
