"""How far a cue was heard, and its sentences as the voice said them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("cues", sa.Column("heard", sa.Integer))
    op.add_column("cues", sa.Column("voiced", sa.Text, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("cues") as cues:
        cues.drop_column("voiced")
        cues.drop_column("heard")
