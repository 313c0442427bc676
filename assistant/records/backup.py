"""A consistent copy of everything an office holds, made while it serves; and its restore.

SQLite is copied by its online backup in one step (a reader's view: writers go on meanwhile);
PostgreSQL as JSON Lines of its tables in one snapshot. Every other file of the data folder is
copied as it is, except what can be rebuilt.
"""

import asyncio
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from assistant import __version__
from assistant.domain.clock import Clock
from assistant.errors import BadInput, ConfigurationError, Conflict
from assistant.records import archive, migrate, table_files
from assistant.records.archive import BackupManifest
from assistant.records.database import Database

REBUILT = ("index", "cache", "audio/cache", "streams")
"""Folders of the data folder that `assistant index rebuild` and use fill again."""

DATABASE = "database.sqlite3"
TABLES = "tables"
FILES = "files"


def back_up(url: str, data_dir: Path, target: Path, clock: Clock) -> BackupManifest:
    """Copy the database and the data folder to `target` (`.tar.gz`, or else a new folder).

    Blocks; call it from a thread where an event loop runs. Raises Conflict when the target is
    taken or lies in the data folder, BadInput when there is nothing to copy.
    """
    _check_target(target.absolute(), data_dir.absolute())
    with TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as scratch:
        folder = Path(scratch)
        dialect, revision = asyncio.run(_copy_database(url, folder))
        left_out = _copy_files(url, data_dir, folder / FILES)
        files = archive.digests(folder)
        manifest = BackupManifest(__version__, clock(), dialect, revision, files, left_out)
        archive.pack(folder, manifest, target)
    return manifest


def restore(url: str, data_dir: Path, source: Path) -> BackupManifest:
    """Bring a backup back into an empty data folder (and an empty server): all or nothing.

    Blocks. Raises Conflict when something is there already, BadInput for a broken or foreign
    archive, ConfigurationError when it is of another kind of database or of a newer program.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise Conflict(f"数据文件夹不是空的：{data_dir}", hint="恢复只写入空文件夹")
    data_dir.absolute().parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data_dir.absolute().parent, prefix=".restore-") as scratch:
        unpacked, ready = Path(scratch) / "unpacked", Path(scratch) / "ready"
        unpacked.mkdir()
        manifest = archive.unpack(source, unpacked)
        _check_fits(manifest, url)
        _arrange(unpacked, ready)
        _restore_database(url, unpacked, ready, data_dir, manifest)
        if data_dir.exists():
            data_dir.rmdir()
        ready.rename(data_dir)
    return manifest


def _check_target(target: Path, data_dir: Path) -> None:
    if target.exists():
        raise Conflict(f"备份的目标已存在：{target}")
    if not target.parent.is_dir():
        raise BadInput(f"备份目标所在的文件夹不存在：{target.parent}")
    if target.is_relative_to(data_dir):
        raise Conflict(f"备份不能放在数据文件夹里：{target}")


async def _copy_database(url: str, folder: Path) -> tuple[str, str]:
    """The kind of database and its revision, after copying it into the folder."""
    _refuse_missing(url)
    database = await Database.connect(url)
    try:
        async with database.read() as connection:
            revision = await connection.run_sync(migrate.current)
        if revision is None:
            raise BadInput("数据库是空的，没有可备份的内容")
        if database.file is None:
            await table_files.export(database, folder / TABLES)
        else:
            await asyncio.to_thread(_copy_sqlite, Path(database.file), folder / DATABASE)
        return database.dialect, revision
    finally:
        await database.close()


def _copy_sqlite(source: Path, copy: Path) -> None:
    """One step of SQLite's online backup sees one state; more steps would start anew at each write.

    https://www.sqlite.org/backup.html
    """
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(copy)) as target:
        origin.execute("PRAGMA busy_timeout = 10000")
        origin.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode = DELETE")


def _copy_files(url: str, data_dir: Path, folder: Path) -> tuple[str, ...]:
    """Copy the data folder's other files; gives the names of those that were left out."""
    folder.mkdir()
    database = _sqlite_file(url)
    own = [] if database is None else [Path(f"{database}{end}") for end in ("", "-wal", "-shm")]
    skipped = {path.absolute() for path in own}
    for path in _files(data_dir):
        place = path.relative_to(data_dir)
        if any(place.is_relative_to(one) for one in REBUILT) or path.absolute() in skipped:
            continue
        copy = folder / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # its owner removed it meanwhile
            shutil.copy2(path, copy)
    return tuple(name for name in REBUILT if (data_dir / name).exists())


def _files(data_dir: Path) -> list[Path]:
    found = (path for path in sorted(data_dir.rglob("*")) if not path.is_symlink())
    return [path for path in found if path.is_file() and path.suffix != ".lock"]


def _arrange(unpacked: Path, ready: Path) -> None:
    """The data folder as it will be, but for the database."""
    files = unpacked / FILES
    files.rename(ready) if files.exists() else ready.mkdir()


def _restore_database(
    url: str, unpacked: Path, ready: Path, data_dir: Path, manifest: BackupManifest
) -> None:
    file = _sqlite_file(url)
    if file is None:
        asyncio.run(_restore_server(url, unpacked / TABLES, manifest.revision))
        return
    _check_sqlite(unpacked / DATABASE)
    place = _place(file.absolute(), data_dir.absolute(), ready)
    if place.exists():
        raise Conflict(f"数据库文件已存在：{place}")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(unpacked / DATABASE, place)


def _place(file: Path, data_dir: Path, ready: Path) -> Path:
    """Where the database file goes: with the data folder, unless it lies elsewhere."""
    return ready / file.relative_to(data_dir) if file.is_relative_to(data_dir) else file


async def _restore_server(url: str, tables: Path, revision: str) -> None:
    database = await Database.connect(url)
    try:
        await table_files.load(database, tables, revision)
    except DBAPIError as error:
        raise BadInput(f"备份与数据库的表不符：{error.orig}") from error
    finally:
        await database.close()


def _check_sqlite(path: Path) -> None:
    if not path.is_file():
        raise BadInput("备份里没有数据库")
    try:
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BadInput(f"备份里的数据库已损坏：{found}")


def _check_fits(manifest: BackupManifest, url: str) -> None:
    wanted = make_url(url).get_backend_name()
    if manifest.dialect != wanted:
        message = f"备份来自 {manifest.dialect}，现在设置的是 {wanted}"
        raise ConfigurationError(message, hint="请按备份设置 ASSISTANT_DATABASE_URL")
    if manifest.revision not in migrate.known():
        raise ConfigurationError(f"备份由更新的程序（{manifest.program}）制作", hint="请先升级程序")


def _refuse_missing(url: str) -> None:
    file = _sqlite_file(url)
    if file is not None and not file.exists():
        raise BadInput(f"没有可备份的数据库：{file}")


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None
