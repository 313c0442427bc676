"""Gates: bounds on metrics, kept as data (TOML), one table a test set.

[default]                       # holds for every set
unsupported_facts = { max = 0 }

[gd_cases]                      # the set whose file or folder has this name
answer_correct = { min = 0.97 }
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError, model_validator

from assistant.errors import FormatError
from assistant.evaluation.confidence import Metrics

DEFAULT = "default"


class Bounds(BaseModel):
    """Least and greatest allowed value, both inclusive; at least one is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _some(self) -> "Bounds":
        if self.min is None and self.max is None:
            raise ValueError("min 与 max 至少要有一个")
        return self


class GateFile(RootModel[dict[str, dict[str, Bounds]]]):
    """The whole file: set name → metric name → bounds."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate with the value it saw; None where the run has no such metric."""

    metric: str
    bounds: Bounds
    value: float | None

    @property
    def holds(self) -> bool:
        """A metric that is missing fails, so that a typing error cannot pass."""
        if self.value is None:
            return False
        low, high = self.bounds.min, self.bounds.max
        return (low is None or self.value >= low) and (high is None or self.value <= high)

    @property
    def wanted(self) -> str:
        """The bounds as a person writes them."""
        ends = (("≥", self.bounds.min), ("≤", self.bounds.max))
        return "，".join(f"{sign} {end:g}" for sign, end in ends if end is not None)


def read_gates(path: Path) -> GateFile:
    """The gates of a file.

    Raises:
        FormatError: it is missing, not TOML, or names something that is not a gate.
    """
    try:
        return GateFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise FormatError(f"键 {key}：{first['msg']}", where=str(path)) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatError(f"读不了门槛文件（{error}）", where=str(path)) from error


def check_gates(gates: GateFile, name: str, metrics: Metrics) -> list[GateResult]:
    """The gates of one set: those of `default`, and its own, which come last and win."""
    bounds: Mapping[str, Bounds] = gates.root.get(DEFAULT, {}) | gates.root.get(name, {})
    return [GateResult(metric, bound, _value(metrics, metric)) for metric, bound in bounds.items()]


def failed(results: Sequence[GateResult]) -> list[GateResult]:
    """The gates that do not hold."""
    return [result for result in results if not result.holds]


def _value(metrics: Metrics, name: str) -> float | None:
    value = metrics.get(name)
    return value if isinstance(value, int | float) else None
