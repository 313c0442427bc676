"""The cases of a group as rows: read, or locked for the change that follows.

Every change of the desk locks the rows of its cases first, writes to the audit chain after that
and events last: in this order no two of them can wait for each other.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all, update
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
    own = cases.c.organization_id == organization, cases.c.id == case_id
    found = await _cases(connection, select(*CASES.columns).where(*own))
    if not found:
        raise NotFound("没有这件复核")
    return found[0]


async def around(connection: AsyncConnection, organization: str, case: DeskCase) -> Group:
    """The group of a case as it is: those of the same state, settled by the same resolution."""
    found = await _group(connection, organization, case)
    same = [one for one in found if one.resolution_id == case.resolution_id]
    return grouped(same or [case])


async def locked(connection: AsyncConnection, organization: str, case_id: str) -> Group:
    """The group of a waiting case, locked until the transaction ends.

    Raises NotFound, Conflict where the case waits no longer.
    """
    for _ in range(TRIES):
        case = await one(connection, organization, case_id)
        if case.state is not CaseState.WAITING:
            raise Conflict(_NOT_WAITING[case.state])
        found = await _group(connection, organization, case, lock=True)
        if case_id in {one.id for one in found}:
            return grouped(found)
    raise Conflict("这件正在变动，请再试一次")


def ids_of(organization: str, state: CaseState, keys: Collection[str]) -> CompoundSelect[str]:
    """The ids of the cases of some groups. Two statements: SQLite looks up no OR by an index."""
    own = cases.c.organization_id == organization, cases.c.state == state
    leads = select(cases.c.id).where(*own, cases.c.group_id.is_(None), cases.c.id.in_(keys))
    return union_all(select(cases.c.id).where(*own, cases.c.group_id.in_(keys)), leads)


async def change(
    connection: AsyncConnection, organization: str, ids: Collection[str], **values: Any
) -> None:
    """Write columns of some cases, which are locked."""
    own = cases.c.organization_id == organization
    for case_id in sorted(ids):
        await connection.execute(update(cases).where(own, cases.c.id == case_id).values(**values))


async def _group(
    connection: AsyncConnection, organization: str, case: DeskCase, *, lock: bool = False
) -> list[DeskCase]:
    """The cases of a case's state and group, as they are once they are locked."""
    key = key_of(case)
    ids = [row[0] for row in await connection.execute(ids_of(organization, case.state, [key]))]
    query = select(*CASES.columns).where(cases.c.id.in_(ids)).order_by(cases.c.id)
    found = await _cases(connection, query.with_for_update() if lock else query)
    return [one for one in found if one.state is case.state and key_of(one) == key]


async def _cases(connection: AsyncConnection, query: AnyQuery) -> list[DeskCase]:
    return [CASES.value(row) for row in await connection.execute(query)]
