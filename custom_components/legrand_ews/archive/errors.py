"""What can go wrong with an archive, and how to say it."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError, StatementError


class ArchiveError(Exception):
    """The archive cannot be used; the text says why, without secrets."""


class NewerSchemaError(ArchiveError):
    """The database was made by a newer version of the integration; nothing in it was touched."""

    def __init__(self, found: int, known: int) -> None:
        """Take the version found and the newest one known."""
        self.found = found
        self.known = known
        super().__init__(f"the archive has version {found}, this integration knows versions up to {known}: update it")


FAULTS: Final = (SQLAlchemyError, sqlite3.Error, OSError, ArchiveError)
"""What ``Archive`` raises when the database does not do as it should."""

_OF_A_ROW: Final = (ValueError, TypeError, ArithmeticError, DataError)


def is_of_a_row(error: Exception) -> bool:
    """Tell whether a row is to blame, which will not get better by waiting."""
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return isinstance(error.orig, _OF_A_ROW)
    return isinstance(error, _OF_A_ROW)


def describe(error: BaseException) -> str:
    """Say in one line what went wrong: no statement, no values, no URL."""
    cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__
