"""Sources, their versions, their passages and the outbox that the index follows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sources()
    _source_versions()
    _passages()
    _index_outbox()


def downgrade() -> None:
    for table in ("index_outbox", "passages", "source_versions", "sources"):
        op.drop_table(table)


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("origin", sa.String),
        sa.Column("retired_at", MOMENT),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("document_number", sa.Text),
        sa.Column("issuer", sa.Text),
        sa.Column("published_on", sa.Date),
        sa.Column("effective_from", sa.Date),
        sa.Column("effective_to", sa.Date),
        sa.Column("status", sa.String),
        sa.Column("supersedes", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("source_url", sa.Text),
        sa.Column("parent", sa.Text),
        sa.Column("base_code", sa.String),
    )


def _source_versions() -> None:
    source = ["organization_id", "source_id"]
    op.create_table(
        "source_versions",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("origin", sa.String),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(source, [f"sources.{column}" for column in source]),
    )


def _passages() -> None:
    version = ["organization_id", "source_id", "version"]
    op.create_table(
        "passages",
        sa.Column("key", BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("field", sa.String),
        sa.Column("locator", sa.Text, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(version, [f"source_versions.{column}" for column in version]),
        sqlite_autoincrement=True,
    )
    op.create_index("passages_of_version", "passages", [*version, "ordinal"])


def _index_outbox() -> None:
    op.create_table(
        "index_outbox",
        sa.Column("seq", BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("op", sa.String, nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("index_outbox_of_organization", "index_outbox", ["organization_id", "seq"])
