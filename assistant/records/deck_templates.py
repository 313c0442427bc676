"""An office's templates as stored, and the choices among them. Changes are in the audit chain."""

from sqlalchemy import Column, String, Table, Text, UniqueConstraint, delete, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.domain.audit import AuditEvent
from assistant.domain.templates import DeckTemplate
from assistant.errors import Conflict, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema import metadata

ADDED, REMOVED, CHOSEN = "template.added", "template.removed", "template.chosen"
OFFICE, OURS = "", ""
"""A choice for no stream is the office's; a choice of no template is our own look."""
deck_templates = Table(
    "deck_templates",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("organization_id", "digest", name="deck_templates_once"),
)
deck_template_choices = Table(
    "deck_template_choices",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("stream_id", String, primary_key=True),
    Column("template_id", String, nullable=False),
)


class TemplateRecords:
    """The templates of one organisation."""

    def __init__(self, database: Database, organization: str, audit: AuditRecords) -> None:
        self._database = database
        self._organization = organization
        self._audit = audit

    async def add(self, one: DeckTemplate) -> None:
        """Store a template. Raises Conflict where the same file is there already."""
        row = {"id": one.id, "organization_id": self._organization, "digest": one.digest}
        row |= {"body": to_json(one)}
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(deck_templates).values(row))
                told = {"name": one.name, "digest": one.digest}
                await self._audit.append(connection, AuditEvent(one.by, ADDED, one.id, told))
        except IntegrityError as error:
            raise Conflict("这个模板已经上传过") from error

    async def listed(self) -> list[DeckTemplate]:
        """All of them, the newest first."""
        c = deck_templates.c
        query = select(c.body).where(c.organization_id == self._organization)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.id.desc()))
            return [from_json(DeckTemplate, row.body) for row in rows]

    async def get(self, template_id: str) -> DeckTemplate:
        """Raises NotFound."""
        c = deck_templates.c
        own = c.organization_id == self._organization, c.id == template_id
        async with self._database.read() as connection:
            body = await connection.scalar(select(c.body).where(*own))
        if body is None:
            raise NotFound("没有这个模板")
        return from_json(DeckTemplate, body)

    async def remove(self, template_id: str, actor: str) -> DeckTemplate:
        """Take one away with all choices of it. Raises NotFound."""
        one = await self.get(template_id)
        tables = (
            (deck_template_choices, deck_template_choices.c.template_id),
            (deck_templates, deck_templates.c.id),
        )
        async with self._database.write() as connection:
            for table, column in tables:
                own = table.c.organization_id == self._organization
                await connection.execute(delete(table).where(own, column == template_id))
            event = AuditEvent(actor, REMOVED, one.id, {"name": one.name, "digest": one.digest})
            await self._audit.append(connection, event)
        return one

    async def choices(self, stream_id: str) -> dict[str, str]:
        """The templates that were chosen for a stream and for the office, by whose choice it is."""
        c = deck_template_choices.c
        mine = c.organization_id == self._organization, c.stream_id.in_({stream_id, OFFICE})
        async with self._database.read() as connection:
            rows = await connection.execute(select(c.stream_id, c.template_id).where(*mine))
            return {row.stream_id: row.template_id for row in rows}

    async def choose(self, stream_id: str, template_id: str | None, actor: str) -> None:
        """Choose for a stream or the office; None takes the choice back. Raises NotFound."""
        if template_id:
            await self.get(template_id)
        table = deck_template_choices
        key = {"organization_id": self._organization, "stream_id": stream_id}
        own = table.c.organization_id == self._organization, table.c.stream_id == stream_id
        async with self._database.write() as connection:
            await connection.execute(delete(table).where(*own))
            if template_id is not None:
                row = key | {"template_id": template_id}
                await connection.execute(insert(table).values(row))
            event = AuditEvent(actor, CHOSEN, stream_id, {"template": template_id})
            await self._audit.append(connection, event)
