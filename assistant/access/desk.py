"""Everything about who may come in and what they did, for one organisation."""

from dataclasses import dataclass
from typing import Self

from assistant.access.audit import Audit
from assistant.access.door import Door, Setup
from assistant.access.passwords import Hasher, Passwords
from assistant.access.sessions import Sessions
from assistant.access.staff import Staff
from assistant.domain.clock import Clock, NewId
from assistant.records.accounts import AccountRecords
from assistant.records.accounts_attempts import AttemptRecords
from assistant.records.accounts_audit import AuditRecords
from assistant.records.accounts_sessions import SessionRecords
from assistant.records.database import Database


@dataclass(frozen=True, slots=True)
class AccessDesk:
    """Accounts, the door, sessions, first-run setup and the audit chain. Made by `build`."""

    staff: Staff
    door: Door
    sessions: Sessions
    setup: Setup
    audit: Audit

    @classmethod
    def build(
        cls,
        database: Database,
        organization: str,
        clock: Clock,
        new_id: NewId,
        hasher: Hasher | None = None,
    ) -> Self:
        """The desk over an open database; `hasher` takes the place of argon2."""
        chain = AuditRecords(database, organization, clock)
        records = AccountRecords(database, organization, clock, chain)
        hashes, audit = Passwords(hasher), Audit(chain)
        staff = Staff(records, hashes, organization, clock, new_id)
        sessions = Sessions(SessionRecords(database, organization, chain), clock, new_id)
        attempts = AttemptRecords(database, organization, clock)
        door = Door(staff, sessions, attempts, hashes, audit, clock)
        return cls(staff, door, sessions, Setup(staff, sessions, door), audit)
