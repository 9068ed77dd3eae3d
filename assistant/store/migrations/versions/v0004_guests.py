"""Who without an account answered what a trainer opened to all, under which name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.types import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, and close what was given so far to people without an account."""
    op.add_column(
        "assignments",
        sa.Column("guests", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "joined",
        sa.Column("assignment", sa.String(64), sa.ForeignKey("assignments.id"), primary_key=True),
        sa.Column("person", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("at", Utc(), nullable=False),
    )
