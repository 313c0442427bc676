"""Comments on the sentences of a stream, as stored; each with its entry in the audit chain."""

from collections.abc import Callable

from sqlalchemy import insert, select, update

from assistant.domain.audit import AuditEvent
from assistant.domain.studio_flow import Comment
from assistant.errors import NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema_studio import studio_comments as comments


class CommentRecords:
    """The comments of one organisation."""

    def __init__(self, database: Database, organization: str, audit: AuditRecords) -> None:
        self._database = database
        self._organization = organization
        self._audit = audit

    async def of(self, stream_id: str) -> list[Comment]:
        """All comments on a stream, the oldest first."""
        c = comments.c
        query = select(c.body).where(
            c.organization_id == self._organization, c.stream_id == stream_id
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.id))
            return [from_json(Comment, row.body) for row in rows]

    async def add(self, one: Comment) -> None:
        """Store a new one."""
        row = {"id": one.id, "organization_id": self._organization, "stream_id": one.stream_id}
        event = AuditEvent(one.author, "studio.comment", one.stream_id, {"comment": one.id})
        async with self._database.write() as connection:
            values = row | {"state": one.state.value, "body": to_json(one)}
            await connection.execute(insert(comments).values(values))
            await self._audit.append(connection, event)

    async def settle(
        self, stream_id: str, comment_id: str, actor: str, change: Callable[[Comment], Comment]
    ) -> Comment:
        """Deal with one. Raises NotFound, and what `change` raises."""
        c = comments.c
        own = (
            c.organization_id == self._organization,
            c.stream_id == stream_id,
            c.id == comment_id,
        )
        async with self._database.write() as connection:
            body = await connection.scalar(select(c.body).where(*own).with_for_update())
            if body is None:
                raise NotFound("没有这条批注")
            after = change(from_json(Comment, body))
            values = {"state": after.state.value, "body": to_json(after)}
            await connection.execute(update(comments).where(*own).values(values))
            told = {"comment": comment_id, "state": after.state.value}
            event = AuditEvent(actor, "studio.comment_settled", stream_id, told)
            await self._audit.append(connection, event)
        return after
