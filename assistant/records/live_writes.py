"""The statements that write one step of a room, each harmless when it is repeated.

On SQLite the comments of a step, and its decisions, are one text of JSON and so one call of the
driver, which gives the interpreter lock up at each call: with a call a row, a crowd's step waits
for it hundreds of times.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    String,
    Table,
    Text,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from assistant.domain.live import CueState, OutcomeKind, ReplyState
from assistant.domain.live_commit import Commit
from assistant.domain.review import CaseState
from assistant.records import live_rows as rows
from assistant.records import schema_live as tables
from assistant.records.live_rows import Values
from assistant.records.schema_duty import alert_tellings
from assistant.records.schema_review import incidents
from assistant.records.schema_review import review_resolutions as resolutions

SAID = (OutcomeKind.SPOKEN, OutcomeKind.REPLIED)
NOT_BEGUN = (CueState.WAITING, CueState.SENT)
UNDELIVERED = (ReplyState.PENDING, ReplyState.SENDING)

_CASE = tables.review_cases.c
_DECIDED_BY = (
    update(tables.review_cases)
    .where(_CASE.organization_id == bindparam("of_organization"), _CASE.id == bindparam("of_case"))
    .where(_CASE.resolution_id.is_(None))
    .values(resolution_id=bindparam("by"))
)
"""A case that the desk has settled meanwhile keeps the desk's resolution."""

Guard = Callable[[Table, Any], ColumnElement[bool]]
"""May this new row (second) take the place of the stored one (first)?"""
Derived = Callable[[Table, Any], ColumnElement[Any]]
"""What a column becomes, from the stored row (first) and the new one (second)."""

_ROWS = "rows"
_EACH = func.json_each(bindparam(_ROWS, type_=Text)).table_valued("value")


def write(connection: Connection, organization: str, commit: Commit, at: Any) -> None:
    """Write a step in the caller's transaction; `at` is when addresses begin to age."""
    own = organization
    dialect = connection.dialect.name
    addresses = [
        {"comment_id": id_, "organization_id": own, "sealed": sealed, "stored_at": at}
        for id_, sealed in commit.addresses.items()
    ]
    comments = _values(rows.COMMENTS, own, commit.comments)
    decisions = _values(rows.DECISIONS, own, commit.decisions)
    for statement, values in (
        (receive(dialect), _crowd(dialect, tables.comments, comments)),
        (decide(dialect), _crowd(dialect, tables.decisions, decisions)),
        (upsert(dialect, tables.live_questions), _values(rows.QUESTIONS, own, commit.questions)),
        (upsert(dialect, tables.cues), _values(rows.CUES, own, commit.cues)),
        (upsert(dialect, tables.replies), _values(rows.REPLIES, own, commit.replies)),
        (new_only(dialect, tables.reply_addresses), addresses),
        (upsert(dialect, tables.review_cases), _values(rows.CASES, own, commit.cases)),
        (upsert(dialect, tables.alerts), _values(rows.ALERTS, own, commit.alerts)),
        (new_only(dialect, alert_tellings), _values(rows.TELLINGS, own, commit.tellings)),
        (new_only(dialect, resolutions), _values(rows.RESOLUTIONS, own, commit.resolutions)),
        (_DECIDED_BY, _decided(own, commit)),
        (upsert(dialect, incidents), _values(rows.INCIDENTS, own, commit.incidents)),
        (upsert(dialect, tables.broadcasts), _values(rows.BROADCASTS, own, commit.broadcasts)),
    ):
        if values:
            connection.execute(statement, values)


def _crowd(dialect: str, table: Table, values: Sequence[Values]) -> Any:
    """Rows as parameters of `receive` and `decide`."""
    if dialect != "sqlite" or not values:
        return values
    names = table.columns.keys()
    return {_ROWS: _JSON.encode([[row.get(name) for name in names] for row in values])}


def _time(value: datetime) -> str:
    """As SQLAlchemy stores a time in SQLite."""
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


_JSON = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_time
)


def _decided(organization: str, commit: Commit) -> list[Values]:
    """Which resolution each case has that the room itself settled."""
    return [
        {"of_organization": organization, "of_case": case_id, "by": one.id}
        for one in commit.resolutions
        for case_id in one.case_ids
    ]


def _values(kind: "rows.Rows[Any]", organization: str, values: Sequence[Any]) -> list[Values]:
    return [kind.values(organization, value) for value in values]


@cache
def new_only(dialect: str, table: Table) -> Insert:
    """Insert; a row that is there, by its key or by what else is unique, stays as it is."""
    made: Insert = _insert(dialect, table).on_conflict_do_nothing()
    return made


@cache
def receive(dialect: str) -> Insert:
    """Comments; one whose event is there stays as it is."""
    table = tables.comments
    if dialect != "sqlite":
        return new_only(dialect, table)
    names = table.columns.keys()
    # without a condition SQLite takes ON CONFLICT for a part of the FROM
    given = select(*(_field(dialect, table, name) for name in names)).where(true())
    return sqlite.insert(table).from_select(names, given).on_conflict_do_nothing()


@cache
def decide(dialect: str) -> Insert:
    """A decision, written through its comment (which gives the session).

    Where the comment was left out because its event was already there under another id, the
    decision is left out too. A stored one changes only between spoken and replied.
    """
    table, comments = tables.decisions, tables.comments
    given = [_field(dialect, table, name).label(name) for name in rows.DECISIONS.names]
    names = ["organization_id", "session_id", *rows.DECISIONS.names]
    mine = (
        comments.c.id == _field(dialect, table, "comment_id"),
        comments.c.organization_id == _field(dialect, table, "organization_id"),
    )
    row = select(comments.c.organization_id, comments.c.session_id, *given).where(*mine)
    insert = _insert(dialect, table).from_select(names, row)
    new = insert.excluded
    made: Insert = insert.on_conflict_do_update(
        index_elements=[table.c.comment_id],
        set_={name: new[name] for name in ("kind", "code", "reason")},
        where=_one_of(table.c.kind, SAID) & _one_of(new.kind, SAID),
    )
    return made


def _field(dialect: str, table: Table, name: str) -> ColumnElement[Any]:
    """A column of the row that is given."""
    if dialect != "sqlite":
        return bindparam(name, type_=table.c[name].type)
    at = table.columns.keys().index(name)
    return func.json_extract(_EACH.c.value, f"$[{at}]", type_=String)


@cache
def upsert(dialect: str, table: Table) -> Insert:
    """Insert or replace, by the rules of the table; never another organisation's row."""
    insert = _insert(dialect, table)
    new = insert.excluded
    keys = list(table.primary_key.columns)
    names = CHANGES.get(table.name) or [c.name for c in table.columns if not c.primary_key]
    changed: dict[str, ColumnElement[Any]] = {name: new[name] for name in names}
    for name in SET_ONCE.get(table.name, ()):
        changed[name] = func.coalesce(table.c[name], new[name])
    for name, derived in DERIVED.get(table.name, {}).items():
        changed[name] = derived(table, new)
    allowed = table.c.organization_id == new.organization_id
    if guard := GUARDS.get(table.name):
        allowed &= guard(table, new)
    made: Insert = insert.on_conflict_do_update(index_elements=keys, set_=changed, where=allowed)
    return made


def _insert(dialect: str, table: Table) -> Any:  # the two have one interface and no common type
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _begun_stays_begun(table: Table, new: Any) -> ColumnElement[bool]:
    """A cue that was acknowledged never waits again."""
    return or_(_one_of(table.c.state, NOT_BEGUN), not_(_one_of(new.state, NOT_BEGUN)))


def _forward_only(table: Table, new: Any) -> ColumnElement[bool]:
    """A reply advances; it waits again only after one more try, and never once it is settled."""
    further = (new.tries == table.c.tries) & (_rank(new.state) > _rank(table.c.state))
    return _one_of(table.c.state, UNDELIVERED) & or_(new.tries > table.c.tries, further)


def _one_of(column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """An IN list would be expanded anew for each row, which SQLAlchemy refuses for many."""
    return or_(*(column == value for value in values))


def _rank(state: ColumnElement[str]) -> ColumnElement[int]:
    first, second = UNDELIVERED
    return case((state == first, 0), (state == second, 1), else_=2)


CHANGES = {
    "replies": ["state", "tries"],
    "review_cases": ["code", "reason", "urgency"],
    "incidents": ["unreached"],
}
SET_ONCE = {
    "review_cases": ["settled_at", "settled_how"],
    "incidents": ["applied_at", "corrected_at"],
    "alerts": ["acknowledged_by", "acknowledged_at"],
}
"""Columns that another process may have set meanwhile: they stay."""


def _settled_is_resolved(table: Table, new: Any) -> ColumnElement[Any]:
    """A case that the room settled by itself waits for nobody; the desk's states stay."""
    by_room = new.settled_at.is_not(None) & (table.c.state == CaseState.WAITING)
    return case((by_room, CaseState.RESOLVED.value), else_=table.c.state)


DERIVED: dict[str, dict[str, Derived]] = {"review_cases": {"state": _settled_is_resolved}}
"""Columns that follow from what changed."""

GUARDS: dict[str, Guard] = {
    "cues": _begun_stays_begun,
    "replies": _forward_only,
    "event_offsets": lambda table, new: new.seq > table.c.seq,
}
