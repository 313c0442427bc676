"""What a soak has shown: so far, or at its end; as JSON, as Markdown, with curves."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.soak import slope
from eval.soak.curves import curve
from eval.soak.journal import Line, State
from eval.soak.plan import Plan
from eval.soak.slope import Fit, Little, Sample

PICTURE = 0.995
SELDOM = 0.05
"""Share of the samples below which a part is no part that is kept: a helper that comes and goes."""
LITTLE = {"memory": Little(8.0, 64.0), "handles": Little(16.0, 64.0)}
"""MiB and handles; of these kinds growth and rise are judged."""
KINDS = ("memory", "shared", "handles")
SHARED = 96.0
"""MiB in shared segments that no part may pass: a dozen pictures of the screen (3.7 MiB each) wait
in the worst moment, in the X server and in the encoder, and Chromium has its own."""
Report = dict[str, Any]


def series(ticks: Iterable[Line]) -> dict[str, dict[str, list[Sample]]]:
    """Own memory, shared memory (MiB) and handles of each part."""
    found: dict[str, dict[str, list[Sample]]] = {}
    for tick in ticks:
        for part, (life, own, shared, handles) in tick["parts"].items():
            of = found.setdefault(part, {kind: [] for kind in KINDS})
            values = (own / (1 << 20), shared / (1 << 20), float(handles))
            for kind, value in zip(KINDS, values, strict=True):
                of[kind].append(Sample(tick["at"], life, value))
    return found


def report(plan: Plan, state: State) -> Report:
    """All figures and what does not hold."""
    ran = state.elapsed
    gone = sum(one["gone"] for one in state.ticks)
    kept = {
        part: of
        for part, of in sorted(series(state.ticks).items())
        if len(of["memory"]) >= SELDOM * len(state.ticks)
    }
    fits = {
        part: {kind: slope.fit(of[kind], plan.seconds, little=LITTLE[kind]) for kind in LITTLE}
        for part, of in kept.items()
    }
    made: Report = {
        "plan": {"hours": plan.hours, "traffic_hours": plan.traffic_hours, "seed": plan.seed},
        "ended": state.ended is not None,
        "ran_hours": round(ran / 3600, 3),
        "traffic_hours": state.ticks[-1]["traffic"] if state.ticks else 0.0,
        "lives": state.lives,
        "comments": state.sent,
        "acknowledged": len(state.acknowledged),
        "picture": round(1 - gone / ran, 5) if ran else None,
        "gone_seconds": round(gone, 1),
        "picture_where_received": _received(state, ran, gone),
        "counted": state.counted,
        "idle": state.ended and state.ended["idle"],
        "faults": state.faults,
        "skipped": dict(state.skipped),
        "parts": {p: {k: _fitted(f) for k, f in of.items()} for p, of in fits.items()},
        "shared": {p: round(max(s.value for s in of["shared"]), 1) for p, of in kept.items()},
    }
    return made | {"wrong": _wrong(plan, state, made, fits)}


def _received(state: State, ran: float, gone: float) -> float | None:
    """The same without the seconds in which the soak itself took the receiver away: judged.

    A stream cannot be seen where nothing takes it, whoever sends it; the share of all seconds
    stands beside it.
    """
    away = sum(min(one["away"], one["picture"]) for one in state.faults if not one["cut"])
    return round(1 - (gone - away) / (ran - away), 5) if ran > away else None


def _fitted(fit: Fit) -> Report:
    names = ("samples", "lives", "mean", "growth", "low", "high", "rise", "verdict")
    return {
        name: round(value, 4) if isinstance(value := getattr(fit, name), float) else value
        for name in names
    }


def _wrong(
    plan: Plan, state: State, made: Report, fits: Mapping[str, Mapping[str, Fit]]
) -> list[str]:
    """What does not hold, in words; empty: the soak is passed."""
    counted, seen = state.counted or {"final": False}, made["picture_where_received"]
    told = {
        "it has not ended": state.ended is None,
        "nothing is counted at the end": not counted["final"],
        f"a picture {seen} of the time": (seen or 0) < PICTURE,
        "not all was worked off": bool(state.ended and state.ended["idle"] is None),
        "the traffic was not got through": made["traffic_hours"] < plan.traffic_hours - 0.01,
        "no fault struck": not state.faults,
    }
    told |= {f"{name}: {len(counted.get(name, ()))}": bool(counted.get(name)) for name in _ZERO}
    told |= {f"{one['name']} did not heal": _stays(one) for one in state.faults}
    told |= {
        f"{part}: {kind} {fit.verdict}": fit.verdict != "flat"
        for part, of in fits.items()
        for kind, fit in of.items()
    }
    told |= {f"{part}: {mib} MiB shared": mib > SHARED for part, mib in made["shared"].items()}
    return [words for words, is_so in told.items() if is_so]


_SHOWN = ("lives", "mean", "growth", "low", "high", "rise", "verdict")
_ZERO = ("lost", "twice", "unsupported")


def _stays(fault: Line) -> bool:
    return not fault["cut"] and (fault["served"] is None or bool(fault["broke"]))


def markdown(made: Report) -> str:
    """For people."""
    counted = made["counted"] or {}
    rows = [
        ("ran", f"{made['ran_hours']} h of {made['plan']['hours']} h, in {made['lives']} lives"),
        ("traffic", f"{made['traffic_hours']} h of {made['plan']['traffic_hours']} h"),
        ("comments", f"{made['comments']} sent, {made['acknowledged']} acknowledged"),
        ("counted", f"{counted.get('asked', 0)} at the last count"),
        *((name, len(counted.get(name, ())) if counted else "-") for name in _ZERO),
        ("picture while the receiver was there", made["picture_where_received"]),
        ("picture in all", f"{made['picture']} of the time ({made['gone_seconds']} s without)"),
    ]
    parts = [
        (part, kind, *(fit[n] for n in _SHOWN))
        for part, of in made["parts"].items()
        for kind, fit in of.items()
    ]
    faults = [
        (round(one["at"]), one["name"], *(_cell(one, n) for n in ("picture", "served", "told")))
        for one in made["faults"]
    ]
    verdict = "\n".join(f"- {one}" for one in made["wrong"]) or "Everything holds."
    how = f"95 % interval, a life's largest rise; flat: below {slope.SHARE:g} and {slope.RISE:g}."
    blocks = [
        f"# Soak\n\n{verdict}",
        _table(("", ""), rows),
        f"## Memory (MiB) and handles\n\nGrowth in the run as a share of the mean, {how}",
        _table(("part", "of", *_SHOWN[:-1], ""), parts),
        _table(("part", f"shared MiB at most ({SHARED:g} allowed)"), made["shared"].items()),
        "## Faults\n\nSeconds from the strike on; that it serves is asked once the fault is over.",
        _table(("at s", "fault", "without picture", "served again", "alarm"), faults),
        *(f"Did not strike: {one} ({times}×)" for one, times in made["skipped"].items()),
    ]
    return "\n\n".join(blocks) + "\n"


def _cell(fault: Line, name: str) -> object:
    """A figure; `missing` where it should have come; `cut` where the soak was ended meanwhile."""
    if fault["cut"]:
        return "cut"
    if fault[name] is None:
        return "missing" if name == "served" or fault["untold"] else "-"
    return fault[name]


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    lines = [tuple(head), *(tuple(row) for row in rows)]
    drawn = ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    drawn.insert(1, "|" + " --- |" * len(lines[0]))
    return "\n".join(drawn)


def write(folder: Path, plan: Plan, state: State) -> Report:
    """report.json, report.md and a curve for each part beside the journal."""
    made = report(plan, state)
    (folder / "report.json").write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
    text = markdown(made)
    for part, of in sorted(series(state.ticks).items()):
        for kind in KINDS:
            name = f"{part}-{kind}.svg".replace(": ", "-").replace(" ", "-")
            (folder / name).write_text(curve(f"{part}: {kind}", of[kind]), "utf-8")
            text += f"\n![{part}: {kind}]({name})\n"
    (folder / "report.md").write_text(text, "utf-8")
    return made
