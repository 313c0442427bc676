"""One file → its sources. Whatever is wrong with it becomes `UnreadableFile` or `FormatError`."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.domain.source import Source, SourceKind
from assistant.errors import AssistantError, FormatError, UnreadableFile
from assistant.retrieval.formats import parse_source, read_line, read_lines
from assistant.retrieval.issuing_region import looks_local, title_opening
from assistant.retrieval.metadata import recognise
from assistant.retrieval.readers.document import (
    Document,
    Limits,
    ReadResult,
    broken,
    check_size,
)
from assistant.retrieval.readers.kinds import kind_of
from assistant.retrieval.readers.office import TARGETS, convert
from assistant.retrieval.readers.package import open_package, read_member
from assistant.retrieval.readers.sheet_mapping import TableMapping

_Read = Callable[[bytes, Limits], Document]
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What fonts without a proper table give, and no database keeps."""
_SHOWN_ERRORS = 20
"""Bad lines of one file that are listed one by one; the rest is counted."""


def read_file(
    path: Path,
    *,
    limits: Limits | None = None,
    mapping: TableMapping | None = None,
    source_id: str | None = None,
) -> ReadResult:
    """The sources of a file; see `FileReader.read`."""
    return FileReader(limits or Limits(), mapping).read(path, source_id)


def read_bytes(
    data: bytes, name: str, *, limits: Limits, mapping: TableMapping | None = None
) -> ReadResult:
    """The sources of a file's bytes; see `FileReader.read_bytes`."""
    return FileReader(limits, mapping).read_bytes(data, name)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files of all kinds. `region_of` gives the region code that an issuer stands for."""

    limits: Limits = field(default_factory=Limits)
    mapping: TableMapping | None = None
    region_of: Callable[[str], str | None] | None = None

    def read(self, path: Path, source_id: str | None = None) -> ReadResult:
        """The sources of a file. A document's id is `source_id`, else the file's name.

        Raises:
            UnreadableFile: the file cannot be read at all; `code` says why.
            FormatError: it breaks its exchange format as a whole.
        """
        try:
            size = path.stat().st_size
            if path.suffix.lower() in {".jsonl", ".ndjson"}:
                check_size(size, self.limits.data_bytes)
                return _lines(path.name, read_lines(path))
            check_size(size, self.limits.file_bytes)
            data = path.read_bytes()
        except OSError as error:
            raise UnreadableFile(f"打不开：{error.strerror or error}", code="unopened") from None
        return self.read_bytes(data, path.name, source_id)

    def read_bytes(
        self, data: bytes, name: str, source_id: str | None = None, depth: int = 0
    ) -> ReadResult:
        """As `read`, for bytes that have a name (a member of a zip)."""
        check_size(len(data), self.limits.file_bytes)
        if name.lower().endswith(".gz"):
            data, name = _gunzipped(data, self.limits), name[:-3]
        data, kind = self._as_known_kind(data, PurePosixPath(name).suffix.lower())
        if kind == "zip":
            return self._zip(data, name, depth)
        if kind == "jsonl":
            return _lines(name, _read_lines(data, name))
        try:
            result = self._table(data, kind, name) or _reader(kind)(data, self.limits)
        except FormatError as error:
            where = "" if error.message.startswith(name) else name
            raise FormatError(error.message, where=where) from None
        if isinstance(result, ReadResult):
            return result
        return self._document(result, name, source_id or name)

    def _as_known_kind(self, data: bytes, suffix: str) -> tuple[bytes, str]:
        """The bytes and their kind; what only LibreOffice reads is converted."""
        kind = kind_of(data, suffix)
        if kind != "office":
            return data, kind
        suffix = suffix if suffix in TARGETS else ".doc"
        return convert(data, suffix, self.limits), TARGETS[suffix]

    def _table(self, data: bytes, kind: str, name: str) -> ReadResult | Document | None:
        if kind not in {"xlsx", "csv"}:
            return None
        from assistant.retrieval.readers.sheet import read_csv, read_xlsx, table_sources

        read = read_xlsx if kind == "xlsx" else read_csv
        return table_sources(read(data, self.limits), name, self.mapping)

    def _document(self, document: Document, name: str, source_id: str) -> ReadResult:
        """The document as a policy document; what it declares wins over what is recognised."""
        text = _NOT_TEXT.sub("", document.text)
        _check_length(text, self.limits)
        found = asdict(recognise(text, title=document.title))
        row: dict[str, Any] = {"kind": SourceKind.POLICY.value, "id": source_id, "text": text}
        row |= {key: value for key, value in found.items() if value is not None}
        row |= document.declared
        if not row.get("title"):
            row["title"] = PurePosixPath(name).stem
        notes = self._placed(row) if self.region_of and not row.get("region") else ()
        return ReadResult((parse_source(_json(row), where=name),), document.warnings, notes)

    def _placed(self, row: dict[str, Any]) -> tuple[str, ...]:
        """Give a document the region of its issuer, else of its title; a note if it has none."""
        openings = (str(row.get("issuer") or ""), title_opening(str(row["title"])))
        found = (self.region_of(words) for words in openings if self.region_of and words)
        row["region"] = next((code for code in found if code), None)
        if row["region"] or not looks_local(row["text"], row.get("document_number")):
            return ()
        return ("像是地方文件，但没有认出适用地区，已按全国收录；请在文件开头写明 region",)

    def _zip(self, data: bytes, name: str, depth: int) -> ReadResult:
        """The sources of all members; a member that cannot be read is a warning."""
        if depth >= self.limits.depth:
            message = f"压缩包嵌套超过 {self.limits.depth} 层"
            raise UnreadableFile(message, code="bomb", hint="请解开后再导入")
        package = open_package(data, "zip", self.limits)
        sources: list[Source] = []
        warnings: list[str] = []
        notes: list[str] = []
        for info, member in _members(package):
            try:
                inner = read_member(package, info.filename, "zip", self.limits)
                plain = PurePosixPath(member).name
                result = self.read_bytes(inner, plain, f"{name}/{member}", depth + 1)
            except AssistantError as error:
                warnings.append(f"{name}/{member}：{error}")
                continue
            sources += result.sources
            warnings += [f"{name}/{member}：{warning}" for warning in result.warnings]
            notes += [f"{name}/{member}：{note}" for note in result.notes]
        if not sources:
            reason = f"：{warnings[0]}" if warnings else ""
            raise UnreadableFile(f"压缩包里没有能读的文件{reason}", code="empty")
        return ReadResult(tuple(sources), tuple(warnings), tuple(notes))


def _check_length(text: str, limits: Limits) -> None:
    if not text.strip():
        raise UnreadableFile("没有正文", code="empty", hint="请检查文件内容")
    if len(text) > limits.characters:
        message = f"正文有 {len(text)} 字，上限 {limits.characters} 字"
        raise UnreadableFile(message, code="huge", hint="请拆分后再导入")


def _reader(kind: str) -> _Read:
    """The reader of a kind, imported when it is needed."""
    if kind == "docx":
        from assistant.retrieval.readers.word import read_docx

        return read_docx
    if kind == "pdf":
        from assistant.retrieval.readers.pdf import read_pdf

        return read_pdf
    if kind == "ofd":
        from assistant.retrieval.readers.ofd import read_ofd

        return read_ofd
    return _text_reader(kind)


def _text_reader(kind: str) -> _Read:
    if kind in {"html", "mhtml"}:
        from assistant.retrieval.readers import html

        read_page = html.read_html if kind == "html" else html.read_mhtml
        return lambda data, _: read_page(data)
    from assistant.retrieval.readers import plain

    read = plain.read_markdown if kind == "markdown" else plain.read_text
    return lambda data, _: read(data)


def _json(row: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()
    }


def _read_lines(data: bytes, name: str) -> Iterator[Source | FormatError]:
    """`read_lines` for bytes."""
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            yield read_line(line, f"{name}:{number}")


def _lines(name: str, items: Iterator[Source | FormatError]) -> ReadResult:
    """The good lines; bad ones are warnings. A file without a good line is no source file."""
    sources: list[Source] = []
    errors: list[FormatError] = []
    for item in items:
        if isinstance(item, FormatError):
            errors.append(item)
        else:
            sources.append(item)
    if not sources and errors:
        raise _not_sources(errors)
    if not sources:
        raise UnreadableFile("文件是空的", code="empty")
    shown = [str(error) for error in errors[:_SHOWN_ERRORS]]
    if len(errors) > len(shown):
        shown.append(f"{name}: 另有 {len(errors) - len(shown)} 行有误")
    return ReadResult(tuple(sources), tuple(shown))


def _not_sources(errors: list[FormatError]) -> AssistantError:
    """Lines of another format (test cases, a lexicon) are told from lines of ours with mistakes."""
    if all(": 键 kind：" in error.message for error in errors):
        return UnreadableFile("不是知识来源（没有 kind 键）", code="not_source")
    more = f"；共 {len(errors)} 行有误" if len(errors) > 1 else ""
    return FormatError(f"{errors[0].message}{more}")


def _gunzipped(data: bytes, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            text = stream.read(limits.unpacked_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise broken("gzip", error) from None
    if len(text) > limits.unpacked_bytes:
        raise UnreadableFile("疑似压缩炸弹：解压后超过上限", code="bomb")
    return text


def _members(package: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Files of a zip with their names, in order of names."""
    for info in sorted(package.infolist(), key=lambda info: info.filename):
        member = _member_name(info)
        if not info.is_dir() and not is_ignored(PurePosixPath(member).name):
            yield info, member


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name, without ways out of the package (`..`, `/`, drives)."""
    parts = re.split(r"[/\\]", _decoded(info))
    kept = (part for part in parts if part not in {"", ".", ".."} and not part.endswith(":"))
    return "/".join(kept)


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name as written; Chinese Windows writes GBK, which zipfile takes for cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def is_ignored(name: str) -> bool:
    """Files that systems and editors leave behind."""
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in {"thumbs.db", "desktop.ini"}
