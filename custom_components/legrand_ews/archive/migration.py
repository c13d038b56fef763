"""Brings a database to the present schema, in one transaction. Owns the steps between versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, inspect, select, text, update

from . import schema
from .errors import NewerSchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from .database import Database

MIGRATIONS: Final[dict[int, Callable[[Connection], None]]] = {}
"""What leads from a version to the next one. A step never changes once it was released."""


def migrate(database: Database) -> None:
    """Make the tables, those that are missing, or bring them to the present version.

    Does nothing to a database that has all of it.

    Raises NewerSchemaError before anything is touched.
    """
    with database.read() as connection:
        current = _version(connection) == schema.VERSION and _whole(connection)
    database.prepare()
    if current:
        return
    with database.write() as connection:
        database.lock_schema(connection)
        version = _version(connection)
        if version is None:
            _create(database, connection)
            return
        for step in range(version, schema.VERSION):
            MIGRATIONS[step](connection)
        schema.METADATA.create_all(connection)
        connection.execute(update(schema.SCHEMA).values(version=schema.VERSION))


def _create(database: Database, connection: Connection) -> None:
    """Make the tables as they are now."""
    schema.METADATA.create_all(connection)
    for view in schema.VIEWS:
        connection.execute(text(view))
    database.settle_schema(connection)
    connection.execute(insert(schema.SCHEMA).values(version=schema.VERSION))


def _whole(connection: Connection) -> bool:
    """Tell whether all tables are there."""
    found = inspect(connection)
    return all(found.has_table(name) for name in schema.METADATA.tables)


def _version(connection: Connection) -> int | None:
    """Return the version of the schema, None if there is none yet."""
    if not inspect(connection).has_table(schema.SCHEMA.name):
        return None
    version: int = connection.execute(select(schema.SCHEMA.c.version)).scalar_one()
    if version > schema.VERSION:
        raise NewerSchemaError(version, schema.VERSION)
    return version
