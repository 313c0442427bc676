"""What a soak does: kept beside its journal, so that it goes on as it began."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "plan.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """`hours` of real time for `traffic_hours` of comments; a fault each `fault_every` seconds."""

    hours: float = 2.0
    traffic_hours: float = 72.0
    seed: int = 1
    fault_every: float = 180.0
    busiest: float = 2600.0
    """Comments in the busiest hour of the day: as many as the recorded rehearsal has."""
    sample: float = 10.0
    """Seconds between two samples of memory and file handles."""

    def __post_init__(self) -> None:
        """A plan that cannot be run is not made.

        Raises:
            ValueError: says in words what is wrong.
        """
        for name in ("hours", "traffic_hours", "fault_every", "busiest", "sample"):
            if not 0 < getattr(self, name) < float("inf"):
                raise ValueError(f"{name} must be more than zero")
        if self.fault_every < self.sample:
            raise ValueError(f"faults come no closer than the samples ({self.sample:g} s)")

    @property
    def seconds(self) -> float:
        """Real time in all."""
        return self.hours * 3600

    @property
    def speed(self) -> float:
        """Hours of traffic in an hour."""
        return self.traffic_hours / self.hours

    def write(self, folder: Path) -> None:
        """Begin a state folder.

        Raises:
            FileExistsError: a soak was begun there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / FILE).open("x", encoding="utf-8") as file:
            file.write(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Plan":
        """The plan of a state folder.

        Raises:
            FileNotFoundError: no soak was begun there.
        """
        return cls(**json.loads((folder / FILE).read_text("utf-8")))
