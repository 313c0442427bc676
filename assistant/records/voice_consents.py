"""Whether text may go to the network voice: an administrator says so once, and may take it back.

Rows are only added, each with its entry in the audit chain; the newest counts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Integer, String, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.errors import Conflict
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.schema import UtcDateTime, metadata

GIVEN, WITHDRAWN = "voice.consent_given", "voice.consent_withdrawn"
voice_consents = Table(
    "voice_consents",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("given", Boolean, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class VoiceConsent:
    """The last word: `actor` is who said it, as the audit chain names them."""

    given: bool
    actor: str
    at: datetime


class VoiceConsents:
    """The consent of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def current(self) -> VoiceConsent | None:
        """The newest; None where nobody ever said anything."""
        c = voice_consents.c
        query = select(c.given, c.actor, c.at).where(c.organization_id == self._organization)
        async with self._database.read() as connection:
            row = (await connection.execute(query.order_by(c.number.desc()).limit(1))).first()
        return VoiceConsent(*row) if row else None

    async def record(self, *, given: bool, actor: str) -> VoiceConsent:
        """Give or withdraw it. Raises Conflict where another one did at this moment."""
        c = voice_consents.c
        said = VoiceConsent(given, actor, self._clock())
        try:
            async with self._database.write() as connection:
                query = select(func.max(c.number)).where(c.organization_id == self._organization)
                number = (await connection.scalar(query) or 0) + 1
                row = {"organization_id": self._organization, "number": number, "given": given}
                row |= {"actor": actor, "at": said.at}
                await connection.execute(insert(voice_consents).values(row))
                event = AuditEvent(actor, GIVEN if given else WITHDRAWN, "edge")
                await self._audit.append(connection, event)
        except IntegrityError as error:
            raise Conflict("刚才有别人改过网络语音的授权") from error
        return said
