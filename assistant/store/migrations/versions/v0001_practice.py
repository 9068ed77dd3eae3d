"""What practice keeps: rounds, the log of answers, exams and marks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.migrations.triggers import append_only
from assistant.store.types import Json, Utc

revision = "0001"
down_revision = None

_Seq = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table("erasing", sa.Column("person", sa.String(80), primary_key=True))
    _rounds()
    _answers()
    _exams()
    op.create_table(
        "marks",
        sa.Column("seq", _Seq, primary_key=True, autoincrement=True),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("marks_by_person", "marks", ["person", "seq"])
    append_only("answers", erasable=True)
    append_only("marks", erasable=True)


def _rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("ends_at", Utc()),
        sa.Column("points", Json(), nullable=False),
        sa.Column("assignment", sa.String(64), nullable=False),
    )
    op.create_index("rounds_by_person", "rounds", ["person", "made_at"])
    op.create_index("rounds_by_assignment", "rounds", ["assignment"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("seq", _Seq, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("round", sa.String(64), sa.ForeignKey("rounds.id"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("given", Json(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("topics", Json(), nullable=False),
        sa.Column("provision", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("assignment", sa.String(64), nullable=False),
        sa.UniqueConstraint("round", "n", name="answers_once_a_question"),
        sqlite_autoincrement=True,
    )
    op.create_index("answers_by_person", "answers", ["person", "seq"])
    op.create_index("answers_by_assignment", "answers", ["assignment"])


def _exams() -> None:
    op.create_table(
        "responses",
        sa.Column("round", sa.String(64), sa.ForeignKey("rounds.id", ondelete="CASCADE")),
        sa.Column("n", sa.Integer(), autoincrement=False),
        sa.Column("given", Json(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("round", "n"),
    )
    op.create_table(
        "submissions",
        sa.Column("round", sa.String(64), sa.ForeignKey("rounds.id", ondelete="CASCADE"),
                  primary_key=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by_clock", sa.Boolean(), nullable=False),
    )  # fmt: skip
