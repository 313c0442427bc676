"""What is wrong with an input, in Chinese. Needs no web framework: `ask` says the same."""

from collections.abc import Mapping, Sequence
from typing import Any

_MESSAGES = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文字",
    "string_too_short": "不能少于 {min_length} 个字",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_unicode": "含有无法识别的字符",
    "string_pattern_mismatch": "格式不对",
    "too_long": "最多 {max_length} 项",
    "list_type": "应为列表",
    "int_parsing": "应为整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "enum": "只能是 {expected}",
    "model_attributes_type": "应为一个 JSON 对象",
    "dict_type": "应为一个 JSON 对象",
}


def where(location: Sequence[object]) -> str:
    """Where in an input an error lies: `body.question`."""
    return utf8(".".join(str(part) for part in location))[:100]


def message(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors in Chinese, without the value."""
    context = error.get("ctx") or {}
    if error["type"] == "value_error":
        return str(context.get("error", "格式不对"))
    template = _MESSAGES.get(str(error["type"]), "格式不对")
    return template.format_map({key: utf8(str(value)) for key, value in context.items()})


def utf8(text: str) -> str:
    """Text that UTF-8 can carry: a lone surrogate of a bad request must not break its reply."""
    return text.encode("utf-8", "replace").decode("utf-8")
