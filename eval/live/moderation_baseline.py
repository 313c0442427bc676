"""The guard as it was before the packs: regular expressions of one file, kept to compare with."""

import json
import re
from functools import cache
from pathlib import Path

from assistant.answering.folding import clean
from assistant.answering.masking import personal_numbers_in

_RULES = Path(__file__).parent / "baseline" / "screen.json"


def refuses(text: str) -> bool:
    """Whether the old guard refused a text."""
    if personal_numbers_in(text):
        return True
    official, rules = _read()
    plain = official.sub("", clean(text))
    squeezed = re.sub(r"[\s,.。，、·*_\-~～|/]+", "", plain)
    return any(_holds(rule, plain) or _holds(rule, squeezed) for rule in rules)


def _holds(rule: tuple[list[re.Pattern[str]], list[re.Pattern[str]]], text: str) -> bool:
    some, none = rule
    return any(p.search(text) for p in some) and not any(p.search(text) for p in none)


@cache
def _read() -> tuple[re.Pattern[str], list[tuple[list[re.Pattern[str]], list[re.Pattern[str]]]]]:
    data = json.loads(_RULES.read_text("utf-8"))
    rules = [
        ([re.compile(p) for p in row["any"]], [re.compile(p) for p in row.get("none", [])])
        for row in data["rules"]
    ]
    return re.compile("|".join(map(re.escape, data["official"]))), rules
