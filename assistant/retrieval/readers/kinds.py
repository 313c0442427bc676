"""What kind of file some bytes are: by their content first, else by the suffix."""

from assistant.errors import UnreadableFile
from assistant.retrieval.readers.office import TARGETS

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".pdf": "pdf",
    ".ofd": "ofd",
    ".zip": "zip",
}
_IN_PACKAGE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd"))
_PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"})


def kind_of(data: bytes, suffix: str) -> str:
    """`markdown`, `docx`, … or `office` for what LibreOffice converts.

    Raises:
        UnreadableFile: code `scan` (a picture), `encrypted` or `unsupported`.
    """
    suffix = suffix.lower()
    if suffix in _PICTURE_SUFFIXES or data.startswith(_PICTURES[:3]):
        raise UnreadableFile("是图片，不是文字", code="scan", hint="请先做文字识别（OCR）")
    if data.startswith(_OLE):
        return _compound(data, suffix)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04") and suffix != ".zip":
        return _packaged(data, suffix)
    return _by_suffix(suffix)


def _compound(data: bytes, suffix: str) -> str:
    """An OLE file: an encrypted docx or xlsx, or an old office file."""
    if _ENCRYPTED_PACKAGE in data:
        raise UnreadableFile("Office 文件有密码", code="encrypted", hint="请去掉密码后再导入")
    return "office" if suffix in TARGETS or suffix in {".docx", ".xlsx"} else _by_suffix(suffix)


def _packaged(data: bytes, suffix: str) -> str:
    named = [kind for member, kind in _IN_PACKAGE if member.encode() in data]
    if named:
        return named[0]
    return "office" if suffix in TARGETS else "zip" if suffix == ".zip" else _by_suffix(suffix)


def _by_suffix(suffix: str) -> str:
    if suffix in TARGETS:
        return "office"
    if suffix not in _BY_SUFFIX:
        raise UnreadableFile(f"不支持的文件类型 {suffix or '（无后缀）'}", code="unsupported")
    return _BY_SUFFIX[suffix]


def supported(suffix: str) -> bool:
    """Whether a file with this suffix is worth opening."""
    return suffix.lower() in _BY_SUFFIX or suffix.lower() in TARGETS
