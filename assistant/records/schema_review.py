"""The review desk's tables as repositories see them; `0007_review` creates them.

The desk's columns of a case stand in `review_cases` (`schema_live`). The rules of `schema` hold.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from assistant.records.schema import BigKey, UtcDateTime, metadata

review_resolutions = Table(
    "review_resolutions",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("case_ids", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("spoken", Text, nullable=False),
    Column("actor", String, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("sends_at", UtcDateTime, nullable=False),
    Column("citations", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("aloud", Boolean, nullable=False),
    Column("learn", Boolean, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("similar", Text, nullable=False),
    Column("negatives", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("took_ms", Float, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    Column("second_by", String),
    Column("second_at", UtcDateTime),
    Index("review_resolutions_due", "organization_id", "sent_at", "undone_at", "sends_at"),
)

review_drafts = Table(
    "review_drafts",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("case_id", String, primary_key=True),
    Column("account_id", String, primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)
"""What a reviewer has typed and not settled: survives a reload."""

learned_answers = Table(
    "learned_answers",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("faq_id", String, primary_key=True),
    Column("resolution_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("region", String, nullable=False),
    Column("basis", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
    Column("case_id", String),
    Index("learned_answers_by_state", "organization_id", "state", "faq_id"),
)

regression_cases = Table(
    "regression_cases",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("origin", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
"""Test cases (FORMATS §4) that came from resolutions and corrections; `origin` is their id."""

incidents = Table(
    "incidents",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("question_id", String, nullable=False),
    Column("outcome_id", String),
    Column("fingerprint", String, nullable=False),
    Column("answer", Text, nullable=False),
    Column("source_ids", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("case_id", String),
    Column("applied_at", UtcDateTime),
    Column("corrected_at", UtcDateTime),
    Column("unreached", Integer, nullable=False),
    Column("faq_ids", Text, nullable=False),
    Column("citations", Text, nullable=False, server_default="[]"),
    Index("incidents_of_room", "organization_id", "room_id", "applied_at"),
    Index("incidents_of_question", "organization_id", "question_id"),
)

withheld_answers = Table(
    "withheld_answers",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("fingerprint", String, primary_key=True),
    Column("incident_id", String, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
)

events = Table(
    "events",
    metadata,
    Column("seq", BigKey, primary_key=True, autoincrement=True),
    Column("organization_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("events_of_organization", "organization_id", "seq"),
    sqlite_autoincrement=True,
)
"""What a room committed that others must hear of (DESIGN §3): written with the change itself."""

event_offsets = Table(
    "event_offsets",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("handler", String, primary_key=True),
    Column("seq", BigKey, nullable=False),
)
"""Up to which event each handler has done its work."""

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("actor", String, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
"""Days that an office set itself; all others are as `chinesecalendar` and the table say."""

request_replies = Table(
    "request_replies",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("account_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("asked", String, nullable=False),
    Column("body", Text),
    Column("made_at", UtcDateTime, nullable=False),
    Index("request_replies_made", "organization_id", "made_at"),
)
"""What a request with an idempotency key led to; no body while it is worked on. Kept for a day."""
