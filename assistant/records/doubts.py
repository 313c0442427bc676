"""Answers that were taken back and not found right since, with what they cited."""

from sqlalchemy import select

from assistant.domain.clips import TakenBack
from assistant.domain.review import Incident
from assistant.records.database import Database
from assistant.records.live_rows import INCIDENTS
from assistant.records.schema_review import incidents, withheld_answers


class DoubtReads:
    """The doubts of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def standing(self) -> list[TakenBack]:
        """All that are withheld still: a correction ends none, only that an answer was right."""
        own, held = incidents.c.organization_id == self._organization, withheld_answers.c
        withheld = select(held.incident_id).where(
            held.organization_id == self._organization, held.lifted_at.is_(None)
        )
        query = select(*INCIDENTS.columns).where(own, incidents.c.id.in_(withheld))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(incidents.c.id))
            return [_taken_back(INCIDENTS.value(row)) for row in rows]


def _taken_back(one: Incident) -> TakenBack:
    return TakenBack(
        one.id, one.reason, one.made_at, one.source_ids, one.citations, one.corrected_at
    )
