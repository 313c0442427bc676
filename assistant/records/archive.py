"""A folder as one file: packed with a manifest of digests, unpacked only when all of it is right.

The manifest comes first, so that every member is checked while it is read: nothing that it does
not name, nothing outside the folder, nothing larger than it says.
"""

import hashlib
import io
import json
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assistant.errors import BadInput

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20
LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the copy: its path below the folder, bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds and which program made it."""

    program: str
    made_at: datetime
    dialect: str
    revision: str
    files: tuple[StoredFile, ...]
    left_out: tuple[str, ...]
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def digests(folder: Path) -> tuple[StoredFile, ...]:
    """Size and digest of every file below a folder, by name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(_stored(path, path.relative_to(folder).as_posix()) for path in paths)


def pack(folder: Path, manifest: BackupManifest, target: Path) -> None:
    """Write a folder to `target` (`.tar.gz`, `.tgz`, else a folder), whole or not at all.

    Only its owner may read it: it holds the keys of pseudonyms and addresses.
    """
    draft = target.with_name(f"{target.name}.partial")
    with _removed_on_error(draft):
        if is_archive(target):
            draft.touch(0o600)
            draft.chmod(0o600)
            with tarfile.open(draft, "w:gz", compresslevel=6) as tar:
                _add_manifest(tar, manifest)
                for file in manifest.files:
                    tar.add(folder / file.name, file.name, recursive=False)
        else:
            shutil.copytree(folder, draft)
            draft.chmod(0o700)
            (draft / MANIFEST).write_bytes(_encoded(manifest))
        draft.rename(target)


def unpack(source: Path, folder: Path) -> BackupManifest:
    """Copy a backup into an existing empty folder. Raises BadInput for anything that is off."""
    try:
        with _members(source) as members:
            return _checked(members, folder)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise BadInput(f"备份文件损坏或无法读取：{source}（{error}）") from error


def is_archive(path: Path) -> bool:
    """Whether a name asks for one file."""
    return path.name.endswith((".tar.gz", ".tgz"))


@contextmanager
def _members(source: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """(name, content) of every file, the manifest first."""
    if source.is_dir():
        yield _files_below(source)
        return
    with tarfile.open(source, "r:gz") as tar:
        yield _files_inside(tar)


def _files_below(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    for path in sorted(paths, key=lambda path: path != folder / MANIFEST):
        with path.open("rb") as file:
            yield path.relative_to(folder).as_posix(), file


def _files_inside(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise BadInput(f"备份里有不该有的内容：{member.name}")
        yield member.name, content


def _checked(members: Iterator[tuple[str, IO[bytes]]], folder: Path) -> BackupManifest:
    name, content = next(members, ("", io.BytesIO()))
    if name != MANIFEST:
        raise BadInput("这不是备份文件：缺少清单 manifest.json")
    manifest = _decoded(content.read(LARGEST_MANIFEST))
    wanted = {file.name: file for file in manifest.files}
    for name, content in members:
        file = wanted.pop(name, None)
        if file is None:
            raise BadInput(f"备份里有清单没有列出的文件：{name}")
        _copy(content, _inside(folder, name), file)
    if wanted:
        raise BadInput(f"备份不完整，缺少：{'、'.join(sorted(wanted)[:5])}")
    return manifest


def _copy(content: IO[bytes], path: Path, file: StoredFile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as copy:
        while (block := content.read(BLOCK)) and size <= file.size:
            digest.update(block)
            size += len(block)
            copy.write(block)
    if size != file.size or digest.hexdigest() != file.sha256:
        raise BadInput(f"备份已损坏：{file.name} 与清单不符")


def _inside(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise BadInput(f"备份里的路径不允许：{name!r}")
    return folder.joinpath(*parts)


def _stored(path: Path, name: str) -> StoredFile:
    with path.open("rb") as file:
        return StoredFile(
            name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
        )


def _add_manifest(tar: tarfile.TarFile, manifest: BackupManifest) -> None:
    content = _encoded(manifest)
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mtime = len(content), int(manifest.made_at.timestamp())
    tar.addfile(entry, io.BytesIO(content))


def _encoded(manifest: BackupManifest) -> bytes:
    values = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


def _decoded(content: bytes) -> BackupManifest:
    try:
        values: dict[str, Any] = json.loads(content)
        if values["format"] != FORMAT:
            raise BadInput(f"备份的格式是 {values['format']}，本程序只认 {FORMAT}")
        values["made_at"] = datetime.fromisoformat(values["made_at"])
        values["files"] = tuple(StoredFile(**file) for file in _rows(values["files"]))
        values["left_out"] = tuple(values["left_out"])
        return BackupManifest(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"备份的清单无法读取：{error}") from error


def _rows(values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in values:
        if not isinstance(row["name"], str) or not isinstance(row["size"], int):
            raise TypeError(f"file entry {row!r}")
        yield row


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
