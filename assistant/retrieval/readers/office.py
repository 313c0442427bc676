"""Old office files (.doc, .wps, .rtf, .xls, .et) through LibreOffice, where it is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from assistant.errors import UnreadableFile
from assistant.retrieval.readers.document import Limits, broken

TARGETS = {".doc": "docx", ".wps": "docx", ".rtf": "docx", ".odt": "docx", ".dot": "docx"}
TARGETS |= {".xls": "xlsx", ".et": "xlsx", ".ods": "xlsx"}
"""Suffix → what LibreOffice makes of it."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"{\\rtf", b"PK\x03\x04", b"<?xml")
"""Rich text, OpenDocument or OOXML under an old name, Word 2003 XML."""


def soffice() -> str | None:
    """The LibreOffice program, where there is one."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(data: bytes, suffix: str, limits: Limits) -> bytes:
    """The file as .docx or .xlsx.

    Each call has a LibreOffice profile of its own: two runs on one profile wait for each other.

    Raises:
        UnreadableFile: code `unsupported` (no LibreOffice), `timeout` or `broken`.
    """
    _check(data, suffix)
    program = soffice()
    if program is None:
        raise UnreadableFile(
            f"读取 {suffix} 需要 LibreOffice",
            code="unsupported",
            hint="请安装 libreoffice 或另存为 docx/xlsx",
        )
    with tempfile.TemporaryDirectory(prefix="convert-") as folder:
        source = Path(folder) / f"in{suffix}"
        source.write_bytes(data)
        _run(program, source, TARGETS[suffix], limits.convert_seconds)
        target = source.with_suffix(f".{TARGETS[suffix]}")
        if not target.exists():
            raise broken(suffix, "LibreOffice 无法转换")
        return target.read_bytes()


def _check(data: bytes, suffix: str) -> None:
    """Refuse what is no office file: LibreOffice would read any bytes as text.

    Old Word and WPS files are OLE files with a stream WordDocument, Excel's with Workbook or Book.
    """
    if data.startswith(_OLE):
        streams = ("Workbook", "Book") if TARGETS[suffix] == "xlsx" else ("WordDocument",)
        if not any(stream.encode("utf-16-le") in data for stream in streams):
            raise broken(suffix, "没有文档内容")
    elif not data.startswith(_OTHERS) and b"<html" not in data[:2048].lower():
        raise broken(suffix, "不是 Office 文件")


def _run(program: str, source: Path, target: str, seconds: float) -> None:
    folder = source.parent
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *(
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            str(source),
        ),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603  # no shell, own paths
    except subprocess.TimeoutExpired:
        raise UnreadableFile(
            f"转换超过 {seconds:.0f} 秒", code="timeout", hint="请另存为 docx"
        ) from None
    except OSError as error:
        raise broken(source.suffix, error) from None
