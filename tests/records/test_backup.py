"""A backup made while serving holds one state; a restore brings all of it back or nothing."""

import asyncio
import gzip
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.domain.passage import Passage
from assistant.domain.source import Faq, SourceKind
from assistant.errors import AssistantError, BadInput, ConfigurationError, Conflict
from assistant.records import archive, migrate
from assistant.records.backup import back_up, restore
from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository
from assistant.records.sources import SourceRepository
from tests.records.test_outcomes import outcome

pytestmark = pytest.mark.contract


def faq(number: int) -> Faq:
    return Faq(f"f{number}", f"第{number}问？", "答：\n“引号”，制表\t。", tags=("户籍",))


async def put(repository: SourceRepository, number: int) -> None:
    source = faq(number)
    passages = [Passage(source.id, SourceKind.FAQ, n, "问答", f"第{n}段") for n in range(3)]
    await repository.put(source, passages, digest=f"d{number}", origin="faq.jsonl")


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> str:
    """A second, empty database of the same kind."""
    if database.dialect == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'restored' / 'assistant.sqlite3'}"
    return request.getfixturevalue("second_postgres_url")


@pytest.fixture
def second_postgres_url(postgres_server: str):
    from tests.support import postgresql

    with postgresql.database(postgres_server) as url:
        yield url


async def make(url: str, data_dir: Path, target: Path, clock) -> archive.BackupManifest:
    return await asyncio.to_thread(back_up, url, data_dir, target, clock)


async def bring_back(url: str, data_dir: Path, source: Path) -> archive.BackupManifest:
    return await asyncio.to_thread(restore, url, data_dir, source)


@pytest.mark.parametrize("name", ["copy.tar.gz", "copy"])
async def test_everything_comes_back(
    repository: SourceRepository,
    outcomes: OutcomeRepository,
    database_url: str,
    empty_url: str,
    data_dir: Path,
    tmp_path: Path,
    clock,
    name: str,
) -> None:
    for number in range(3):
        await put(repository, number)
    await repository.retire("f2")
    asked = await outcomes.record(outcome())
    (data_dir / "语料").mkdir()
    (data_dir / "语料" / "原件.txt").write_text("原文", "utf-8")
    (data_dir / "index").mkdir()
    (data_dir / "index" / "segment.npy").write_bytes(b"rebuilt")
    (data_dir / "streams").mkdir()
    (data_dir / "streams" / "hall").touch()
    for place, data in (("cache/a.wav", b"made anew"), ("said/s/c.json", b"[]")):
        (data_dir / "audio" / place).parent.mkdir(parents=True)
        (data_dir / "audio" / place).write_bytes(data)

    made = await make(database_url, data_dir, tmp_path / name, clock)
    restored_dir = tmp_path / "restored"
    assert await bring_back(empty_url, restored_dir, tmp_path / name) == made
    assert made.left_out == ("index", "audio/cache", "streams")
    assert (restored_dir / "语料" / "原件.txt").read_text("utf-8") == "原文"
    assert not (restored_dir / "index").exists()
    assert not (restored_dir / "audio" / "cache").exists()
    assert (restored_dir / "audio" / "said" / "s" / "c.json").read_bytes() == b"[]"

    database = await Database.open(empty_url)
    there = SourceRepository(database, "office", clock)
    assert await there.faqs() == [faq(0), faq(1)]
    assert await there.get("f2", version=1) == faq(2)
    assert await there.passages_of("f1") == await repository.passages_of("f1")
    assert await there.changes(0) == await repository.changes(0)
    stored = await OutcomeRepository(database, "office", clock, str).get(asked)
    assert stored is not None
    assert (stored.outcome, stored.at) == (outcome(), clock())
    before = {p.key for p in await repository.passages_of("f1")}
    await put(there, 9)  # new keys continue after the old ones
    assert not before & {p.key for p in await there.passages_of("f9")}
    await database.close()


async def test_a_copy_made_while_writing_holds_one_state(
    repository: SourceRepository,
    database_url: str,
    empty_url: str,
    data_dir: Path,
    tmp_path: Path,
    clock,
) -> None:
    stop = asyncio.Event()

    async def write() -> None:
        number = 0
        while not stop.is_set():
            await put(repository, number)
            number += 1

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    await make(database_url, data_dir, tmp_path / "copy.tar.gz", clock)
    stop.set()
    await writing
    await bring_back(empty_url, tmp_path / "restored", tmp_path / "copy.tar.gz")

    database = await Database.open(empty_url)
    there = SourceRepository(database, "office", clock)
    ids = {source.id for source in await there.faqs()}
    assert ids == {f"f{number}" for number in range(len(ids))}
    assert ids == {change.source_id for change in await there.changes(0)}
    for source_id in ids:
        assert len(await there.passages_of(source_id)) == 3
    await database.close()


async def test_a_copy_of_an_older_revision_is_migrated(
    repository: SourceRepository,
    database: Database,
    database_url: str,
    empty_url: str,
    data_dir: Path,
    tmp_path: Path,
    clock,
) -> None:
    await put(repository, 1)
    async with database.write() as connection:
        await connection.run_sync(migrate.migrate_to, "0001")
    made = await make(database_url, data_dir, tmp_path / "copy", clock)
    assert made.revision == "0001"
    await bring_back(empty_url, tmp_path / "restored", tmp_path / "copy")
    restored = await Database.open(empty_url)
    assert await SourceRepository(restored, "office", clock).faqs() == [faq(1)]
    assert (await OutcomeRepository(restored, "office", clock, str).recent()).rows == ()
    await restored.close()


async def test_restore_refuses_what_is_not_empty(
    repository: SourceRepository, database_url: str, data_dir: Path, tmp_path: Path, clock
) -> None:
    await put(repository, 1)
    await make(database_url, data_dir, tmp_path / "copy", clock)
    (data_dir / "something").touch()
    with pytest.raises(Conflict):
        await bring_back(database_url, data_dir, tmp_path / "copy")
    if "postgresql" in database_url:
        with pytest.raises(Conflict, match="不是空的"):
            await bring_back(database_url, tmp_path / "empty", tmp_path / "copy")
        assert not (tmp_path / "empty").exists()
    assert await repository.faqs() == [faq(1)]


@pytest.fixture
async def backup(sqlite_database: Database, sqlite_url: str, data_dir: Path, tmp_path, clock):
    """A backup of a SQLite office."""
    repository = SourceRepository(sqlite_database, "office", clock)
    await put(repository, 1)
    (data_dir / "note.txt").write_text("附言", "utf-8")
    await make(sqlite_url, data_dir, tmp_path / "copy.tar.gz", clock)
    return tmp_path / "copy.tar.gz"


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}


def write(path: Path, contents: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            if name not in (archive.MANIFEST, "database.sqlite3"):
                entry.type, entry.linkname = kind, "/etc/passwd"
                entry.size = len(content) if kind == tarfile.REGTYPE else 0
            tar.addfile(entry, io.BytesIO(content))


def renamed(contents: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    manifest = contents[archive.MANIFEST].replace(old.encode(), json.dumps(new)[1:-1].encode())
    kept = {name: content for name, content in contents.items() if name != old}
    return {**kept, archive.MANIFEST: manifest, new: contents[old]}


def edited(contents: dict[str, bytes], **values: object) -> dict[str, bytes]:
    manifest = json.loads(contents[archive.MANIFEST]) | values
    return {**contents, archive.MANIFEST: json.dumps(manifest).encode()}


NOTE = "files/note.txt"
Spoil = Callable[[Path, dict[str, bytes]], None]
SPOILED: dict[str, Spoil] = {
    "cut short": lambda path, _: path.write_bytes(path.read_bytes()[:-200]),
    "no archive": lambda path, _: path.write_bytes(b"hello"),
    "empty": lambda path, _: path.write_bytes(b""),
    "gzip of no tar": lambda path, _: path.write_bytes(gzip.compress(b"x" * 5000)),
    "no manifest": lambda path, c: write(path, {NOTE: c[NOTE]}),
    "manifest not JSON": lambda path, c: write(path, {**c, archive.MANIFEST: b"{"}),
    "manifest a list": lambda path, c: write(path, {**c, archive.MANIFEST: b"[]"}),
    "other format": lambda path, c: write(path, edited(c, format=99)),
    "file changed": lambda path, c: write(path, {**c, NOTE: c[NOTE][::-1]}),
    "file longer": lambda path, c: write(path, {**c, NOTE: c[NOTE] * 9}),
    "file missing": lambda path, c: write(path, {k: v for k, v in c.items() if k != NOTE}),
    "file not named": lambda path, c: write(path, {**c, "files/more": b""}),
    "above the folder": lambda path, c: write(path, renamed(c, NOTE, "files/../../../out.txt")),
    "absolute path": lambda path, c: write(path, renamed(c, NOTE, "/tmp/h1-out.txt")),
    "backslashes": lambda path, c: write(path, renamed(c, NOTE, "files\\..\\out.txt")),
    "symbolic link": lambda path, c: write(path, c, tarfile.SYMTYPE),
    "hard link": lambda path, c: write(path, c, tarfile.LNKTYPE),
    "device": lambda path, c: write(path, c, tarfile.CHRTYPE),
    "unknown revision": lambda path, c: write(path, edited(c, revision="9999")),
    "other database": lambda path, c: write(path, edited(c, dialect="postgresql")),
    "no database": lambda path, c: write(path, renamed(c, "database.sqlite3", "files/db")),
}


@pytest.mark.parametrize("how", SPOILED)
async def test_a_broken_backup_restores_nothing(
    backup: Path, sqlite_url: str, tmp_path: Path, how: str
) -> None:
    SPOILED[how](backup, members(backup))
    before = sorted(tmp_path.rglob("*"))
    target = tmp_path / "new"
    with pytest.raises((BadInput, ConfigurationError)):
        await bring_back(f"sqlite+aiosqlite:///{target / 'a.sqlite3'}", target, backup)
    assert sorted(tmp_path.rglob("*")) == before


async def test_a_database_damaged_before_it_was_packed_is_noticed(
    backup: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    made = archive.unpack(backup, folder)
    content = bytearray((folder / "database.sqlite3").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (folder / "database.sqlite3").write_bytes(content)
    damaged = archive.BackupManifest(
        made.program, made.made_at, made.dialect, made.revision, archive.digests(folder), ()
    )
    archive.pack(folder, damaged, tmp_path / "damaged.tar.gz")
    target = tmp_path / "new"
    with pytest.raises(BadInput, match="损坏"):
        await bring_back(
            f"sqlite+aiosqlite:///{target / 'a.sqlite3'}", target, tmp_path / "damaged.tar.gz"
        )
    assert not target.exists()


async def test_a_backup_never_replaces_or_swallows_itself(
    backup: Path, sqlite_url: str, data_dir: Path, tmp_path: Path, clock
) -> None:
    for target in (backup, data_dir / "inside.tar.gz", tmp_path / "no" / "folder.tar.gz"):
        with pytest.raises(AssistantError):
            await make(sqlite_url, data_dir, target, clock)


async def test_there_must_be_something_to_copy(data_dir: Path, tmp_path: Path, clock) -> None:
    url = f"sqlite+aiosqlite:///{data_dir / 'none.sqlite3'}"
    with pytest.raises(BadInput):
        await make(url, data_dir, tmp_path / "copy.tar.gz", clock)
    sqlite3.connect(data_dir / "none.sqlite3").close()
    with pytest.raises(BadInput):
        await make(url, data_dir, tmp_path / "copy.tar.gz", clock)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


async def test_the_copy_is_a_plain_database(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "database.sqlite3").write_bytes(members(backup)["database.sqlite3"])
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'database.sqlite3'}")
    async with opened.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM passages")) == 3
    await opened.close()


async def test_only_its_owner_may_read_a_backup(
    sqlite_database: Database, sqlite_url: str, data_dir: Path, tmp_path: Path, clock
) -> None:
    for target, mode in ((tmp_path / "one.tar.gz", 0o600), (tmp_path / "folder", 0o700)):
        await make(sqlite_url, data_dir, target, clock)
        assert target.stat().st_mode & 0o777 == mode
