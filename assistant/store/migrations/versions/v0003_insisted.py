"""The questions of banks that a trainer wants asked although they are contradicted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.types import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "insisted",
        sa.Column("question", sa.String(64), primary_key=True),
        sa.Column("bank", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("released_at", Utc()),
    )
