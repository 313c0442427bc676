"""What readers give and how much they take."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.domain.source import Source
from assistant.errors import AssistantError, UnreadableFile

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a reader stops, so that one file cannot stop a run."""

    file_bytes: int = 100 * MIB
    data_bytes: int = 2048 * MIB
    characters: int = 5_000_000
    pages: int = 2_000
    rows: int = 200_000
    members: int = 5_000
    unpacked_bytes: int = 500 * MIB
    ratio: int = 200
    depth: int = 2
    convert_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a document file, before they are a source.

    A row of a table is one line, its cells separated by tabs. `declared` holds the keys of
    FORMATS §1 that the file states about itself (front matter, a page's metadata table).
    """

    text: str
    title: str | None = None
    declared: dict[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The sources of one file, what was wrong with parts of it, and what people should look at."""

    sources: tuple[Source, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def check_size(size: int, limit: int) -> None:
    """Refuse an empty or a huge file.

    Raises:
        UnreadableFile: code `empty` or `huge`.
    """
    if size == 0:
        raise UnreadableFile("文件是空的", code="empty", hint="请检查是否保存或传输完整")
    if size > limit:
        message = f"文件过大：{size / MIB:.1f} MiB，上限 {limit / MIB:.0f} MiB"
        raise UnreadableFile(message, code="huge", hint="请拆分后再导入")


def broken(kind: str, error: Exception | str) -> UnreadableFile:
    """A file that is damaged or is not what its name says."""
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return UnreadableFile(
        f"不是可读的 {kind} 文件（{reason}）", code="broken", hint="文件可能损坏，请重新保存或下载"
    )


@contextmanager
def reading(kind: str) -> Iterator[None]:
    """Report whatever a library raises over a damaged file as `broken`.

    Libraries of office formats raise anything (KeyError, AttributeError, their own) on bad input.
    """
    try:
        yield
    except AssistantError:
        raise
    except Exception as error:  # noqa: BLE001  # see above: there is no common base
        raise broken(kind, error) from None
