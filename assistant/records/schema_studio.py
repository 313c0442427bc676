"""Tables of the studio. A stream, a comment and a job are JSON; the columns are what is asked for.

`body` and the columns beside it are written together, by one function of each repository.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from assistant.records.schema import UtcDateTime, metadata

studio_streams = Table(
    "studio_streams",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("region", String),
    Column("starts_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index("studio_streams_by_state", "organization_id", "state", "changed_at"),
)

studio_versions = Table(
    "studio_versions",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("stream_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("what", Text, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)
"""The words. A version that is not sealed may be amended for a while by who wrote it."""

studio_comments = Table(
    "studio_comments",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("stream_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("body", Text, nullable=False),
    Index("studio_comments_of_stream", "organization_id", "stream_id"),
)

studio_jobs = Table(
    "studio_jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("kind", String, nullable=False, server_default="draft"),
    Column("state", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("body", Text, nullable=False),
    Index("studio_jobs_by_state", "organization_id", "state", "id"),
)
"""Drafts and films in the making (`kind`); who works on one holds its newest token."""

studio_job_parts = Table(
    "studio_job_parts",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("job_id", String, primary_key=True),
    Column("part", String, primary_key=True),
    Column("body", Text, nullable=False),
)
"""What is finished of a job: a restart goes on behind it. Gone when the job is over."""
