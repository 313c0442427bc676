"""What a cue of a script was approved by, and the slides that stand beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("cues", sa.Column("approval", sa.String, nullable=False, server_default=""))
    op.add_column("cues", sa.Column("slides", sa.Text, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("cues") as cues:
        cues.drop_column("slides")
        cues.drop_column("approval")
