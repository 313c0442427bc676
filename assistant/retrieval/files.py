"""Which files an ingest reads, in a stable order, and the ids of documents among them."""

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.retrieval.readers.kinds import supported
from assistant.retrieval.readers.reading import is_ignored

NOT_SOURCES = ".notsources"
"""A folder that holds a file of this name has data of other kinds (lexicons, regions, rules)."""

_NOT_KNOWLEDGE = re.compile(r"(?:readme|changelog|license|licence)(?:[._-].*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file and the folder that was named; `reason` says why it is not read, if so."""

    path: Path
    root: Path
    reason: str = ""

    @property
    def origin(self) -> str:
        """The place by which the records know the file."""
        return self.path.resolve().as_posix()

    @property
    def inside(self) -> str:
        """The path inside the named folder."""
        return self.path.relative_to(self.root).as_posix()


def find_files(paths: Sequence[Path]) -> list[FoundFile]:
    """All files of the given files and folders, each once, folders in order of names."""
    found: dict[Path, FoundFile] = {}
    for path in paths:
        for file in _walk(path) if path.is_dir() else [_named(path)]:
            found.setdefault(file.path.absolute(), file)
    return list(found.values())


def _named(path: Path) -> FoundFile:
    reason = "" if path.is_file() else "没有这个文件"
    return FoundFile(path, path.parent, reason)


def _walk(root: Path) -> list[FoundFile]:
    found: list[FoundFile] = []
    for folder, inner, names in os.walk(root):
        here = Path(folder)
        inner[:] = sorted(
            name for name in inner if not is_ignored(name) and not _is_pages(name, names)
        )
        if NOT_SOURCES in names:
            inner.clear()
            found.append(FoundFile(here, root, "数据文件夹，不是知识来源"))
            continue
        links = [name for name in inner if _leads_out(here / name, root)]
        kept = (here / name for name in (*links, *sorted(names)) if not is_ignored(name))
        found += [FoundFile(path, root, _why_not(path, root)) for path in kept]
    return found


def _is_pages(folder: str, names: list[str]) -> bool:
    """Whether a folder holds the pictures and scripts of a page that was saved beside it."""
    page = re.sub(r"(?:_files|\.files)$", "", folder)
    return page != folder and any(f"{page}{suffix}" in names for suffix in (".html", ".htm"))


def _leads_out(path: Path, root: Path) -> bool:
    """Whether a link leads out of the folder that was named; links within it are followed."""
    return path.is_symlink() and not path.resolve().is_relative_to(root.resolve())


def _why_not(path: Path, root: Path) -> str:
    if _leads_out(path, root):
        return "链接，指向文件夹之外，未读取"
    if not _is_utf8(path):
        return "文件名的编码不是 UTF-8，请改名后再导入"
    if _NOT_KNOWLEDGE.match(path.name):
        return "说明文件，不是知识来源"
    suffix = Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix
    return (
        ""
        if supported(suffix) or _is_picture(suffix)
        else f"不支持的文件类型 {suffix or '（无后缀）'}"
    )


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _is_picture(suffix: str) -> bool:
    """Pictures are opened, so that the report calls them scans."""
    return suffix.lower() in {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif"}


def document_ids(
    files: Sequence[FoundFile], origins: Mapping[str, Sequence[str]]
) -> dict[FoundFile, str]:
    """The id that each file's document gets where it names none itself (FORMATS §1).

    Its name; where names collide, its path inside the folder. What a file was once called stays.
    """
    owners = {source_id: origin for origin, ids in origins.items() for source_id in ids}
    names = Counter(file.path.name for file in files)
    given: dict[FoundFile, str] = {}
    for file in files:
        choices = (file.path.name, file.inside, f"{file.root.name}/{file.inside}")
        known = [source_id for source_id in origins.get(file.origin, ()) if source_id in choices]
        free = [
            choice
            for choice in choices[1 if names[file.path.name] > 1 else 0 :]
            if _is_free(choice, file, owners)
        ]
        given[file] = (known or free or [file.origin])[0]
    return given


def _is_free(source_id: str, file: FoundFile, owners: Mapping[str, str]) -> bool:
    """Whether no other file that still exists has the id."""
    owner = owners.get(source_id)
    return owner in {None, file.origin} or not Path(owner or "").exists()
