"""What befell the pushed streams."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "stream_happenings",
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("level", sa.String, nullable=False),
    )
    own = "organization_id"
    op.create_index("stream_happenings_of_room", "stream_happenings", [own, "room_id", "at"])


def downgrade() -> None:
    op.drop_table("stream_happenings")
