"""The audit chain: who did what, when, about what; verified link by link."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assistant.domain.audit import FIRST, AuditEntry, AuditEvent, AuditPayload
from assistant.records.accounts_audit import ERASED, AuditRecords, Head

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link that was written down elsewhere: a chain that lacks it was cut or made anew."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found. `erased` counts details that were erased, and said to be."""

    entries: int
    head: str
    erased: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed or slipped in."""
        return not self.faults


class Audit:
    """The chain of one organisation."""

    def __init__(self, records: AuditRecords) -> None:
        self._records = records

    async def record(
        self, actor: str, action: str, subject: str, payload: Mapping[str, object] | None = None
    ) -> AuditEntry:
        """Add an entry. `actor` and `subject` are ids; personal data goes into `payload`."""
        return await self._records.record(AuditEvent(actor, action, subject, payload or {}))

    async def erase(self, number: int, actor: str, reason: str) -> None:
        """Erase the details of an entry, as the law may ask; the chain still holds."""
        await self._records.erase(number, actor, reason)

    async def recent(self, limit: int = 100) -> list[tuple[AuditEntry, AuditPayload | None]]:
        """The newest entries, newest first."""
        return await self._records.recent(limit)

    async def since(
        self, moment: datetime, last: int
    ) -> list[tuple[AuditEntry, AuditPayload | None]]:
        """The entries from a moment on up to a number, in order."""
        return await self._records.since(moment, last)

    async def verify(self, anchor: Anchor | None = None) -> Verified:
        """Check every link, and the details that are still there."""
        check = _Check(anchor)
        head = await self._records.walk(check.look)
        return check.result(head)


@dataclass
class _Check:
    """What has been seen while walking the chain."""

    anchor: Anchor | None
    number: int = 0
    digest: str = FIRST
    without: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    met_anchor: bool = False

    def look(self, entry: AuditEntry, payload: AuditPayload | None) -> None:
        self._link(entry)
        if payload is None:
            self.without.add(entry.number)
        elif payload.digest() != entry.payload_digest:
            self._fault(f"第 {entry.number} 条的内容被改动")
        if entry.action == ERASED and entry.subject.isdecimal():
            self.erased.add(int(entry.subject))
        if self.anchor and entry.number == self.anchor.number:
            self.met_anchor = entry.digest == self.anchor.digest
        self.number, self.digest = entry.number, entry.digest

    def _link(self, entry: AuditEntry) -> None:
        if entry.number != self.number + 1:
            self._fault(
                f"第 {self.number} 条之后应为第 {self.number + 1} 条，实为第 {entry.number} 条"
            )
        if entry.previous != self.digest:
            self._fault(f"第 {entry.number} 条没有接在上一条之后")
        if entry.digest != entry.sealed():
            self._fault(f"第 {entry.number} 条被改动")

    def result(self, head: Head) -> Verified:
        if (head.number, head.digest) != (self.number, self.digest):
            self._fault(f"链头记为第 {head.number} 条，实际到第 {self.number} 条")
        for number in sorted(self.without - self.erased):
            self._fault(f"第 {number} 条的内容不见了，却没有删除记录")
        if self.anchor and not self.met_anchor:
            self._fault(f"与留存的第 {self.anchor.number} 条不符")
        gone = len(self.without & self.erased)
        return Verified(self.number, self.digest, gone, tuple(self.faults))

    def _fault(self, fault: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
