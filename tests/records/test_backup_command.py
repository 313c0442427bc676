"""`assistant backup` as an operator uses it."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.domain.clock import system_clock
from assistant.domain.source import Faq
from assistant.errors import Conflict
from assistant.records.database import Database
from assistant.records.sources import SourceRepository

pytestmark = pytest.mark.integration

FAQ = Faq("f", "问", "答")


@pytest.fixture
def office(sqlite_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one source, as the settings see it."""

    async def fill() -> None:
        database = await Database.open(sqlite_url)
        repository = SourceRepository(database, "default", system_clock)
        await repository.put(FAQ, (), digest="d", origin=None)
        await database.close()

    asyncio.run(fill())
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)
    return data_dir


def assistant(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception:
        raise result.exception
    return result.output


def sources_in(folder: Path) -> list[Faq]:
    async def read() -> list[Faq]:
        database = await Database.open(f"sqlite+aiosqlite:///{folder / 'assistant.sqlite3'}")
        try:
            return await SourceRepository(database, "default", system_clock).faqs()
        finally:
            await database.close()

    return asyncio.run(read())


def test_a_backup_is_brought_back(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "已备份" in assistant("backup", tmp_path / "copy.tar.gz")
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "new"))
    assert "已恢复" in assistant("backup", "restore", tmp_path / "copy.tar.gz")
    assert sources_in(tmp_path / "new") == [FAQ]


def test_programs_read_json(office: Path, tmp_path: Path) -> None:
    told = json.loads(assistant("backup", tmp_path / "copy", "--json"))
    assert (told["database"], told["files"], told["left_out"]) == ("sqlite", 1, [])


def test_the_office_is_not_overwritten(office: Path, tmp_path: Path) -> None:
    assistant("backup", "create", tmp_path / "copy.tgz")
    with pytest.raises(Conflict):
        assistant("backup", "restore", tmp_path / "copy.tgz")
    assert sources_in(office) == [FAQ]
