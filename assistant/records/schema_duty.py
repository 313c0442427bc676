"""The tables of the duty as repositories see them; `0022_duty` creates them.

The rules of `schema` hold. What a room knows of its duty stands in `rooms` (`schema_live`).
"""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from assistant.records.schema import UtcDateTime, metadata

duty_plans = Table(
    "duty_plans",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("room_id", String, primary_key=True),
    Column("officers", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("quiet_minutes", Integer, nullable=False),
    Column("confirm_minutes", Integer, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", UtcDateTime),
)

alert_tellings = Table(
    "alert_tellings",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("alert_id", String, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("officer", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("worked", Boolean, nullable=False),
)
