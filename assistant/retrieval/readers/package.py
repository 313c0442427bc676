"""Zip containers (docx, xlsx, ofd, zip): opened with guards against bombs and entities."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from assistant.errors import UnreadableFile
from assistant.retrieval.readers.document import MIB, Limits, broken

_SMALL = 1 * MIB
"""Members below this are not judged by their ratio: short repetitive XML packs well."""


def open_package(data: bytes, kind: str, limits: Limits) -> zipfile.ZipFile:
    """The container, after its directory was checked.

    Raises:
        UnreadableFile: code `broken`, `encrypted` or `bomb`.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise broken(kind, error) from None
    _check_directory(package, limits)
    return package


def read_member(package: zipfile.ZipFile, name: str, kind: str, limits: Limits) -> bytes:
    """One member, never more bytes than allowed, whatever the directory says.

    Raises:
        UnreadableFile: code `broken` or `bomb`.
    """
    try:
        with package.open(name) as member:
            data = member.read(limits.unpacked_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError) as error:
        raise broken(kind, error) from None
    except (NotImplementedError, ValueError) as error:
        raise broken(kind, error) from None
    if len(data) > limits.unpacked_bytes:
        raise _bomb("解压后超过上限")
    return data


def check_xml(package: zipfile.ZipFile, kind: str, limits: Limits) -> None:
    """Refuse parts that declare a document type: office files have none, attacks do.

    Wherever it stands (behind a long comment too), and in UTF-16.

    Raises:
        UnreadableFile: code `broken` or `bomb`.
    """
    for name in xml_members(package):
        if b"<!DOCTYPE" in read_member(package, name, kind, limits).replace(b"\0", b""):
            raise UnreadableFile(f"{kind} 文件含有 DTD 声明，可能是攻击文件", code="bomb")


def xml_members(package: zipfile.ZipFile) -> Iterator[str]:
    """Names of the XML parts."""
    return (
        info.filename for info in package.infolist() if info.filename.endswith((".xml", ".rels"))
    )


def _check_directory(package: zipfile.ZipFile, limits: Limits) -> None:
    members = package.infolist()
    if len(members) > limits.members:
        raise _bomb(f"含 {len(members)} 个文件，上限 {limits.members}")
    if any(info.flag_bits & 0x1 for info in members):
        raise UnreadableFile("压缩包有密码", code="encrypted", hint="请去掉密码后再导入")
    total = sum(info.file_size for info in members)
    if total > limits.unpacked_bytes:
        raise _bomb(f"解压后 {total / MIB:.0f} MiB，上限 {limits.unpacked_bytes / MIB:.0f} MiB")
    for info in members:
        if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
            raise _bomb(f"{info.filename} 压缩比超过 {limits.ratio}")


def _bomb(reason: str) -> UnreadableFile:
    return UnreadableFile(f"疑似压缩炸弹：{reason}", code="bomb", hint="未解压；请确认文件来源")
