"""The audit chain's law: each entry holds the digest of the one before it.

What happened (who, when, what, about which) is in the chain for ever and names people by id only.
The details are apart, under a salted digest: when the law asks, details and salt are erased, the
digest alone tells nothing, and the chain still holds.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

FIRST = ""
"""What stands for the digest before the first entry."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What someone did. `actor` and `subject` are ids; personal data goes into `payload` only."""

    actor: str
    action: str
    subject: str
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of an organisation's chain; `number` counts from 1 without gaps."""

    organization: str
    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload_digest: str
    previous: str
    digest: str = ""

    def sealed(self) -> str:
        """The digest that belongs to this entry."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [self.previous, self.organization, self.number, at]
        parts += [self.actor, self.action, self.subject, self.payload_digest]
        return _sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class AuditPayload:
    """The details of an entry as JSON text, and the salt without which its digest tells nothing."""

    salt: str
    body: str

    def digest(self) -> str:
        """The digest that the chain holds."""
        return _sha256(json.dumps([self.salt, self.body], ensure_ascii=True))


def body_of(payload: Mapping[str, object]) -> str:
    """Details as the text that is stored and digested."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, default=str)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
