"""The numbers of the latest drafts, in small batches: drift is measured over restarts."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "drift_batches",
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("drafts", sa.Integer, nullable=False),
        sa.Column("numbers", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    own = "organization_id"
    op.create_index("drift_batches_of_kind", "drift_batches", [own, "made_by", "kind", "id"])


def downgrade() -> None:
    op.drop_table("drift_batches")
