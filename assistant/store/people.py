"""Accounts and units as rows, within the transaction of the caller."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.accounts.model import Person, Role, Unit
from assistant.store.tables import assignments, people, units


def account_key(account: str) -> str:
    """Return what two spellings of one account have in common: width and case do not count."""
    return unicodedata.normalize("NFKC", account).strip().casefold()


def add_person(connection: Connection, person: Person, password_hash: str) -> bool:
    """Keep an account; False if there is one of that name already."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {
        "id": person.id, "account": person.account, "account_key": account_key(person.account),
        "name": person.name, "role": person.role.value, "unit": person.unit, "post": person.post,
        "phone": person.phone, "password_hash": password_hash, "must_change": person.must_change,
        "disabled": person.disabled, "made_at": person.made_at,
    }  # fmt: skip
    once = insert(people).on_conflict_do_nothing(index_elements=["account_key"])
    options = once.execution_options(preserve_rowcount=True)
    return bool(connection.execute(options, row).rowcount == 1)


def find_person(connection: Connection, person_id: str) -> Person | None:
    """Return the account of that id."""
    row = connection.execute(select(people).where(people.c.id == person_id)).first()
    return None if row is None else read_person(row)


def find_account(connection: Connection, account: str) -> tuple[Person, str] | None:
    """Return the account of that name with the hash of its password."""
    wanted = select(people).where(people.c.account_key == account_key(account))
    row = connection.execute(wanted).first()
    return None if row is None else (read_person(row), row.password_hash)


def all_people(connection: Connection, unit: str | None = None) -> tuple[Person, ...]:
    """Return the accounts of a unit, or all of them, by account."""
    wanted = select(people).order_by(people.c.account_key)
    if unit is not None:
        wanted = wanted.where(people.c.unit == unit)
    return tuple(map(read_person, connection.execute(wanted).all()))


def change_person(connection: Connection, person_id: str, **columns: Any) -> None:
    """Set columns of an account."""
    connection.execute(update(people).where(people.c.id == person_id).values(**columns))


def delete_person(connection: Connection, person_id: str) -> None:
    """Delete an account with its sessions."""
    connection.execute(delete(people).where(people.c.id == person_id))


def active_admins(connection: Connection) -> tuple[str, ...]:
    """Return the ids of administrators who can log in; nobody else changes them until the end."""
    wanted = (
        select(people.c.id)
        .where(people.c.role == Role.ADMIN.value, people.c.disabled.is_(False))
        .order_by(people.c.id)
        .with_for_update()
    )
    return tuple(connection.execute(wanted).scalars())


def read_person(row: Row[Any]) -> Person:
    """Return the account of a row."""
    return Person(
        row.id, row.account, row.name, Role(row.role), row.unit, row.post, row.phone,
        row.must_change, row.disabled, row.made_at,
    )  # fmt: skip


def add_unit(connection: Connection, unit: Unit) -> bool:
    """Keep a unit; False if its name or code is taken."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"id": unit.id, "name": unit.name, "join_code": unit.join_code, "made_at": unit.made_at}
    once = insert(units).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return bool(connection.execute(once, row).rowcount == 1)


def find_unit(
    connection: Connection, unit_id: str = "", *, name: str = "", code: str = ""
) -> Unit | None:
    """Return the unit of that id, name or join code."""
    condition = (
        units.c.id == unit_id
        if unit_id
        else units.c.name == name
        if name
        else units.c.join_code == code
    )
    row = connection.execute(select(units).where(condition)).first()
    return None if row is None else _unit(row)


def all_units(connection: Connection) -> tuple[Unit, ...]:
    """Return the units by name."""
    rows = connection.execute(select(units).order_by(units.c.name, units.c.id)).all()
    return tuple(map(_unit, rows))


def change_unit(connection: Connection, unit_id: str, **columns: Any) -> None:
    """Set columns of a unit; ConflictError if the name or code is taken."""
    connection.execute(update(units).where(units.c.id == unit_id).values(**columns))


def delete_unit(connection: Connection, unit_id: str) -> bool:
    """Delete a unit; False if it has members or assignments."""
    for table in (people, assignments):
        count = select(func.count()).select_from(table).where(table.c.unit == unit_id)
        if connection.execute(count).scalar_one():
            return False
    return connection.execute(delete(units).where(units.c.id == unit_id)).rowcount == 1


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.id, row.name, row.join_code, row.made_at)
