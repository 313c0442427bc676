"""The error bound that an administrator chose; the setting counts while nobody ever did.

Rows are only added, each with its entry in the audit chain; the newest counts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Float, Integer, String, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.errors import Conflict
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.schema import UtcDateTime, metadata

error_bounds = Table(
    "error_bounds",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("choice", String, nullable=False),
    Column("rate", Float),
    Column("confidence", Float),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


class Choice(StrEnum):
    """What was chosen: a bound, none at all, or whatever the setting says."""

    BOUND = "bound"
    NONE = "none"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class ChosenBound:
    """The last word. `rate` and `confidence` (shares) are those of a bound, else None."""

    choice: Choice
    rate: float | None
    confidence: float | None
    actor: str
    at: datetime


class ErrorBounds:
    """The choices of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def current(self) -> ChosenBound | None:
        """The newest; None where nobody ever chose."""
        c = error_bounds.c
        query = select(c.choice, c.rate, c.confidence, c.actor, c.at)
        query = query.where(c.organization_id == self._organization)
        async with self._database.read() as connection:
            row = (await connection.execute(query.order_by(c.number.desc()).limit(1))).first()
        return ChosenBound(Choice(row.choice), *row[1:]) if row else None

    async def record(
        self,
        choice: Choice,
        *,
        actor: str,
        rate: float | None = None,
        confidence: float | None = None,
    ) -> ChosenBound:
        """Choose. Raises Conflict where another one did at this moment."""
        c = error_bounds.c
        said = ChosenBound(choice, rate, confidence, actor, self._clock())
        try:
            async with self._database.write() as connection:
                query = select(func.max(c.number)).where(c.organization_id == self._organization)
                number = (await connection.scalar(query) or 0) + 1
                row = {"organization_id": self._organization, "number": number, "actor": actor}
                row |= {"choice": choice.value, "rate": rate, "confidence": confidence}
                await connection.execute(insert(error_bounds).values(row | {"at": said.at}))
                await self._audit.append(connection, _audited(said))
        except IntegrityError as error:
            raise Conflict("刚才有别人改过误差上限", hint="先看现在的上限，再改") from error
        return said


def _audited(said: ChosenBound) -> AuditEvent:
    told: dict[str, object] = {}
    if said.rate is not None and said.confidence is not None:
        told = {"rate": f"{said.rate:.2%}", "confidence": f"{said.confidence:.1%}"}
    return AuditEvent(said.actor, f"bound.{said.choice.value}", "verdict", told)
