"""The rules of the triage: danger to life, people first, and what kind of talk a comment is.

`data/triage.rules.json` holds them, with its version; its note explains the keys. They look at
text without marks, white space and full-width forms.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.errors import ConfigurationError
from assistant.live.seams import CommentKind

__all__ = ["Rule", "TriageRules", "shipped_rules"]

_FILE = Path(__file__).parent / "data" / "triage.rules.json"
_NEVER = re.compile(r"(?!)")

Pattern = re.Pattern[str]
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """Hits where every one of `all` does and `none` does not; `despite` overrules `none`."""

    code: str
    all: tuple[Pattern, ...]
    none: Pattern = _NEVER
    despite: Pattern = _NEVER

    def hits(self, folded: str) -> bool:
        """Whether the rule holds for a folded text."""
        if not all(pattern.search(folded) for pattern in self.all):
            return False
        return not self.none.search(folded) or bool(self.despite.search(folded))


@dataclass(frozen=True, slots=True)
class TriageRules:
    """The rules in the order in which they are tried."""

    version: str
    sure: Pattern
    emergencies: tuple[Rule, ...]
    urgent: tuple[Rule, ...]
    kinds: tuple[tuple[CommentKind, Rule], ...]

    @classmethod
    def load(cls, path: Path = _FILE) -> "TriageRules":
        """Read a file of rules. Raises ConfigurationError where it is not one."""
        try:
            read = json.loads(path.read_text("utf-8"))
            words: Mapping[str, Sequence[str]] = read["words"]
            kinds = (
                (CommentKind(name), row) for name, rows in read["kinds"].items() for row in rows
            )
            return cls(
                str(read["version"]),
                re.compile(read["sure"]),
                tuple(_rule(row, words) for row in read["emergency"]),
                tuple(_rule(row, words) for row in read["urgent"]),
                tuple((kind, _rule(row, words)) for kind, row in kinds),
            )
        except (KeyError, TypeError, ValueError, re.error) as error:
            raise ConfigurationError(f"分诊规则文件有误：{path.name}：{error}") from error

    def call(self, folded: str) -> str:
        """The code of the first danger that a rule knows, or ""."""
        return next((rule.code for rule in self.emergencies if rule.hits(folded)), "")

    def is_sure(self, folded: str) -> bool:
        """Whether the words are so plain that no model may call them calm."""
        return bool(self.sure.search(folded))

    def is_urgent(self, folded: str) -> bool:
        """Whether a person must know soon."""
        return any(rule.hits(folded) for rule in self.urgent)

    def is_kind(self, kind: CommentKind, folded: str) -> bool:
        """Whether a rule says that the comment is of a kind."""
        return any(each is kind and rule.hits(folded) for each, rule in self.kinds)


@lru_cache(maxsize=1)
def shipped_rules() -> TriageRules:
    """The rules that travel with the program, compiled once."""
    return TriageRules.load()


def _rule(row: Json, words: Mapping[str, Sequence[str]]) -> Rule:
    groups = [[each] for each in _texts(row.get("all", ()))]
    if "any" in row or not groups:
        groups.append(_texts(row["any"]))
    return Rule(
        str(row.get("call", row.get("code", ""))),
        tuple(_joined(group, words) for group in groups),
        _joined(_texts(row.get("none", ())), words),
        _joined(_texts([row["despite"]] if "despite" in row else ()), words),
    )


def _joined(patterns: Iterable[str], words: Mapping[str, Sequence[str]]) -> Pattern:
    """One pattern of many; the name of a list of words stands for its words."""
    flat = [each for pattern in patterns for each in words.get(pattern, (pattern,))]
    return re.compile("|".join(flat)) if flat else _NEVER


def _texts(value: object) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise TypeError("a list of patterns is wanted")
    return list(value)
