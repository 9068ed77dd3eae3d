"""The tables as they are now. `migrations` make them; a test holds the two to each other.

`answers` and `audit` are append-only: triggers in the database refuse every change, except that
answers of a person named in `erasing` may be deleted within the transaction that named them.
`seq` is never given twice, even when the last row is gone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from assistant.store.types import Json, Utc

metadata = MetaData()
Seq = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only an INTEGER key by itself."""

rounds = Table(
    "rounds",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("person", String(80), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("questions", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("ends_at", Utc),
    Column("points", Json, nullable=False),
    Column("assignment", String(64), nullable=False),
    Index("rounds_by_person", "person", "made_at"),
    Index("rounds_by_assignment", "assignment"),
)

answers = Table(
    "answers",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("person", String(80), nullable=False),
    Column("question", String(64), nullable=False),
    Column("round", String(64), ForeignKey("rounds.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("given", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("right", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("points", Float, nullable=False),
    Column("topics", Json, nullable=False),
    Column("provision", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("assignment", String(64), nullable=False),
    UniqueConstraint("round", "n", name="answers_once_a_question"),
    Index("answers_by_person", "person", "seq"),
    Index("answers_by_assignment", "assignment"),
    sqlite_autoincrement=True,
)

responses = Table(
    "responses",
    metadata,
    Column("round", String(64), ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("given", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("seconds", Float, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("round", String(64), ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("by_clock", Boolean, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=True),
    Column("person", String(80), nullable=False),
    Column("question", String(64), nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("at", Utc, nullable=False),
    Index("marks_by_person", "person", "seq"),
    sqlite_autoincrement=True,
)

erasing = Table("erasing", metadata, Column("person", String(80), primary_key=True))

units = Table(
    "units",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("join_code", String(16), unique=True),
    Column("made_at", Utc, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("account_key", String(64), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit", String(64), ForeignKey("units.id")),
    Column("post", Text, nullable=False),
    Column("phone", String(32), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("made_at", Utc, nullable=False),
    Index("people_by_unit", "unit"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person", String(64), ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("begun_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("address", String(64), nullable=False),
    Index("sessions_by_person", "person"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Utc, nullable=False),
    Column("until", Utc),
)

taken_over = Table(
    "taken_over",
    metadata,
    Column("guest", String(80), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("at", Utc, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("unit", String(64), ForeignKey("units.id"), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("questions", Text, nullable=False),
    Column("points", Json, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("withdrawn_at", Utc),
    Column("guests", Boolean, nullable=False, server_default=false()),
    Index("assignments_by_unit", "unit", "made_at"),
)

joined = Table(
    "joined",
    metadata,
    Column("assignment", String(64), ForeignKey("assignments.id"), primary_key=True),
    Column("person", String(80), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("at", Utc, nullable=False),
)

insisted = Table(
    "insisted",
    metadata,
    Column("question", String(64), primary_key=True),
    Column("bank", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", Utc, nullable=False),
    Column("released_at", Utc),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=True),
    Column("at", Utc, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("detail", Json, nullable=False),
    Column("address", String(64), nullable=False),
    Index("audit_by_time", "at", "seq"),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Json, nullable=False),
    Column("at", Utc, nullable=False),
)
