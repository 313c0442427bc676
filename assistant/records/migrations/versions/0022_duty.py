"""Duty rotas, who was told of an alert, and why a room gives no answer by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_NEW = ("held", "held_since", "present_at", "present_by", "silent", "carded")
_QUEUE = ["organization_id", "state", "group_id", "id", "urgency", "is_urgent", "due_at"]
_QUEUE += ["region", "room_id", "code"]


def _index_queue(*more: str) -> None:
    op.drop_index("review_cases_queue", "review_cases")
    op.create_index("review_cases_queue", "review_cases", [*_QUEUE, *more])


def upgrade() -> None:
    _index_queue("due_class")
    op.create_table(
        "duty_plans",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("room_id", sa.String, primary_key=True),
        sa.Column("officers", sa.Text, nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("quiet_minutes", sa.Integer, nullable=False),
        sa.Column("confirm_minutes", sa.Integer, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "alert_tellings",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("alert_id", sa.String, primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked", sa.Boolean, nullable=False),
    )
    with op.batch_alter_table("rooms") as rooms:
        rooms.add_column(sa.Column("held", sa.String, nullable=False, server_default=""))
        rooms.add_column(sa.Column("held_since", sa.DateTime(timezone=True)))
        rooms.add_column(sa.Column("present_at", sa.DateTime(timezone=True)))
        rooms.add_column(sa.Column("present_by", sa.Text, nullable=False, server_default=""))
        for name in ("silent", "carded"):
            no = sa.false()
            rooms.add_column(sa.Column(name, sa.Boolean, nullable=False, server_default=no))


def downgrade() -> None:
    _index_queue()
    with op.batch_alter_table("rooms") as rooms:
        for name in _NEW:
            rooms.drop_column(name)
    op.drop_table("alert_tellings")
    op.drop_table("duty_plans")
