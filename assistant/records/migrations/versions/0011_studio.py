"""The studio: streams, their versions and comments, drafting jobs with their finished parts."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
TABLES = (
    "studio_streams",
    "studio_versions",
    "studio_comments",
    "studio_jobs",
    "studio_job_parts",
)


def upgrade() -> None:
    _words()
    op.create_table(
        "studio_comments",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("stream_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index(
        "studio_comments_of_stream", "studio_comments", ["organization_id", "stream_id"]
    )
    _jobs()


def _words() -> None:
    op.create_table(
        "studio_streams",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("region", sa.String),
        sa.Column("starts_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    by_state = ["organization_id", "state", "changed_at"]
    op.create_index("studio_streams_by_state", "studio_streams", by_state)
    op.create_table(
        "studio_versions",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("stream_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def _jobs() -> None:
    op.create_table(
        "studio_jobs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("studio_jobs_by_state", "studio_jobs", ["organization_id", "state", "id"])
    op.create_table(
        "studio_job_parts",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("job_id", sa.String, primary_key=True),
        sa.Column("part", sa.String, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
