"""The tables of insight as repositories see them. The rules of `schema` hold."""

from sqlalchemy import Column, Date, Integer, String, Table

from assistant.records.schema import UtcDateTime, metadata

morning_letters = Table(
    "morning_letters",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("state", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("held_until", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
)
"""The letter of each morning: written before it is sent, so that no second process sends it."""
