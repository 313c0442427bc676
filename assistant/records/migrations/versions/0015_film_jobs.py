"""Jobs of the studio are of a kind: drafts, and films of clips. An incident keeps what it cited."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    kind = sa.Column("kind", sa.String, nullable=False, server_default="draft")
    op.add_column("studio_jobs", kind)
    cited = sa.Column("citations", sa.Text, nullable=False, server_default="[]")
    op.add_column("incidents", cited)


def downgrade() -> None:
    with op.batch_alter_table("incidents") as incidents:
        incidents.drop_column("citations")
    with op.batch_alter_table("studio_jobs") as jobs:
        jobs.drop_column("kind")
