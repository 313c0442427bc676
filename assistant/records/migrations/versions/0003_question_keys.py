"""Clients' idempotency keys: the same key is the same question, also after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "question_keys",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("question_id", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"]),
    )


def downgrade() -> None:
    op.drop_table("question_keys")
