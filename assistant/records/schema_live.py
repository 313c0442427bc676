"""The live room's tables as repositories see them; `0004_live` creates them.

What comes in at a thousand rows a second (comments, decisions) has no foreign keys: a decision is
written through its comment instead (`live_writes`). Enumerations are stored by value.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from assistant.records.schema import UtcDateTime, metadata

IN_LEDGER = "(is_question OR kind = 'queued_for_review')"
"""Which decisions are rows of the 台账. A query must say it in these words to use the index."""

rooms = Table(
    "rooms",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("region", String),
    Column("state", String, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("automatic_by", Text, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("topic", Text, nullable=False),
    Column("officers", Text, nullable=False),
    Column("session_id", String),
    Column("heartbeat_at", UtcDateTime),
    Column("held", String, nullable=False, server_default=""),
    Column("held_since", UtcDateTime),
    Column("present_at", UtcDateTime),
    Column("present_by", Text, nullable=False, server_default=""),
    Column("silent", Boolean, nullable=False, server_default=false()),
    Column("carded", Boolean, nullable=False, server_default=false()),
)

live_sessions = Table(
    "live_sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    ForeignKeyConstraint(["organization_id", "room_id"], ["rooms.organization_id", "rooms.id"]),
    Index("live_sessions_of_room", "organization_id", "room_id", "id"),
)

room_leases = Table(
    "room_leases",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("room_id", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("token", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

comments = Table(
    "comments",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("viewer", String, nullable=False),
    Column("viewer_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("hidden", Text, nullable=False),
    Index("comments_by_event", "organization_id", "room_id", "platform", "event_id", unique=True),
    Index("comments_of_session", "organization_id", "session_id", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("comment_id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("code", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("decision_ms", Float, nullable=False),
    Column("is_question", Boolean, nullable=False),
    Column("question_id", String),
    Column("action", String),
    Index("decisions_of_session", "organization_id", "session_id", "kind", "code"),
    Index(
        "decisions_of_question",
        "organization_id",
        "question_id",
        sqlite_where=text("question_id IS NOT NULL"),
        postgresql_where=text("question_id IS NOT NULL"),
    ),
    Index(
        "decisions_in_ledger",
        "organization_id",
        "comment_id",
        "session_id",
        "kind",
        "question_id",
        "is_question",
        sqlite_where=text(IN_LEDGER),
        postgresql_where=text(IN_LEDGER),
    ),
)

live_questions = Table(
    "live_questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("region", String),
    Column("urgency", String, nullable=False),
    Column("asked_by", Integer, nullable=False),
    Column("action", String),
    Column("outcome_id", String),
    Column("answer", Text, nullable=False),
    Column("spoken", Text, nullable=False),
    Column("citations", Text, nullable=False),
    Column("answered_at", UtcDateTime),
    Index("live_questions_of_session", "organization_id", "session_id", "id"),
    Index("live_questions_of_outcome", "organization_id", "outcome_id"),
)

cues = Table(
    "cues",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("spoken", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("question_id", String),
    Column("citations", Text, nullable=False),
    Column("asked_by", Integer, nullable=False),
    Column("actor", String),
    Column("seconds", Float, nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("heard", Integer),
    Column("voiced", Text, nullable=False, server_default="[]"),
    Column("approval", String, nullable=False, server_default=""),
    Column("slides", Text, nullable=False, server_default="[]"),
    Index("cues_of_session", "organization_id", "session_id", "id"),
    Index("cues_of_question", "organization_id", "question_id"),
)

replies = Table(
    "replies",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("comment_id", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("viewer", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Index("replies_of_session", "organization_id", "session_id", "state", "id"),
    Index("replies_of_comment", "organization_id", "comment_id"),
)

reply_addresses = Table(
    "reply_addresses",
    metadata,
    Column("comment_id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Index("reply_addresses_by_age", "organization_id", "stored_at"),
)

REVIEW_QUEUE = ["organization_id", "state", "group_id", "id", "urgency", "is_urgent", "due_at"]
REVIEW_QUEUE += ["region", "room_id", "code", "due_class"]
"""All that ranks and filters the queue, so that 10,000 rows are read from the index alone."""

review_cases = Table(
    "review_cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("question_id", String, nullable=False),
    Column("code", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("urgency", String, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_how", String),
    # What follows is the review desk's; a room never writes it.
    Column("state", String, nullable=False, server_default="waiting"),
    Column("is_urgent", Boolean, nullable=False, server_default=false()),
    Column("region", String),
    Column("group_id", String),
    Column("merged_into", String),
    Column("due_at", UtcDateTime),
    Column("due_from", UtcDateTime),
    Column("due_class", String, nullable=False, server_default=""),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("holder", String),
    Column("held_until", UtcDateTime),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("resolution_id", String),
    Column("unit", Text, nullable=False, server_default=""),
    Column("unit_due_at", UtcDateTime),
    Column("unit_note", Text, nullable=False, server_default=""),
    Index("review_cases_open", "organization_id", "settled_at", "id"),
    Index("review_cases_by_state", "organization_id", "state", "due_at", "id"),
    Index("review_cases_queue", *REVIEW_QUEUE),
    Index("review_cases_to_carry", "organization_id", "state", "settled_at"),
    Index("review_cases_by_class", "organization_id", "state", "due_class", "due_at"),
    Index("review_cases_of_group", "organization_id", "group_id"),
    Index("review_cases_of_question", "organization_id", "question_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("code", String, nullable=False),
    Column("level", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("comment_id", String),
    Column("assignee", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("told_at", UtcDateTime),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", UtcDateTime),
    Index("alerts_open", "organization_id", "acknowledged_at", "id"),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("session_id", String, nullable=False),
    Column("stream_id", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("approval", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("taking", String, nullable=False),
    Column("position", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("cue_id", String, nullable=False),
    Column("resumes_at", UtcDateTime),
    Column("fallen", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("broadcasts_of_session", "organization_id", "session_id", "state"),
    Index("broadcasts_of_stream", "organization_id", "stream_id", "id"),
)
"""Approved scripts on air: a room writes its own with each step, under its lease."""
