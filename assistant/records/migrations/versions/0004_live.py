"""Rooms, their sessions and leases; every comment, what became of it, and what is to be done."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "rooms",
    "live_sessions",
    "room_leases",
    "comments",
    "decisions",
    "live_questions",
    "cues",
    "replies",
    "reply_addresses",
    "review_cases",
    "alerts",
)


def upgrade() -> None:
    _rooms()
    _sessions()
    _room_leases()
    _comments()
    _decisions()
    _questions()
    _cues()
    _replies()
    _reply_addresses()
    _review_cases()
    _alerts()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("region", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.Column("automatic_by", sa.Text, nullable=False),
        sa.Column("muted", sa.Boolean, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("officers", sa.Text, nullable=False),
        sa.Column("session_id", sa.String),
        sa.Column("heartbeat_at", MOMENT),
    )


def _sessions() -> None:
    op.create_table(
        "live_sessions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["organization_id", "room_id"], ["rooms.organization_id", "rooms.id"]
        ),
    )
    op.create_index("live_sessions_of_room", "live_sessions", ["organization_id", "room_id", "id"])


def _room_leases() -> None:
    op.create_table(
        "room_leases",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("room_id", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("event_id", sa.String, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("viewer", sa.String, nullable=False),
        sa.Column("viewer_name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hidden", sa.Text, nullable=False),
    )
    op.create_index(
        "comments_by_event",
        "comments",
        ["organization_id", "room_id", "platform", "event_id"],
        unique=True,
    )
    op.create_index("comments_of_session", "comments", ["organization_id", "session_id", "id"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("comment_id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("decision_ms", sa.Float, nullable=False),
        sa.Column("is_question", sa.Boolean, nullable=False),
        sa.Column("question_id", sa.String),
        sa.Column("action", sa.String),
    )
    op.create_index(
        "decisions_of_session", "decisions", ["organization_id", "session_id", "kind", "code"]
    )
    asked = sa.text("question_id IS NOT NULL")
    op.create_index(
        "decisions_of_question",
        "decisions",
        ["organization_id", "question_id"],
        sqlite_where=asked,
        postgresql_where=asked,
    )


def _questions() -> None:
    op.create_table(
        "live_questions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("region", sa.String),
        sa.Column("urgency", sa.String, nullable=False),
        sa.Column("asked_by", sa.Integer, nullable=False),
        sa.Column("action", sa.String),
        sa.Column("outcome_id", sa.String),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("spoken", sa.Text, nullable=False),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("answered_at", MOMENT),
    )
    op.create_index(
        "live_questions_of_session", "live_questions", ["organization_id", "session_id", "id"]
    )


def _cues() -> None:
    op.create_table(
        "cues",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("spoken", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("question_id", sa.String),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Integer, nullable=False),
        sa.Column("actor", sa.String),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("cues_of_session", "cues", ["organization_id", "session_id", "id"])


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("comment_id", sa.String, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("viewer", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index(
        "replies_of_session", "replies", ["organization_id", "session_id", "state", "id"]
    )
    op.create_index("replies_of_comment", "replies", ["organization_id", "comment_id"])


def _reply_addresses() -> None:
    op.create_table(
        "reply_addresses",
        sa.Column("comment_id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
    )
    op.create_index("reply_addresses_by_age", "reply_addresses", ["organization_id", "stored_at"])


def _review_cases() -> None:
    op.create_table(
        "review_cases",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("question_id", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("urgency", sa.String, nullable=False),
        sa.Column("settled_at", MOMENT),
    )
    op.create_index("review_cases_open", "review_cases", ["organization_id", "settled_at", "id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("comment_id", sa.String),
        sa.Column("assignee", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("acknowledged_by", sa.Text),
        sa.Column("acknowledged_at", MOMENT),
    )
    op.create_index("alerts_open", "alerts", ["organization_id", "acknowledged_at", "id"])
