"""Approved scripts that a room says, part by part."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("stream_id", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("approval", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taking", sa.String, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("cue_id", sa.String, nullable=False),
        sa.Column("resumes_at", sa.DateTime(timezone=True)),
        sa.Column("fallen", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    own = "organization_id"
    op.create_index("broadcasts_of_session", "broadcasts", [own, "session_id", "state"])
    op.create_index("broadcasts_of_stream", "broadcasts", [own, "stream_id", "id"])


def downgrade() -> None:
    op.drop_table("broadcasts")
