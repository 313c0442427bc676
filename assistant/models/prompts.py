"""Prompt files: Markdown with a front matter that names version and variables.

    ---
    version: 3
    variables: question, evidence
    ---
    # system
    …
    # user
    … {{question}} …

Variables are fenced data: text from outside can close no fence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.bundled import bundled
from assistant.errors import FormatError
from assistant.models.chat import Message

_FILE = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_ROLE = re.compile(r"^# (system|user)[ \t]*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
OPEN, CLOSE = "<<<", ">>>"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file. `variables` are exactly the names that its text uses."""

    name: str
    version: str
    variables: frozenset[str]
    system: str
    user: str

    def render(self, values: Mapping[str, str]) -> list[Message]:
        """The messages; raises KeyError unless exactly the variables are given."""
        if set(values) != self.variables:
            raise KeyError(f"{self.name}: given {sorted(values)}, wants {sorted(self.variables)}")
        return [
            Message("system", _filled(self.system, values)),
            Message("user", _filled(self.user, values)),
        ]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: values[match[1]], text).strip()


def fence(text: str) -> str:
    """Text from outside as data: within a fence that its own words cannot close."""
    inside = re.sub(r"<{2,}|>{2,}", " ", text).strip()
    return f"{OPEN}\n{inside}\n{CLOSE}"


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """Read `prompts/NAME.md`; raises FormatError that says what is wrong."""
    path = (folder or bundled("prompts")) / f"{name}.md"
    found = _FILE.fullmatch(path.read_text("utf-8"))
    if not found:
        raise FormatError("缺少 --- 之间的文件头", where=path.name)
    head = dict(_pair(line, path) for line in found["head"].splitlines() if line.strip())
    parts = _ROLE.split(found["body"])
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    if set(texts) != {"system", "user"} or "version" not in head:
        raise FormatError("需要 version、# system 和 # user", where=path.name)
    declared = frozenset(re.findall(r"\w+", head.get("variables", "")))
    used = frozenset(_VARIABLE.findall(found["body"]))
    if declared != used:
        raise FormatError(f"variables 与正文不一致：{sorted(declared ^ used)}", where=path.name)
    return Prompt(name, head["version"], declared, texts["system"], texts["user"])


def _pair(line: str, path: Path) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise FormatError(f"文件头有一行不是“键: 值”：{line}", where=path.name)
    return key.strip(), value.strip()
