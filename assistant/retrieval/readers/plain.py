"""Markdown and plain text; a Markdown file may begin with a block of the keys of FORMATS §1."""

import re

from assistant.errors import FormatError
from assistant.retrieval.readers.document import Document
from assistant.retrieval.readers.encoding import decode

_FENCE = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]*(.*)")
_LISTS = frozenset({"supersedes", "tags"})
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def read_text(data: bytes) -> Document:
    """A plain text file."""
    return Document(decode(data).strip("\n"))


def read_markdown(data: bytes) -> Document:
    """A Markdown file, with the keys of its front matter where it has one.

    Raises:
        FormatError: a line of the front matter is not `key: value`.
    """
    text = decode(data)
    fence = _FENCE.match(text)
    declared = front_matter(fence[1]) if fence else {}
    body = text[fence.end() :] if fence else text
    title = _TITLE.search(body)
    return Document(body.strip("\n"), title[1].strip() if title else None, declared)


def front_matter(block: str) -> dict[str, object]:
    """Lines `key: value`; lists as `[a, b]`; an empty value is null. No YAML.

    Raises:
        FormatError: names the line.
    """
    keys: dict[str, object] = {}
    for number, line in enumerate(block.split("\n"), start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _KEY.fullmatch(line.strip())
        if match is None or match[1] in keys:
            raise FormatError(f"文首元数据第 {number} 行应为「键: 值」且不重复")
        keys[match[1]] = _value(match[1], match[2].strip())
    return keys


def _value(key: str, text: str) -> object:
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(part) for part in re.split(r"[,，]", text[1:-1]) if part.strip()]
    if key in _LISTS and text:
        return [_unquoted(text)]
    return _unquoted(text) or None


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text
