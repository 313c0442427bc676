"""What was learnt from labelled answers: a file of numbers, shipped or an office's own.

For each kind of answer it holds the labelled probabilities (so that any bound can be asked of
them), how the shipped probability is bent to the office's own experience (Platt's two numbers), and
how the features were spread, against which drift is watched. `fingerprint` names what it holds for.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from assistant.answering.promise import Promise, Scored, promise
from assistant.domain.answer import Route
from assistant.errors import ConfigurationError

FILE = "calibration.json"
"""Its name in the data folder."""
SHIPPED = Path(__file__).parent / "data" / FILE
KIND_NAMES = {
    Route.GUIDE: "指南栏目",
    Route.POLICY: "政策原文",
    Route.FAQ: "常见问题",
    Route.MODEL: "模型改写",
}
"""The kinds of answer that a bound is about; a question back says nothing that could be wrong."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number was spread over the labelled answers: shares between ascending `edges`."""

    edges: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of one kind of answer."""

    scored: tuple[Scored, ...] = ()
    slope: float = 1.0
    shift: float = 0.0
    spreads: Mapping[str, Spread] = field(default_factory=dict)

    def promise(self, bound: float, confidence: float) -> Promise:
        """What can be promised of it."""
        return promise(self.scored, bound, confidence)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All kinds, when and from what they were learnt, and what they hold for."""

    made: str
    basis: str
    fingerprint: Mapping[str, str]
    kinds: Mapping[Route, Kind]

    def differing(self, now: Mapping[str, str]) -> tuple[str, ...]:
        """The parts that are not what they were; none where it was never stamped."""
        return tuple(name for name, value in self.fingerprint.items() if now.get(name) != value)

    def promises(self, bound: float, confidence: float) -> dict[Route, Promise]:
        """What can be promised of each kind."""
        none = Kind()
        return {
            route: self.kinds.get(route, none).promise(bound, confidence) for route in KIND_NAMES
        }


@cache
def shipped_calibration() -> Calibration:
    """What was learnt from the development cases, out of fold (`eval/crossfit.py`)."""
    return read_calibration(SHIPPED)


def read_calibration(path: Path) -> Calibration:
    """Read a file; raises ConfigurationError that names it."""
    try:
        data = json.loads(path.read_text("utf-8"))
        kinds = {Route(name): _kind(row) for name, row in data["kinds"].items()}
        return Calibration(data["made"], data["basis"], dict(data["fingerprint"]), kinds)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise ConfigurationError(f"{path}: not a calibration: {error}") from error


def _kind(row: Mapping[str, object]) -> Kind:
    scored, spreads = row["scored"], row["spreads"]
    assert isinstance(scored, list)
    assert isinstance(spreads, dict)
    return Kind(
        scored=tuple(Scored(float(p), bool(right), *rest) for p, right, *rest in scored),
        slope=float(str(row["slope"])),
        shift=float(str(row["shift"])),
        spreads={n: Spread(tuple(s["edges"]), tuple(s["shares"])) for n, s in spreads.items()},
    )


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write a file, replacing an older one at once."""
    data = {
        "made": calibration.made,
        "basis": calibration.basis,
        "fingerprint": dict(calibration.fingerprint),
        "kinds": {route.value: _row(kind) for route, kind in calibration.kinds.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(data, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(path)


def _row(kind: Kind) -> dict[str, object]:
    return {
        "slope": round(kind.slope, 4),
        "shift": round(kind.shift, 4),
        "scored": [_cells(one) for one in kind.scored],
        "spreads": {name: asdict(spread) for name, spread in kind.spreads.items()},
    }


def _cells(one: Scored) -> Sequence[object]:
    cells = (round(one.score, 4), int(one.right))
    return (*cells, one.stratum, one.weight) if one.stratum or one.weight != 1.0 else cells
