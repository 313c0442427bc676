"""The hidden label of generated content (GB 45438-2025, annex E; DOMAIN §3): its value.

Sources differ on the wrapping: it is written bare and read in both forms.
"""

import json
from dataclasses import dataclass
from typing import Self

UNREGISTERED = "0" * 27
"""Stands for the provider's code until the office has set its own."""
CODE_LENGTH = 27
KEY = "AIGC"
_NAMES = (
    ("Label", "label"),
    ("ContentProducer", "producer"),
    ("ProduceID", "produce_id"),
    ("ReservedCode1", "reserved_1"),
    ("ContentPropagator", "propagator"),
    ("PropagateID", "propagate_id"),
    ("ReservedCode2", "reserved_2"),
)


@dataclass(frozen=True, slots=True)
class AigcLabel:
    """The seven fields, printable ASCII. `label`: "1" is generated, "2" may be, "3" suspected."""

    producer: str
    produce_id: str
    propagator: str
    propagate_id: str
    label: str = "1"
    reserved_1: str = ""
    reserved_2: str = ""

    def __post_init__(self) -> None:
        for _, name in _NAMES:
            value = getattr(self, name)
            if not (value.isascii() and (value.isprintable() or value == "")):
                raise ValueError(f"AIGC label: {name} is not printable ASCII")

    @classmethod
    def first(cls, producer: str, produce_id: str) -> Self:
        """The label at the first writing: who made it also passes it on."""
        return cls(producer, produce_id, producer, produce_id)

    def text(self) -> str:
        """The label as it stands in a file: one line of JSON."""
        values = {key: getattr(self, name) for key, name in _NAMES}
        return json.dumps(values, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """A label from a file, bare or wrapped in `{"AIGC": …}`. Raises ValueError."""
        found = json.loads(text)
        values = found.get(KEY, found) if isinstance(found, dict) else None
        if not isinstance(values, dict) or "Label" not in values:
            raise ValueError("no AIGC label")
        return cls(**{name: str(values.get(key, "")) for key, name in _NAMES})


def label_of(text: str) -> AigcLabel | None:
    """The label of a file's text; None where it holds none."""
    try:
        return AigcLabel.read(text)
    except ValueError:
        return None
