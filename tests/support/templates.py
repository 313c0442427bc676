"""What many tests begin with is made once in a run and then copied.

A new database is a copy of one that was migrated: a third of a second less for each. A data folder
with knowledge and staff is a copy of one that was filled. The embedding's tokenizer and the
certificates that httpx trusts are read once. Passwords are hashed by argon2 with the smallest
parameters. Processes that a test starts do all of it as in service, and so do the tests of
migrations and of passwords.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from httpx._transports import default as httpx_transports
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from assistant.models import static_embedding
from assistant.records.database import Database

migrated_in_full = Database.migrate
recommended = PasswordHash.recommended
"""As in service."""

_folders: dict[Hashable, Path] = {}


@pytest.fixture(scope="session", autouse=True)
def _templates() -> Iterator[None]:
    """Use templates for the whole run; they lie in a folder of this process."""
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with (
        tempfile.TemporaryDirectory(prefix="assistant-templates-") as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        _folders.clear()
        _folders[None] = Path(name)
        patch.setattr(Database, "migrate", _migrate)
        patch.setattr(PasswordHash, "recommended", classmethod(lambda _: weak))
        tokenizers = SimpleNamespace(from_file=cache(static_embedding.Tokenizer.from_file))
        patch.setattr(static_embedding, "Tokenizer", tokenizers)
        trusting = cache(httpx_transports.create_ssl_context)
        patch.setattr(httpx_transports, "create_ssl_context", trusting)
        yield


async def _migrate(self: Database) -> None:
    """A SQLite file that is not there yet is the copy of one that was migrated in full."""
    new = self.file not in {None, "", ":memory:"} and not Path(str(self.file)).exists()
    template = _folders[None] / "migrated.sqlite3"
    if new and template.exists():
        shutil.copyfile(template, str(self.file))
    await migrated_in_full(self)
    if new and not template.exists():
        written = template.with_suffix(".part")
        with (
            closing(sqlite3.connect(str(self.file))) as made,
            closing(sqlite3.connect(written)) as kept,
        ):
            made.backup(kept)
        written.replace(template)


async def copied(key: Hashable, folder: Path, fill: Callable[[Path], Awaitable[None]]) -> None:
    """Let a folder that does not exist yet be as `fill` leaves it, which runs once for each key.

    Outside a run of the tests (a benchmark, a drill) there are no templates: it is filled.
    """
    if not _folders:
        await fill(folder)
        return
    if key not in _folders:
        made = _folders[None] / str(len(_folders))
        await fill(made)
        _folders[key] = made
    shutil.copytree(_folders[key], folder, dirs_exist_ok=True)
