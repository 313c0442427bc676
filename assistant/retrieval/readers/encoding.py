"""Bytes → text for files that do not say how they are encoded."""

import codecs
import re

from assistant.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HAN = re.compile(r"[\u3400-\u9fff\ue000-\uf8ff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BINARY = re.compile(rb"[\x00-\x08]{2}")
_MOJIBAKE = re.compile(r"\ufffd|锟斤拷|烫烫烫|屯屯屯|(?:Ã.|â€.){3}")
_COMMON_SHARE = 0.7
"""Least share of GB 2312 level-1 characters in a Chinese text; Big5 read as GB gives about 0.4."""


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file: by its mark, as UTF-8, UTF-16 or GB18030, or as it declares.

    Raises:
        UnreadableFile: code `encoding` or `binary`.
    """
    text = _decoded(data, declared)
    if _CONTROL.search(text):
        raise _not_text()
    if len(_MOJIBAKE.findall(text)) > len(text) / 200:
        raise _wrong_encoding("内容已是乱码")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "utf-8" or _is_plausible(text):
            return text
    if _BINARY.search(data):
        raise _not_text()
    raise _wrong_encoding(_where_not_utf8(data))


def _candidates(data: bytes, declared: str | None) -> list[str]:
    others = [declared] if declared else []
    guesses = ["utf-8", *(_WIDER.get(name.lower(), name) for name in others), "gb18030"]
    return [*guesses, "utf-16-le", "utf-16-be"] if len(data) % 2 == 0 else guesses


_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
"""Pages declare the small set and use the large one."""


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _wrong_encoding(f"第 {error.start} 字节不是 {encoding}") from None


def _is_plausible(text: str) -> bool:
    """Whether a text decoded on trial reads like Chinese rather than like noise."""
    han = _HAN.findall(text[:20_000])
    if not han:
        return text.isascii()
    return sum(map(_is_common, han)) >= _COMMON_SHARE * len(han)


def _is_common(char: str) -> bool:
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _where_not_utf8(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"第 {error.start} 字节既不是 UTF-8 也不是 GB18030"
    return "无法判定编码"


def _not_text() -> UnreadableFile:
    return UnreadableFile("不是文本文件（含有控制字符）", code="binary")


def _wrong_encoding(reason: str) -> UnreadableFile:
    return UnreadableFile(
        f"文字编码有误：{reason}", code="encoding", hint="请另存为 UTF-8 后再导入"
    )
