"""Everyday questions about government services, and lay terms with their official ones.

Ours, written by hand: `everyday/services-*.jsonl` (how people ask for a service) and
`knowledge/lexicon/lay_terms.jsonl` (the thesaurus). Split by service, never by line, so that
what is reported was not asked of a service that was learned from.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path("eval/training/everyday")
TERMS = Path("knowledge/lexicon/lay_terms.jsonl")
KINDS = ("situation", "dialect", "wrong_term", "several", "typo", "short", "plain")
_ROW = {"service", "aliases", "event", "asks", "kinds"}
_TERM = {"lay", "official", "weight", "note", "domain"}
_GUARD = "unless"

Part = Literal["fit", "choose", "report"]


@dataclass(frozen=True, slots=True)
class Service:
    """One service by its official name, with the ways people put it (`asks` beside `kinds`)."""

    service: str
    aliases: tuple[str, ...]
    event: str
    asks: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def part(self) -> Part:
        """Six tenths to fit on, two to choose by, two to report: by a digest of the name."""
        tenth = int.from_bytes(hashlib.sha256(self.service.encode()).digest()[:4]) % 10
        return "fit" if tenth < 6 else "choose" if tenth < 8 else "report"


@dataclass(frozen=True, slots=True)
class LayTerm:
    """A lay term; `weight` says how surely it means its official terms (0 to 1).

    `unless`: words beside which it means something else.
    """

    lay: str
    official: tuple[str, ...]
    weight: float
    note: str | None
    domain: str
    unless: tuple[str, ...] = ()


def services(folder: Path = FOLDER) -> list[Service]:
    """All services of the folder, in the order of its files.

    Raises:
        ValueError: a line has other fields than the schema's.
    """
    return [
        Service(
            row["service"], tuple(row["aliases"]), row["event"], tuple(row["asks"]),
            tuple(row["kinds"]),
        )
        for path in sorted(folder.glob("services-*.jsonl"))
        for row in _rows(path, _ROW)
    ]  # fmt: skip


def lay_terms(path: Path = TERMS) -> list[LayTerm]:
    """The thesaurus.

    Raises:
        ValueError: a line has other fields than the schema's.
    """
    return [
        LayTerm(
            row["lay"], tuple(row["official"]), row["weight"], row["note"], row["domain"],
            tuple(row.get(_GUARD, ())),
        )
        for row in _rows(path, _TERM)
    ]  # fmt: skip


def _rows(path: Path, fields: set[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        row = json.loads(line)
        if set(row) - {_GUARD} != fields:
            raise ValueError(f"{path}:{number}: fields {sorted(row)}")
        yield row
