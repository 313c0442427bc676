"""Which questions are not answered on air: injection, abuse, vice, politics, personal data, crime.

The rules are data (`knowledge/rules/screen.json`), editable by an office; numbers that identify a
person are found by code, because they have checksums. The reason never repeats the question.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answering.folding import clean
from assistant.answering.masking import personal_numbers_in
from assistant.bundled import bundled
from assistant.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered on air: a sentence for the reviewer, a word for statistics."""

    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuses where one pattern of `any` is found and none of `none`."""

    code: str
    reason: str
    any: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]

    def holds(self, text: str) -> bool:
        """Whether the rule refuses a folded text."""
        return any(p.search(text) for p in self.any) and not any(p.search(text) for p in self.none)


class Guard:
    """The rules of one file."""

    def __init__(self, version: str, official: Sequence[str], rules: Sequence[Rule]) -> None:
        self.version = version
        self._official = re.compile("|".join(map(re.escape, official)) or r"(?!)")
        self._rules = tuple(rules)

    @classmethod
    def load(cls, path: Path) -> "Guard":
        """Read a rule file; raises ConfigurationError that names the rule."""
        data = json.loads(path.read_text("utf-8"))
        rules = [_rule(row, path) for row in data["rules"]]
        return cls(str(data["version"]), data["official"], rules)

    def screen(self, text: str) -> Refusal | None:
        """The refusal of a question, or None. Pure; about 0.2 ms."""
        if personal_numbers_in(text):
            return Refusal("提问含个人信息，不在直播间处理", "personal_data")
        plain = self._official.sub("", clean(text))
        squeezed = re.sub(r"[\s,.。，、·*_\-~～|/]+", "", plain)
        for rule in self._rules:
            if rule.holds(plain) or rule.holds(squeezed):
                return Refusal(rule.reason, rule.code)
        return None


def _rule(row: dict[str, object], path: Path) -> Rule:
    code = str(row.get("code", "?"))
    try:
        return Rule(code, str(row["reason"]), _patterns(row["any"]), _patterns(row.get("none", [])))
    except (KeyError, TypeError, re.error) as error:
        raise ConfigurationError(f"{path}: rule {code}: {error}") from error


def _patterns(sources: object) -> tuple[re.Pattern[str], ...]:
    if not isinstance(sources, list):
        raise TypeError(f"expected a list of patterns, got {sources!r}")
    return tuple(re.compile(str(source)) for source in sources)


@cache
def default_guard() -> Guard:
    """The shipped rules."""
    return Guard.load(bundled("knowledge") / "rules" / "screen.json")


def screen(text: str) -> Refusal | None:
    """Screen with the shipped rules."""
    return default_guard().screen(text)


def reason(text: str) -> str | None:
    """The reason of the refusal alone, as the flow takes it."""
    refusal = screen(text)
    return refusal.reason if refusal else None
