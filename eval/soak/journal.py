"""What was done, line by line, each on the disk before it counts; and what follows from the lines.

Kinds: `life` (the soak begins or goes on), `sent`, `ack`, `reply`, `told` (by the platform and the
stage), `tick` (a sample), `strike`, `healed`, `skipped`, `counted`, `end`.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "journal.jsonl"
Line = dict[str, Any]


class Journal:
    """Append-only. A line that a crash left half written is cut off when it is opened again."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._path.touch()
        _cut(self._path)
        self._file = self._path.open("a", encoding="utf-8")

    def add(self, kind: str, **what: Any) -> None:
        """One line; it is on the disk afterwards."""
        self._file.write(json.dumps({"kind": kind} | what, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def lines(folder: Path) -> Iterator[Line]:
    """All whole lines; also while another process writes."""
    path = folder / FILE
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield json.loads(line)


def _cut(path: Path) -> None:
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)


@dataclass(slots=True)
class State:
    """Where a soak stands. Seconds are those in which it ran, over all its lives."""

    lives: int = 0
    sent: int = 0
    by_curve: int = 0
    """Those of `sent` that the day's curve brought; the others are a fault's flood."""
    acknowledged: set[int] = field(default_factory=set)
    replies: Counter[str] = field(default_factory=Counter)
    told: dict[str, Line] = field(default_factory=dict)
    ticks: list[Line] = field(default_factory=list)
    faults: list[Line] = field(default_factory=list)
    """One for each that struck; `cut` where the soak was ended in the middle of it."""
    drawn: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    counted: Line | None = None
    ended: Line | None = None

    @property
    def elapsed(self) -> float:
        """Seconds that were sampled."""
        return float(sum(one["seconds"] for one in self.ticks))

    @property
    def unacknowledged(self) -> Sequence[int]:
        """Comments that the platform must push again."""
        return sorted(set(range(self.sent)) - self.acknowledged)

    @classmethod
    def of(cls, folder: Path) -> "State":
        """Read from the journal."""
        state = cls()
        for line in lines(folder):
            state.take(line)
        return state

    def take(self, line: Line) -> None:
        """One line more."""
        match line["kind"]:
            case "life":
                self.lives += 1
            case "sent":
                self.sent = line["first"] + line["count"]
                self.by_curve += 0 if line["flood"] else line["count"]
            case "ack":
                self.acknowledged.update(line["numbers"])
            case "reply":
                self.replies[line["key"]] += 1
            case "told":
                self.told[line["cue"]["id"]] = line["cue"]
            case "tick":
                self.ticks.append(line)
            case "counted" | "end":
                self._closed(line)
            case _:
                self._fault(line)

    def _fault(self, line: Line) -> None:
        match line["kind"]:
            case "strike":
                self.drawn += 1
                self.faults.append(line | {"cut": True})
            case "healed":
                self.faults[-1] |= line | {"cut": False}
            case "skipped":
                self.drawn += 1
                self.skipped[f"{line['name']}: {line['why']}"] += 1

    def _closed(self, line: Line) -> None:
        self.counted = line if line["kind"] == "counted" else self.counted
        self.ended = line if line["kind"] == "end" else self.ended
