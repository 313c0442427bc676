"""Every question asked, with its outcome and the evidence that it rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("region", sa.String),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("history", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("route", sa.String, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("spoken", sa.Text, nullable=False),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("ranked_ids", sa.Text, nullable=False),
        sa.Column("latency_ms", sa.Float, nullable=False),
    )
    op.create_index("questions_of_organization", "questions", ["organization_id", "id"])


def downgrade() -> None:
    op.drop_table("questions")
