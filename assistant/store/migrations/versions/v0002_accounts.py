"""Accounts, units, assignments, the audit log and settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.migrations.triggers import append_only
from assistant.store.types import Json, Utc

revision = "0002"
down_revision = "0001"

_Seq = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "units",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("join_code", sa.String(16), unique=True),
        sa.Column("made_at", Utc(), nullable=False),
    )
    _people()
    _assignments()
    op.create_table(
        "audit",
        sa.Column("seq", _Seq, primary_key=True, autoincrement=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("detail", Json(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_by_time", "audit", ["at", "seq"])
    append_only("audit", erasable=False)
    op.create_table(
        "settings",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("value", Json(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("account_key", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(64), sa.ForeignKey("units.id")),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
    )
    op.create_index("people_by_unit", "people", ["unit"])
    person = sa.ForeignKey("people.id", ondelete="CASCADE")
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), person, nullable=False),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
    )
    op.create_index("sessions_by_person", "sessions", ["person"])
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("until", Utc()),
    )
    op.create_table(
        "taken_over",
        sa.Column("guest", sa.String(80), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("at", Utc(), nullable=False),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("unit", sa.String(64), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("points", Json(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("withdrawn_at", Utc()),
    )
    op.create_index("assignments_by_unit", "assignments", ["unit", "made_at"])
