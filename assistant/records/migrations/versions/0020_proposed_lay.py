"""Lay terms that a chat model proposed for guides, and how far that work is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "guide_proposals",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
    )
    op.create_table(
        "proposed_terms",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("term", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("why_not", sa.Text, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("proposed_terms")
    op.drop_table("guide_proposals")
