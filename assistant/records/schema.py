"""The tables as repositories see them. `migrations/` creates them; a test keeps both equal.

Every row belongs to an organisation. Times are UTC. JSON is stored as text: it is read whole,
never queried into.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData()

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the column is called INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware time of any zone is stored as UTC."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


sources = Table(
    "sources",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("origin", String),
    Column("retired_at", UtcDateTime),
    Column("title", Text, nullable=False),
    Column("region", String, nullable=False),
    Column("document_number", Text),
    Column("issuer", Text),
    Column("published_on", Date),
    Column("effective_from", Date),
    Column("effective_to", Date),
    Column("status", String),
    Column("supersedes", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("source_url", Text),
    Column("parent", Text),
    Column("base_code", String),
)

source_versions = Table(
    "source_versions",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("origin", String),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "source_id"], ["sources.organization_id", "sources.source_id"]
    ),
)

passages = Table(
    "passages",
    metadata,
    Column("key", BigKey, primary_key=True, autoincrement=True),
    Column("organization_id", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("field", String),
    Column("locator", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "source_id", "version"],
        [
            "source_versions.organization_id",
            "source_versions.source_id",
            "source_versions.version",
        ],
    ),
    Index("passages_of_version", "organization_id", "source_id", "version", "ordinal"),
    sqlite_autoincrement=True,
)

index_outbox = Table(
    "index_outbox",
    metadata,
    Column("seq", BigKey, primary_key=True, autoincrement=True),
    Column("organization_id", String, nullable=False),
    Column("op", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("index_outbox_of_organization", "organization_id", "seq"),
    sqlite_autoincrement=True,
)

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("region", String),
    Column("as_of", Date, nullable=False),
    Column("history", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("action", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("route", String, nullable=False),
    Column("draft", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("spoken", Text, nullable=False),
    Column("citations", Text, nullable=False),
    Column("ranked_ids", Text, nullable=False),
    Column("latency_ms", Float, nullable=False),
    Index("questions_of_organization", "organization_id", "id"),
)

question_keys = Table(
    "question_keys",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("question_id", String, nullable=False),
    ForeignKeyConstraint(["question_id"], ["questions.id"]),
)
