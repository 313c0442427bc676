"""Files → versions of sources in the records, with a report of what was read, skipped and why.

Each slice of sources is one transaction, so that an ingest can be stopped at any point; run
again, it goes on where it was, since what is stored already changes nothing.
"""

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from assistant.domain.source import Source
from assistant.errors import AssistantError, BadInput, UnreadableFile
from assistant.records.source_rows import NewSource
from assistant.records.source_writes import Put
from assistant.retrieval.files import FoundFile, document_ids, find_files
from assistant.retrieval.formats import to_row
from assistant.retrieval.readers import FileReader, Limits, ReadResult
from assistant.retrieval.readers.sheet_mapping import load_mapping
from assistant.retrieval.sections import passages_of

PASSAGES_VERSION = 3
"""Grows when the same source gives other passages, so that the next ingest stores them anew."""

SLICE = 200
"""Sources that are sectioned and handed to the records at a time."""

Progress = Callable[[int, int], None]
"""Told how many of how many bytes are done."""

_logger = logging.getLogger(__name__)


class Repository(Protocol):
    """What an ingest needs of the records."""

    async def put_many(self, rows: Sequence[NewSource]) -> list[Put]:
        """Store sources, each whole or absent."""

    async def retire(self, source_id: str) -> bool:
        """Take a source out of use."""

    async def origins(self) -> dict[str, list[str]]:
        """The ids of sources in use by the file they were read from."""


@dataclass(frozen=True, slots=True)
class IngestRow:
    """What became of one file (or, for `vanished` and `retired`, of what it once gave).

    `status`: created, changed, unchanged (the most that happened to one of its sources), skipped
    (no source file), failed, vanished, retired. `code` is the short word of an unreadable file.
    """

    path: str
    status: str
    source_ids: tuple[str, ...] = ()
    message: str = ""
    code: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """All files of an ingest, in the order in which they were read."""

    rows: tuple[IngestRow, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Sources by what became of them; files by skipped and failed."""
        total: Counter[str] = Counter()
        for row in self.rows:
            total.update(row.counts or {row.status: max(1, len(row.source_ids))})
        return dict(total)

    @property
    def read_nothing(self) -> bool:
        """Whether no file at all could be read."""
        return not any(row.counts for row in self.rows)


class Ingestor:
    """Adds files to a knowledge base."""

    def __init__(
        self,
        repository: Repository,
        limits: Limits | None = None,
        region_of: Callable[[str], str | None] | None = None,
    ) -> None:
        """`region_of` gives the region of a document by its issuer, where it names none itself."""
        self._repository = repository
        self._reader = FileReader(limits or Limits(), None, region_of)

    async def ingest(
        self,
        paths: Sequence[Path],
        *,
        mapping: Path | None = None,
        retire_missing: bool = False,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Read files and folders; a file that cannot be read is a row and stops nothing else.

        What the records hold from files under `paths` that are gone is listed as vanished, and
        taken out of use with `retire_missing`.

        Raises:
            FormatError: the mapping file is wrong.
        """
        reader = replace(self._reader, mapping=load_mapping(mapping) if mapping else None)
        files = await asyncio.to_thread(find_files, paths)
        origins = await self._repository.origins()
        run = _Run(self._repository, reader, origins, progress or _silent)
        rows = await run.read_all(files)
        rows += await run.vanished(paths, files, retire=retire_missing)
        return IngestReport(tuple(rows))


def digest_of(source: Source) -> str:
    """A digest of all that is stored of a source: its keys and the way it is cut."""
    row = json.dumps(to_row(source), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{PASSAGES_VERSION}\n{row}".encode("utf-8", "replace")).hexdigest()


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


class _Run:
    """One ingest: what was given by which file so far."""

    def __init__(
        self,
        repository: Repository,
        reader: FileReader,
        origins: Mapping[str, Sequence[str]],
        progress: Progress,
    ) -> None:
        self._repository = repository
        self._reader = reader
        self._origins = origins
        self._progress = progress
        self._given_by: dict[str, str] = {}
        self._whole: set[str] = set()
        self._done = self._total = 0

    async def read_all(self, files: Sequence[FoundFile]) -> list[IngestRow]:
        ids = document_ids([file for file in files if not file.reason], self._origins)
        sizes = [_size(file.path) for file in files]
        self._total = sum(sizes)
        rows = []
        for file, size in zip(files, sizes, strict=True):
            self._progress(self._done, self._total)
            rows.append(await self._read(file, ids.get(file, "")))
            self._done += size
        self._progress(self._total, self._total)
        return rows

    async def _read(self, file: FoundFile, source_id: str) -> IngestRow:
        path = file.path.as_posix()
        if file.reason:
            missing = not file.path.exists()
            return IngestRow(path, "failed" if missing else "skipped", message=file.reason)
        try:
            result = await asyncio.to_thread(self._read_file, file, source_id)
        except UnreadableFile as error:
            status = "skipped" if error.code in {"not_source", "unsupported"} else "failed"
            return IngestRow(path, status, message=str(error), code=error.code)
        except AssistantError as error:
            return IngestRow(path, "failed", message=str(error), code="format")
        if not result.warnings:
            self._whole.add(file.origin)
        return await self._store(file, result)

    def _read_file(self, file: FoundFile, source_id: str) -> ReadResult:
        try:
            return self._reader.read(file.path, source_id)
        except AssistantError:
            raise
        except Exception as error:  # whatever a file does, the run goes on
            _logger.debug("could not read %s", file.path, exc_info=True)
            kind = type(error).__name__
            raise UnreadableFile(
                f"读取时出错（{kind}）", code="broken", hint="请检查文件"
            ) from None

    async def _store(self, file: FoundFile, result: ReadResult) -> IngestRow:
        sources, warnings = self._without_duplicates(file, result)
        counts: Counter[str] = Counter()
        for start in range(0, len(sources), SLICE):
            part = sources[start : start + SLICE]
            rows = await asyncio.to_thread(new_sources, part, file.origin)
            puts = await self._put(rows, warnings)
            counts.update(put.status for put in puts)
            self._progress(self._done + start * _size(file.path) // len(sources), self._total)
        warnings += result.notes
        return IngestRow(
            file.path.as_posix(),
            next((name for name in ("changed", "created", "unchanged") if counts[name]), "failed"),
            tuple(source.id for source in sources),
            "；".join(warnings[:3]) + (f" 等 {len(warnings)} 处" if len(warnings) > 3 else ""),
            counts=dict(counts),
            warnings=tuple(warnings),
        )

    async def _put(self, rows: list[NewSource], warnings: list[str]) -> list[Put]:
        """Store a slice; where one source cannot be stored, the others still are."""
        try:
            return await self._repository.put_many(rows)
        except BadInput as error:
            if len(rows) == 1:
                warnings.append(f"{rows[0].source.id}：{error}")
                return []
        return [put for row in rows for put in await self._put([row], warnings)]

    def _without_duplicates(
        self, file: FoundFile, result: ReadResult
    ) -> tuple[list[Source], list[str]]:
        here = file.path.as_posix()
        sources: dict[str, Source] = {}
        warnings = list(result.warnings)
        for source in result.sources:
            other = self._given_by.setdefault(source.id, here)
            if other != here:
                warnings.append(f"id {source.id} 已由 {other} 给出，未采用")
            elif source.id in sources:
                warnings.append(f"id {source.id} 在本文件中重复，只采用第一条")
            else:
                sources[source.id] = source
        return list(sources.values()), warnings

    async def vanished(
        self, paths: Sequence[Path], files: Sequence[FoundFile], *, retire: bool
    ) -> list[IngestRow]:
        """Rows for stored sources whose file, or whose place in its file, is gone."""
        roots = [path.resolve() for path in paths]
        present = {file.origin for file in files}
        rows = []
        for origin, ids in sorted(self._origins.items()):
            gone = tuple(self._gone(origin, ids, roots, present))
            if not gone:
                continue
            if retire:
                for source_id in gone:
                    await self._repository.retire(source_id)
            message = "已停用" if retire else "来源文件已不在；加 --retire-missing 可停用"
            rows.append(IngestRow(origin, "retired" if retire else "vanished", gone, message))
        return rows

    def _gone(
        self, origin: str, ids: Sequence[str], roots: list[Path], present: set[str]
    ) -> Iterator[str]:
        """A file that could not be read whole keeps what it gave before."""
        path = Path(origin)
        below = any(root == path or root in path.parents for root in roots)
        lost = below and origin not in present and not path.exists()
        for source_id in ids:
            if source_id not in self._given_by and (lost or origin in self._whole):
                yield source_id


def new_sources(sources: Sequence[Source], origin: str) -> list[NewSource]:
    """Sources with their passages and digests, as the records store them."""
    return [NewSource(source, passages_of(source), digest_of(source), origin) for source in sources]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
