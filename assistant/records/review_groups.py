"""The cases of a group as rows: read, or locked for the change that follows.

Every change of the desk locks the rows of its cases first, writes to the audit chain after that
and events last: in this order no two of them can wait for each other.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.review import CaseState, DeskCase, Group, grouped, key_of
from assistant.errors import Conflict, NotFound
from assistant.records.database import AnyQuery
from assistant.records.live_rows import Rows
from assistant.records.schema_live import review_cases as cases

CASES = Rows(DeskCase, cases)
TRIES = 5
"""A group may change between finding and locking it: then it is found again."""

_NOT_WAITING = {
    CaseState.SENDING: "这件刚由他人处理，正在发送",
    CaseState.RESOLVED: "这件已经处理完毕",
    CaseState.HANDED: "这件已转给部门办理",
}


async def one(connection: AsyncConnection, organization: str, case_id: str) -> DeskCase:
    """A case. Raises NotFound."""
    found = await _cases(connection, _query(organization, cases.c.id == case_id))
    if not found:
        raise NotFound("没有这件复核")
    return found[0]


async def around(connection: AsyncConnection, organization: str, case: DeskCase) -> Group:
    """The group of a case as it is: those of the same state, settled by the same resolution."""
    same = cases.c.state == case.state, _equal(cases.c.resolution_id, case.resolution_id)
    query = _query(organization, _of_key(key_of(case)), *same)
    return grouped(await _cases(connection, query) or [case])


async def locked(connection: AsyncConnection, organization: str, case_id: str) -> Group:
    """The group of a waiting case, locked until the transaction ends.

    Raises NotFound, Conflict where the case waits no longer.
    """
    for _ in range(TRIES):
        case = await one(connection, organization, case_id)
        if case.state is not CaseState.WAITING:
            raise Conflict(_NOT_WAITING[case.state])
        waiting = cases.c.state == CaseState.WAITING
        query = _query(organization, _of_key(key_of(case)), waiting).with_for_update()
        found = await _cases(connection, query)
        if case_id in {one.id for one in found}:
            return grouped(found)
    raise Conflict("这件正在变动，请再试一次")


async def change(
    connection: AsyncConnection, organization: str, ids: Collection[str], **values: Any
) -> None:
    """Write columns of some cases, which are locked."""
    own = cases.c.organization_id == organization
    for case_id in sorted(ids):
        await connection.execute(update(cases).where(own, cases.c.id == case_id).values(**values))


def _of_key(key: str) -> ColumnElement[bool]:
    leads = and_(cases.c.id == key, cases.c.group_id.is_(None))
    return or_(leads, cases.c.group_id == key)


def _query(organization: str, *where: ColumnElement[bool]) -> AnyQuery:
    own = cases.c.organization_id == organization
    return select(*CASES.columns).where(own, *where).order_by(cases.c.id)


def _equal(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


async def _cases(connection: AsyncConnection, query: AnyQuery) -> list[DeskCase]:
    return [CASES.value(row) for row in await connection.execute(query)]
