"""An office's own templates for decks, and which one a stream's deck is drawn on."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "deck_templates",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("organization_id", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("organization_id", "digest", name="deck_templates_once"),
    )
    op.create_table(
        "deck_template_choices",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("stream_id", sa.String, primary_key=True),
        sa.Column("template_id", sa.String, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("deck_template_choices")
    op.drop_table("deck_templates")
