"""One file → its sources. Whatever is wrong with it becomes `UnreadableFile` or `FormatError`."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.domain.source import Source, SourceKind
from assistant.errors import AssistantError, FormatError, UnreadableFile
from assistant.retrieval.formats import parse_source, read_line, read_lines
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
    """The sources of a file. A document's id is `source_id`, else the file's name.

    Raises:
        UnreadableFile: the file cannot be read at all; `code` says why.
        FormatError: it breaks its exchange format as a whole.
    """
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        if path.suffix.lower() in {".jsonl", ".ndjson"}:
            check_size(size, limits.data_bytes)
            return _jsonl(path)
        check_size(size, limits.file_bytes)
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"打不开：{error.strerror or error}", code="unopened") from None
    return read_bytes(data, path.name, limits=limits, mapping=mapping, source_id=source_id)


def read_bytes(
    data: bytes,
    name: str,
    *,
    limits: Limits,
    mapping: TableMapping | None = None,
    source_id: str | None = None,
    depth: int = 0,
) -> ReadResult:
    """As `read_file`, for bytes that have a name (a member of a zip, an upload)."""
    check_size(len(data), limits.file_bytes)
    if name.lower().endswith(".gz"):
        data, name = _gunzipped(data, limits), name[:-3]
    suffix = PurePosixPath(name).suffix.lower()
    kind = kind_of(data, suffix)
    if kind == "office":
        target = TARGETS.get(suffix, "docx")
        data, kind = convert(data, suffix if suffix in TARGETS else ".doc", limits), target
    if kind == "zip":
        return _zip(data, name, limits, mapping, depth)
    if kind == "jsonl":
        return _lines(name, read_lines_of(data, name))
    if kind in {"xlsx", "csv"}:
        return _tables(data, kind, name, limits, mapping, source_id)
    try:
        document = _reader(kind)(data, limits)
    except FormatError as error:
        raise FormatError(error.message, where=name) from None
    return _as_result(document, name, source_id, limits)


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


def _tables(
    data: bytes,
    kind: str,
    name: str,
    limits: Limits,
    mapping: TableMapping | None,
    source_id: str | None,
) -> ReadResult:
    from assistant.retrieval.readers.sheet import read_csv, read_xlsx, table_sources

    sheets = read_xlsx(data, limits) if kind == "xlsx" else read_csv(data, limits)
    result = table_sources(sheets, name, mapping)
    return result if isinstance(result, ReadResult) else _as_result(result, name, source_id, limits)


def _as_result(document: Document, name: str, source_id: str | None, limits: Limits) -> ReadResult:
    """The document as a policy document; what it declares wins over what is recognised."""
    text = _NOT_TEXT.sub("", document.text)
    if not text.strip():
        raise UnreadableFile("没有正文", code="empty", hint="请检查文件内容")
    if len(text) > limits.characters:
        message = f"正文有 {len(text)} 字，上限 {limits.characters} 字"
        raise UnreadableFile(message, code="huge", hint="请拆分后再导入")
    found = asdict(recognise(text, title=document.title))
    row: dict[str, Any] = {"kind": SourceKind.POLICY.value, "id": source_id or name, "text": text}
    row |= {key: value for key, value in found.items() if value is not None}
    row |= document.declared
    if not row.get("title"):
        row["title"] = PurePosixPath(name).stem
    return ReadResult((parse_source(_json(row), where=name),), document.warnings)


def _json(row: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()
    }


def _jsonl(path: Path) -> ReadResult:
    return _lines(path.name, read_lines(path))


def read_lines_of(data: bytes, name: str) -> Iterator[Source | FormatError]:
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


def _zip(
    data: bytes, name: str, limits: Limits, mapping: TableMapping | None, depth: int
) -> ReadResult:
    """The sources of all members; a member that cannot be read is a warning."""
    if depth >= limits.depth:
        raise UnreadableFile(
            f"压缩包嵌套超过 {limits.depth} 层", code="bomb", hint="请解开后再导入"
        )
    package = open_package(data, "zip", limits)
    sources: list[Source] = []
    warnings: list[str] = []
    for info in sorted(package.infolist(), key=lambda info: info.filename):
        member = _member_name(info)
        if info.is_dir() or is_ignored(PurePosixPath(member).name):
            continue
        try:
            inner = read_member(package, info.filename, "zip", limits)
            result = read_bytes(
                inner,
                PurePosixPath(member).name,
                limits=limits,
                mapping=mapping,
                source_id=f"{name}/{member}",
                depth=depth + 1,
            )
        except AssistantError as error:
            warnings.append(f"{name}/{member}：{error}")
            continue
        sources += result.sources
        warnings += [f"{name}/{member}：{warning}" for warning in result.warnings]
    if not sources:
        reason = f"：{warnings[0]}" if warnings else ""
        raise UnreadableFile(f"压缩包里没有能读的文件{reason}", code="empty")
    return ReadResult(tuple(sources), tuple(warnings))


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes GBK, which zipfile takes for cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def is_ignored(name: str) -> bool:
    """Files that systems and editors leave behind."""
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in {"thumbs.db", "desktop.ini"}
