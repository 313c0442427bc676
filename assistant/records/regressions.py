"""Test cases that came from the desk, as stored: one line of FORMATS §4 each, masked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from assistant.domain.review import WITHDRAWN
from assistant.records.database import Database
from assistant.records.live_writes import new_only
from assistant.records.schema_live import review_cases
from assistant.records.schema_review import incidents, regression_cases


class RegressionRecords:
    """The regression cases of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def add(self, case_id: str, origin: str, line: str, at: datetime) -> None:
        """Keep a case; one that is there stays as it is."""
        row = {"id": case_id, "origin": origin, "body": line, "made_at": at}
        statement = new_only(self._database.dialect, regression_cases)
        async with self._database.write() as connection:
            await connection.execute(statement, [row | {"organization_id": self._organization}])

    async def lines(self, after: str = "", limit: int = 1000) -> Sequence[tuple[str, str]]:
        """Ids and lines after an id, by id."""
        c = regression_cases.c
        query = select(c.id, c.body).where(c.organization_id == self._organization, c.id > after)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.id).limit(limit))
            return [(row.id, row.body) for row in rows]

    async def count(self) -> int:
        """How many there are."""
        c = regression_cases.c
        query = select(func.count()).where(c.organization_id == self._organization)
        async with self._database.read() as connection:
            return (await connection.scalar(query)) or 0

    async def wrong_answers(self, question_ids: Sequence[str]) -> list[str]:
        """The withdrawn answers to some questions, by what stopped with them.

        An incident names the case that withdrawing opened. A correction that was held back is asked
        again in a case of its own, so the way goes over all withdrawn cases of the questions.
        """
        c, own = incidents.c, review_cases.c
        led_by = func.coalesce(own.group_id, own.id)
        withdrawn = (own.organization_id == self._organization) & (own.code == WITHDRAWN)
        leads = select(led_by).where(withdrawn, own.question_id.in_(question_ids))
        together = select(own.id).where(withdrawn, led_by.in_(leads))
        which = (c.organization_id == self._organization) & c.case_id.in_(together)
        async with self._database.read() as connection:
            rows = await connection.execute(select(c.answer).where(which).order_by(c.id))
            return [row.answer for row in rows]
