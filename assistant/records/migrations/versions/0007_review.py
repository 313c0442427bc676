"""The review desk: what it keeps of a case, resolutions, learnt answers, incidents, events."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INDEXES = {
    "review_cases_by_state": ["organization_id", "state", "due_at", "id"],
    "review_cases_queue": [
        "organization_id",
        "state",
        "group_id",
        "id",
        "urgency",
        "is_urgent",
        "due_at",
        "region",
        "room_id",
        "code",
    ],
    "review_cases_to_carry": ["organization_id", "state", "settled_at"],
    "review_cases_by_class": ["organization_id", "state", "due_class", "due_at"],
    "review_cases_of_group": ["organization_id", "group_id"],
    "review_cases_of_question": ["organization_id", "question_id"],
}

READING = {
    "live_questions": ("live_questions_of_outcome", ["organization_id", "outcome_id"]),
    "cues": ("cues_of_question", ["organization_id", "question_id"]),
}
LEDGER = "decisions_in_ledger"
IN_LEDGER = sa.text("(is_question OR kind = 'queued_for_review')")


def upgrade() -> None:
    _case_columns()
    _ledger_indexes()
    _resolutions()
    _learned()
    _incidents()
    _events()


def downgrade() -> None:
    for table in (
        "calendar_days", "event_offsets", "events", "withheld_answers", "incidents",
        "regression_cases", "learned_answers", "review_drafts", "review_resolutions",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index(LEDGER, "decisions")
    for table, (name, _) in READING.items():
        op.drop_index(name, table)
    for name in INDEXES:
        op.drop_index(name, "review_cases")
    with op.batch_alter_table("review_cases") as batch:
        for column in _desk_columns():
            batch.drop_column(column.name)


def _desk_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("settled_how", sa.String),
        sa.Column("state", sa.String, nullable=False, server_default="waiting"),
        sa.Column("is_urgent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("region", sa.String),
        sa.Column("group_id", sa.String),
        sa.Column("merged_into", sa.String),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("due_from", sa.DateTime(timezone=True)),
        sa.Column("due_class", sa.String, nullable=False, server_default=""),
        sa.Column("step", sa.Integer, nullable=False, server_default="0"),
        sa.Column("holder", sa.String),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("token", sa.Integer, nullable=False, server_default="0"),
        sa.Column("resolution_id", sa.String),
        sa.Column("unit", sa.Text, nullable=False, server_default=""),
        sa.Column("unit_due_at", sa.DateTime(timezone=True)),
        sa.Column("unit_note", sa.Text, nullable=False, server_default=""),
    ]


def _case_columns() -> None:
    for column in _desk_columns():
        op.add_column("review_cases", column)
    for name, columns in INDEXES.items():
        op.create_index(name, "review_cases", columns)
    # What a room had settled before there was a desk waits for nobody.
    op.execute("UPDATE review_cases SET state = 'resolved' WHERE settled_at IS NOT NULL")


def _ledger_indexes() -> None:
    for table, (name, columns) in READING.items():
        op.create_index(name, table, columns)
    columns = ["organization_id", "comment_id", "session_id", "kind", "question_id"]
    columns += ["is_question"]
    op.create_index(
        LEDGER, "decisions", columns, sqlite_where=IN_LEDGER, postgresql_where=IN_LEDGER
    )


def _resolutions() -> None:
    op.create_table(
        "review_resolutions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("case_ids", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("spoken", sa.Text, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("aloud", sa.Boolean, nullable=False),
        sa.Column("learn", sa.Boolean, nullable=False),
        sa.Column("personal", sa.Boolean, nullable=False),
        sa.Column("similar", sa.Text, nullable=False),
        sa.Column("negatives", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("took_ms", sa.Float, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("second_by", sa.String),
        sa.Column("second_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "review_resolutions_due",
        "review_resolutions",
        ["organization_id", "sent_at", "undone_at", "sends_at"],
    )
    op.create_table(
        "review_drafts",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )


def _learned() -> None:
    op.create_table(
        "learned_answers",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("faq_id", sa.String, primary_key=True),
        sa.Column("resolution_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("case_id", sa.String),
    )
    op.create_index(
        "learned_answers_by_state", "learned_answers", ["organization_id", "state", "faq_id"]
    )
    op.create_table(
        "regression_cases",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("room_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("question_id", sa.String, nullable=False),
        sa.Column("outcome_id", sa.String),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("source_ids", sa.Text, nullable=False),
        sa.Column("approver", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("corrected_at", sa.DateTime(timezone=True)),
        sa.Column("unreached", sa.Integer, nullable=False),
        sa.Column("faq_ids", sa.Text, nullable=False),
    )
    op.create_index("incidents_of_room", "incidents", ["organization_id", "room_id", "applied_at"])
    op.create_index("incidents_of_question", "incidents", ["organization_id", "question_id"])
    op.create_table(
        "withheld_answers",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String, primary_key=True),
        sa.Column("incident_id", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", KEY, primary_key=True, autoincrement=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("events_of_organization", "events", ["organization_id", "seq"])
    op.create_table(
        "event_offsets",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("handler", sa.String, primary_key=True),
        sa.Column("seq", KEY, nullable=False),
    )
    op.create_table(
        "calendar_days",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("is_workday", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
