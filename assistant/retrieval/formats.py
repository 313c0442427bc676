"""The exchange formats of FORMATS §1–3: JSON Lines ↔ domain values, and their JSON Schemas."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assistant.domain.source import Source, SourceKind
from assistant.errors import FormatError
from assistant.retrieval.format_rows import ROWS, Row

JsonObject = dict[str, Any]

_KIND_OF: Mapping[type[Any], SourceKind] = {row.domain_type: kind for kind, row in ROWS.items()}
_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: SourceKind | str) -> JsonObject:
    """The JSON Schema (2020-12) of one line of a kind.

    Raises:
        ValueError: no such kind.
    """
    row = ROWS[SourceKind(kind)]
    return {"$schema": _SCHEMA_DIALECT, **row.model_json_schema(), "title": SourceKind(kind).value}


def parse_source(row: object, *, where: str = "") -> Source:
    """A source from a JSON object.

    Raises:
        FormatError: the object breaks the format; the message names the key, `where` the place.
    """
    if not isinstance(row, dict):
        raise FormatError("应为一个 JSON 对象", where=where)
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in set(SourceKind):
        known = "、".join(SourceKind)
        raise FormatError(f"键 kind：{kind!r} 不是 {known} 之一", where=where)
    try:
        source: Source = to_domain(ROWS[SourceKind(kind)].model_validate(row))
    except ValidationError as error:
        raise FormatError(_complaint(error), where=where) from None
    return source


def to_domain(row: Row) -> Any:
    """The domain value of a row; null keys take the domain's default."""
    given = ((name, getattr(row, name)) for name in type(row).model_fields if name != "kind")
    return row.domain_type(**{name: _value(item) for name, item in given if item is not None})


def to_row(source: Source) -> JsonObject:
    """The JSON object of a source: `parse_source(to_row(source)) == source`. Nulls are left out."""
    return {"kind": _KIND_OF[type(source)].value, **_plain(source)}


def read_jsonl(path: Path) -> Iterator[Source]:
    """The sources of a JSON Lines file, in order. Blank lines are skipped.

    Raises:
        FormatError: at the first bad line; `where` is `file:line`.
    """
    for item in read_lines(path):
        if isinstance(item, FormatError):
            raise item
        yield item


def read_lines(path: Path) -> Iterator[Source | FormatError]:
    """As `read_jsonl`, but a bad line is given as its error and reading goes on."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield read_line(line, f"{path.name}:{number}")


def write_jsonl(path: Path, sources: Iterable[Source]) -> None:
    """Write sources as JSON Lines; `read_jsonl` gives them back."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for source in sources:
            out.write(json.dumps(to_row(source), ensure_ascii=False) + "\n")


def parse_json(line: bytes, where: str) -> Any:
    """One line of JSON, as strict as RFC 8259: UTF-8, no NaN, no key twice.

    Raises:
        FormatError: it is not that; `where` is in the message.
    """
    try:
        text = line.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise FormatError("不是 UTF-8 文本", where=where) from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"不是合法的 JSON（{error}）", where=where) from None


def read_line(line: bytes, where: str) -> Source | FormatError:
    """The source of one line, or the error that it is."""
    try:
        return parse_source(parse_json(line, where), where=where)
    except FormatError as error:
        return error


def _unique_keys(pairs: list[tuple[str, Any]]) -> JsonObject:
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"键 {next(key for key in keys if keys.count(key) > 1)} 出现了两次")
    return row


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} 不是 JSON 的数")


def _value(item: object) -> object:
    if isinstance(item, Row):
        return to_domain(item)
    return tuple(_value(each) for each in item) if isinstance(item, list) else item


def _plain(value: object) -> Any:
    if is_dataclass(value):
        given = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: _plain(item) for name, item in given if item is not None}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


_WORDS: Mapping[str, str] = {
    "extra_forbidden": "未知的键",
    "missing": "缺少必需的键",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数",
    "bool_type": "应为 true 或 false",
    "string_type": "应为字符串",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "不合格式",
    "list_type": "应为列表",
    "model_type": "应为 JSON 对象",
    "enum": "不在允许的值之中",
    "greater_than_equal": "不能为负",
    "finite_number": "应为有限的数",
    "string_unicode": "含有不成对的代理字符",
}


def _complaint(error: ValidationError) -> str:
    return "；".join(
        f"键 {_path(detail['loc'])}：{_words(detail)}"
        for detail in error.errors(include_url=False)[:5]
    )


def _words(detail: ErrorDetails) -> str:
    return _WORDS.get(detail["type"], detail["msg"].removeprefix("Value error, "))


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")
