"""A rule pack as written: word lists, official terms, rules; read with clear errors."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NoReturn

from assistant.domain.screening import Severity
from assistant.errors import FormatError
from assistant.safety.sentence_forms import squeeze

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_REPEAT_OF_REPEAT = re.compile(r"[+*}]\)[+*{]")
_LONGEST_PATTERN = 1200
_MOST_SPELLINGS = 200
_RULE_KEYS = {"name", "code", "severity", "reason", "any", "none", "patterns", "note"}
_PACK_KEYS = {"pack", "version", "note", "licence", "official", "words", "sounds", "rules"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Hits where one form of `any` or one pattern is found, and no form of `none`.

    Forms see the squeezed text (sentence_forms); `patterns` are regular expressions over the
    folded text with its marks, for what forms cannot say (code, addresses, English).
    """

    name: str
    code: str
    severity: Severity
    reason: str
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack. `words` are its lists with all spellings; `text` is the JSON that it came from."""

    name: str
    version: str
    note: str
    official: tuple[str, ...]
    words: Mapping[str, frozenset[str]]
    rules: tuple[Rule, ...]
    text: str = field(default="", repr=False)


def read_pack(text: str, where: str = "规则包") -> Pack:
    """Read a pack. Raises FormatError that names place and remedy."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"不是合法的 JSON：{error.msg}", where=f"{where}:{error.lineno}", hint="检查逗号和引号"
        ) from error
    row = _table(data, where)
    _known(row, _PACK_KEYS, where)
    name = _string(row, "pack", where)
    if not _NAME.fullmatch(name):
        _fail(f"pack 的名称“{name}”不合规", where, "只用小写字母、数字和下划线")
    rules = tuple(
        _rule(rule, f"{where} 第 {at} 条规则")
        for at, rule in enumerate(_list(row, "rules", where), start=1)
    )
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        _fail("有同名的规则", where, "每条规则的 name 要不同")
    return Pack(
        name=name,
        version=_string(row, "version", where),
        note=_string(row, "note", where),
        official=_strings(row, "official", where),
        words=_word_lists(row, where),
        rules=rules,
        text=text,
    )


def read_pack_file(path: Path) -> Pack:
    """Read a pack's file."""
    return read_pack(path.read_text("utf-8"), path.name)


def _rule(value: object, where: str) -> Rule:
    row = _table(value, where)
    name = _string(row, "name", where)
    where = f"{where}（{name}）"
    _known(row, _RULE_KEYS, where)
    severity = row.get("severity", Severity.SET_ASIDE)
    if severity not in (Severity.SET_ASIDE, Severity.SERIOUS):
        _fail(f"severity 不能是“{severity}”", where, "写 set_aside 或 serious")
    rule = Rule(
        name=name,
        code=_string(row, "code", where),
        severity=Severity(str(severity)),
        reason=_string(row, "reason", where),
        any=_strings(row, "any", where),
        none=_strings(row, "none", where),
        patterns=tuple(_pattern(p, where) for p in _strings(row, "patterns", where)),
    )
    if not rule.any and not rule.patterns:
        _fail("既没有 any 也没有 patterns", where, "至少写一个句式")
    return rule


def _pattern(source: str, where: str) -> re.Pattern[str]:
    if len(source) > _LONGEST_PATTERN or _REPEAT_OF_REPEAT.search(source):
        _fail("正则太长或重复里套重复", where, "拆成几条，或改用句式")
    try:
        return re.compile(source)
    except re.error as error:
        _fail(f"正则写法不对：{error.msg}", where, f"位置 {error.pos}")


def _word_lists(row: Mapping[str, object], where: str) -> dict[str, frozenset[str]]:
    lists = _table(row.get("words", {}), f"{where} words")
    sounds = {k: str(v) for k, v in _table(row.get("sounds", {}), f"{where} sounds").items()}
    return {
        name: frozenset(
            spelling
            for word in _strings(lists, name, f"{where} words")
            for spelling in _spellings(_squeezed(word, where), sounds)
        )
        for name in lists
    }


def _squeezed(word: str, where: str) -> str:
    squeezed = squeeze(word)
    if not squeezed:
        _fail(f"词“{word}”没有文字", where, "删去它")
    return squeezed


def _spellings(word: str, sounds: Mapping[str, str]) -> Sequence[str]:
    """A word with each character that has other spellings in all of them."""
    if not sounds:
        return [word]
    choices = [letter + sounds.get(letter, "") for letter in word]
    size = 1
    for letters in choices:
        size *= len(letters)
    return [word] if size > _MOST_SPELLINGS else ["".join(letters) for letters in product(*choices)]


def _known(row: Mapping[str, object], keys: set[str], where: str) -> None:
    if unknown := sorted(set(row) - keys):
        _fail(f"不认识的键“{unknown[0]}”", where, "可用：" + "、".join(sorted(keys)))


def _table(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        _fail("应是 {…}", where, "见 knowledge/rules/README.md")
    return {str(key): item for key, item in value.items()}


def _list(row: Mapping[str, object], key: str, where: str) -> list[object]:
    value = row.get(key, [])
    if not isinstance(value, list):
        _fail(f"{key} 应是 […]", where, "用方括号")
    return value


def _strings(row: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    values = _list(row, key, where)
    for value in values:
        if not isinstance(value, str) or not value:
            _fail(f"{key} 里只能是非空文字", where, "给每一项加引号")
    return tuple(str(value) for value in values)


def _string(row: Mapping[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        _fail(f"缺少 {key}", where, f'写上 "{key}": "…"')
    return value


def _fail(message: str, where: str, hint: str) -> NoReturn:
    raise FormatError(message, where=where, hint=hint)
