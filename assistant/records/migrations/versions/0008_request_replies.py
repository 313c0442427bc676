"""Replies to requests with an idempotency key: the same key again, the same reply, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "request_replies",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("asked", sa.String, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("request_replies_made", "request_replies", ["organization_id", "made_at"])


def downgrade() -> None:
    op.drop_table("request_replies")
