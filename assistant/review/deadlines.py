"""Until when a case must be settled: classes as configuration, and which one counts now.

While its session is on air a case has the stream's deadline. Once that is missed or the session
ends, the next class counts, from the same moment: the opening of the case (`due_from`).
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.domain.live import Urgency
from assistant.domain.review import NIGHT, DeskCase
from assistant.domain.workdays import Calendar, OfficeHours
from assistant.errors import ConfigurationError

STREAM, EMERGENCY, URGENT = "stream", "emergency", "urgent"
BY_ITSELF = frozenset({STREAM, EMERGENCY, URGENT, NIGHT})
"""Classes that come from the stream, its hour and urgency, never from a code."""
MANUAL = "manual"
"""Waits for the person who runs the room by hand (live.flow)."""
_SHIPPED = Path(__file__).parent / "data" / "deadlines.toml"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline, the class that set it, and the moment from which it counts."""

    at: datetime
    name: str
    since: datetime


class DeadlineClass(BaseModel):
    """One class: seconds, or workdays; and after how many more seconds people are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1, max_length=20)
    seconds: float | None = Field(None, gt=0)
    workdays: int | None = Field(None, ge=0, le=250)
    steps: tuple[float, ...] = Field((0.0, 1800.0, 3600.0), min_length=1, max_length=3)

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.seconds is None) is (self.workdays is None):
            raise ValueError("either seconds or workdays")
        if self.steps[0] < 0 or list(self.steps) != sorted(self.steps):
            raise ValueError("steps must grow from 0 upwards")
        return self

    def due(self, since: datetime, hours: OfficeHours) -> datetime:
        """Until when, counted from a moment."""
        if self.seconds is not None:
            return since + timedelta(seconds=self.seconds)
        return hours.after_workdays(since, self.workdays or 0)


class Deadlines(BaseModel):
    """All classes of an office, and which code has which. Made by `read_deadlines`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office_begin: time
    office_end: time
    otherwise: str
    off_air: frozenset[str]
    classes: Mapping[str, DeadlineClass]
    codes: Mapping[str, str]

    @model_validator(mode="after")
    def _all_known(self) -> Self:
        if self.office_begin >= self.office_end:
            raise ValueError("office_begin must come before office_end")
        if missing := BY_ITSELF - self.classes.keys():
            raise ValueError(f"class {min(missing)} is missing")
        for name in (self.otherwise, *self.codes.values()):
            if name not in self.classes or name in BY_ITSELF:
                raise ValueError(f"no class {name} for a code")
        if self.office_begin >= self.office_end:
            raise ValueError("the office opens before it closes")
        if self.classes[STREAM].seconds is None:
            raise ValueError("the stream's deadline is in seconds")
        return self

    @property
    def in_workdays(self) -> tuple[str, ...]:
        """The classes whose deadlines hang on the calendar."""
        return tuple(name for name, one in self.classes.items() if one.workdays is not None)

    def label(self, name: str) -> str:
        """What people read for a class; "" for none."""
        return self.classes[name].label if name in self.classes else name

    def hours(self, calendar: Calendar) -> OfficeHours:
        """The office's days by a calendar."""
        return OfficeHours(calendar, self.office_end, self.office_begin)

    def class_of(self, case: DeskCase) -> str:
        """The class of a case off air, as urgent as room and desk say now."""
        if case.urgency is Urgency.EMERGENCY:
            return EMERGENCY
        if case.urgency is Urgency.URGENT or case.is_urgent:
            return URGENT
        return self.codes.get(case.code, self.otherwise)

    def first(self, case: DeskCase, since: datetime, hours: OfficeHours, *, on_air: bool) -> Due:
        """The deadline of a new case: the stream's where that comes first.

        What a stream leaves while the office is closed is due when it opens, and first then.
        """
        after = self.later(case, since, hours)
        if not on_air or case.code in self.off_air:
            return after
        if not (hours.is_open(since) or case.code == MANUAL or after.name in {URGENT, EMERGENCY}):
            return self.counted(NIGHT, since, hours)
        stream = self.counted(STREAM, since, hours)
        return stream if stream.at <= after.at else after

    def later(self, case: DeskCase, since: datetime, hours: OfficeHours) -> Due:
        """The deadline off air."""
        return self.counted(self.class_of(case), since, hours)

    def counted(self, name: str, since: datetime, hours: OfficeHours) -> Due:
        """The deadline of a class; one that is configured no longer counts as `otherwise`."""
        known = name if name in self.classes else self.otherwise
        if known == NIGHT:
            return Due(hours.next_opening(since), known, since)
        return Due(self.classes[known].due(since, hours), known, since)


def read_deadlines(own: Mapping[str, Any] | None = None) -> Deadlines:
    """The shipped deadlines with an office's own values. Raises ConfigurationError."""
    shipped = tomllib.loads(_SHIPPED.read_text("utf-8"))
    try:
        return Deadlines.model_validate(_over(shipped, own or {}))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("review", "deadlines", *_places(first["loc"])))
        raise ConfigurationError(f"复核期限的设置不对：{where}", hint=first["msg"]) from error


def _places(location: Iterable[int | str]) -> Iterable[str]:
    return (str(part) for part in location)


def _over(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are laid over each other, values replaced; a class changes its measure whole."""
    merged = dict(shipped)
    for key, value in own.items():
        before = merged.get(key)
        if not isinstance(before, Mapping) or not isinstance(value, Mapping):
            merged[key] = value
            continue
        other = {"seconds": "workdays", "workdays": "seconds"}
        dropped = {other[name] for name in value if name in other} - set(value)
        merged[key] = {k: v for k, v in _over(before, value).items() if k not in dropped}
    return merged
