"""Our own cases said less well: slips of the finger and of the ear, pinyin, dialect. Seeded.

Each way changes a question once and keeps everything else of the case; what a case does not allow
(no word to put into dialect) is left out. The dialect is that of `knowledge/lexicon`, so those
figures are hopeful; the others come from no list that the program reads.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answering.sounds import syllable
from assistant.answering.words import word_spans
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case

SEED = 20261130
DIALECT = Path("knowledge/lexicon/dialect.jsonl")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHORTEST = 6
Way = Callable[[str, random.Random], str | None]


def slip(text: str, chance: random.Random) -> str | None:
    """Two neighbouring characters exchanged, or one left out."""
    places = [at for at in range(1, len(text) - 1) if _HAN.match(text[at])]
    if len(places) < _SHORTEST:
        return None
    at = chance.choice(places)
    swapped = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return swapped if chance.random() < 0.5 else text[:at] + text[at + 1 :]


def by_ear(texts: Sequence[str]) -> Way:
    """A character for another one of the same sound; those that occur in the texts."""
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for char in sorted(set("".join(texts))):
        if _HAN.match(char):
            alike[syllable(char)].add(char)

    def heard(text: str, chance: random.Random) -> str | None:
        places = [at for at, char in enumerate(text) if len(alike[syllable(char)]) > 1]
        if not places:
            return None
        at = chance.choice(places)
        other = chance.choice(sorted(alike[syllable(text[at])] - {text[at]}))
        return text[:at] + other + text[at + 1 :]

    return heard


def in_pinyin(text: str, chance: random.Random) -> str | None:
    """A word of the dictionary in Latin letters without tones."""
    words = [(a, b) for a, b in word_spans(text) if b - a == 2 and _HAN.match(text[a])]
    if not words:
        return None
    start, end = chance.choice(words)
    return text[:start] + "".join(map(_latin, text[start:end])) + text[end:]


def in_dialect(path: Path = DIALECT) -> Way:
    """One stretch of standard speech in dialect."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    ways: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        ways[row["to"]].append(row["from"])

    def said(text: str, chance: random.Random) -> str | None:
        known = sorted((word for word in ways if len(word) > 1 and word in text), key=len)
        return text.replace(known[-1], chance.choice(ways[known[-1]]), 1) if known else None

    return said


def perturbed(cases: Sequence[Case]) -> Mapping[str, list[Case]]:
    """The cases that are answered, put in each way."""
    wanted = [case for case in cases if case.expected_action is Action.ANSWER]
    ways = {
        "slip": slip,
        "homophone": by_ear([case.question for case in wanted]),
        "pinyin": in_pinyin,
        "dialect": in_dialect(),
    }
    return {name: list(_put(wanted, name, way)) for name, way in ways.items()}


def _put(cases: Sequence[Case], name: str, way: Way) -> "list[Case]":
    found = []
    for case in cases:
        text = way(case.question, random.Random(f"{SEED} {name} {case.id}"))
        if text is not None and text != case.question:
            found.append(replace(case, id=f"{case.id}~{name}", question=text))
    return found


def _latin(char: str) -> str:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(char)[0]
