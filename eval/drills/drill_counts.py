"""What must hold of a fault: counted outside the service, and read from its records."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.domain.live import Cue, CueKind, CueState
from eval.drills.drill_servers import MARK
from eval.drills.faults import Fault

BEGUN = {CueState.STARTED, CueState.DONE, CueState.UNCERTAIN}


@dataclass(slots=True)
class Result:
    """One fault. `picture` is the longest time without one; `idle` until all was worked off.

    `called` are the alarms that go on until somebody answers.
    """

    name: str
    what: str
    skipped: str = ""
    picture: float = 0.0
    asked: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    alarms: dict[str, int] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    idle: float | None = None
    wrong: list[str] = field(default_factory=list)
    """What does not hold, in words; empty: it holds."""

    def judge(self, fault: Fault) -> None:
        """Compare with what must hold."""
        told = {
            f"picture gone for {self.picture} s, {fault.picture:g} allowed": (
                self.picture > fault.picture
            ),
            f"{len(self.lost)} questions without exactly one outcome": bool(self.lost),
            f"{len(self.twice)} answered twice": bool(self.twice),
            f"{len(self.unsupported)} voiced without support": bool(self.unsupported),
            f"no alarm of it ({' '.join(fault.alarms)})": fault.is_untold(self.alarms),
            f"called somebody ({' '.join(self.alarms)})": fault.is_quiet and bool(self.alarms),
            f"not worked off within {fault.idle:g} s": self.idle is None,
        }
        self.wrong = [words for words, is_so in told.items() if is_so]

    def as_row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"holds": not self.wrong and not self.skipped}


def lost(asked: Iterable[str], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Comments that have no outcome, an undecided one, or two."""
    outcomes = Counter(line["event_id"] for line in lines)
    undecided = {line["event_id"] for line in lines if line["decided_at"] is None}
    return sorted(one for one in asked if outcomes[one] != 1 or one in undecided)


def twice(cues: Sequence[Cue], replies: Mapping[str, int]) -> list[str]:
    """Questions that were said by two cues, replies that came twice."""
    said = Counter(
        cue.question_id
        for cue in cues
        if cue.question_id and cue.state in BEGUN and cue.kind is CueKind.ANSWER
    )
    questions = [f"question {name}" for name, times in said.items() if times > 1]
    return questions + [f"reply {key}" for key, times in replies.items() if times > 1]


def unsupported(cues: Sequence[Cue], told: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the stage was told and no record holds word for word, has no source, or is the lie."""
    known = {cue.id: (cue.text, cue.spoken) for cue in cues}
    strange = [
        f"{name} is in no record"
        for name, one in told.items()
        if known.get(name) != (one["text"], one["spoken"])
    ]
    bare = [
        f"{cue.id} rests on nothing"
        for cue in cues
        if cue.state in BEGUN and cue.kind is CueKind.ANSWER and not _rests(cue)
    ]
    lies = [f"{cue.id} says the lie" for cue in cues if MARK in cue.text + cue.spoken]
    return strange + bare + lies


def _rests(cue: Cue) -> bool:
    """An answer that no person approved stands on quotes of sources."""
    return bool(cue.actor) or any(one.source_id and one.quote for one in cue.citations)


def _rung(one: Result, code: str) -> str:
    """A code and how often it came; `!` where it goes on until somebody answers."""
    return f"{code}{'!' if code in one.called else ''}×{one.alarms[code]}"


def table(results: Sequence[Result]) -> str:
    """For people."""
    head = (
        "fault",
        "picture back s",
        "asked",
        "lost",
        "twice",
        "unsupported",
        "alarms",
        "idle s",
        "",
    )
    rows = [head]
    for one in results:
        codes = " ".join(_rung(one, code) for code in one.alarms) or "-"
        end = f"skipped: {one.skipped}" if one.skipped else "; ".join(one.wrong) or "holds"
        counted = (one.asked, len(one.lost), len(one.twice), len(one.unsupported))
        idle = "-" if one.idle is None else f"{one.idle}"
        rows.append((one.name, f"{one.picture}", *map(str, counted), codes, idle, end))
    widths = [max(len(row[n]) for row in rows) for n in range(len(head) - 1)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
