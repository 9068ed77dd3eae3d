"""Triggers that let rows be added only. Migrations call these; so they keep what they do."""

from __future__ import annotations

from alembic import op

_UNLESS_ERASED = "EXISTS (SELECT 1 FROM erasing WHERE person = OLD.person)"


def append_only(table: str, *, erasable: bool) -> None:
    """Refuse to change rows of a table, and to delete them but for a person being erased."""
    if op.get_bind().dialect.name == "sqlite":
        _sqlite(table, erasable)
    else:
        _postgres(table, erasable)


def _sqlite(table: str, erasable: bool) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    when = f"WHEN NOT {_UNLESS_ERASED}" if erasable else ""
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when} {refuse}")


def _postgres(table: str, erasable: bool) -> None:
    guard = (
        f"IF TG_OP = 'DELETE' THEN IF {_UNLESS_ERASED} THEN RETURN OLD; END IF; END IF;"
        if erasable
        else ""
    )
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {guard} "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
