"""What of its item a question asks: a closed set of aspects, read by spoken and official cues.

The cues are data (`data/merging_aspects.json`). Two questions whose aspects differ are never one:
how long a card is valid is not how long it takes to get, who may fetch it is not what to bring.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.answering.fields import HOURS, OTHER

_DATA = files("assistant.live") / "data" / "merging_aspects.json"
USED = "■"
"""Stands for a character that was read already."""
_VAGUE = "~"


@dataclass(frozen=True, slots=True)
class Aspects:
    """The aspects asked, none where it is open; `left`: the text, its cues blanked out."""

    names: frozenset[str]
    left: str


@dataclass(frozen=True, slots=True)
class _Cues:
    """The data, compiled. Earlier aspects take their words before later ones.

    `given`: names of items that hold words of asking. `wider`: aspects that include narrower ones
    (办公时间: opening, closing). `yields`: aspects that count only where no other is; `known`: all
    names of aspects and fields that are read here. `hall`: what is asked of the hall itself where
    no item is named.
    """

    aspects: tuple[tuple[str, re.Pattern[str]], ...]
    given: re.Pattern[str]
    wider: Mapping[str, frozenset[str]]
    yields: frozenset[str]
    known: frozenset[str]
    hall: frozenset[str]


def find_aspects(folded: str, fields: frozenset[str]) -> Aspects:
    """The aspects of a folded text; where only the guide's `fields` tell one, those. 0.3 ms."""
    cues = _cues()
    text = cues.given.sub(lambda found: USED * len(found[0]), folded)
    names, taken = set(), [False] * len(folded)
    for name, pattern in cues.aspects:
        for start, end in [found.span() for found in pattern.finditer(text)]:
            if start == end:
                continue
            names.add(name)
            text = text[:start] + USED * (end - start) + text[end:]
            taken[start:end] = [True] * (end - start)
    left = "".join(USED if used else char for char, used in zip(folded, taken, strict=True))
    return Aspects(_telling(names, fields), left)


def _telling(found: set[str], fields: frozenset[str]) -> frozenset[str]:
    """What was read for certain; else what was read vaguely (`~`), else what yields.

    Fields of a guide that are no aspect here count where nothing better was read.
    """
    cues = _cues()
    sure = frozenset(name for name in found if not name.startswith(_VAGUE))
    told = sure - cues.yields or fields - cues.known
    return told or frozenset(name.removeprefix(_VAGUE) for name in found - sure) or sure


def agree(mine: frozenset[str], its: frozenset[str]) -> bool:
    """Whether two questions ask the same, a wider aspect standing for those that it includes."""
    return _within(mine, its) and _within(its, mine)


def _within(mine: frozenset[str], its: frozenset[str]) -> bool:
    wider = _cues().wider
    none = frozenset[str]()
    return all(
        name in its
        or any(name in wider.get(one, none) or one in wider.get(name, none) for one in its)
        for name in mine
    )


def of_hall(names: frozenset[str]) -> bool:
    """Whether this is asked of the service hall, where no item is named (几点上班)."""
    return bool(names & _cues().hall)


@cache
def _cues() -> _Cues:
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return _Cues(
        aspects=tuple(
            (name, re.compile(_filled(pattern, data["words"]))) for name, pattern in data["aspects"]
        ),
        given=re.compile(data["names"]),
        wider={name: frozenset(narrower) for name, narrower in data["wider"].items()},
        yields=frozenset(data["yields"]),
        known=frozenset({OTHER, HOURS, *(name for name, _ in data["aspects"])}),
        hall=frozenset(data["hall"]),
    )


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """The pattern with the shared groups of words put in."""
    for name, group in words.items():
        pattern = pattern.replace("{" + name + "}", group)
    return pattern
