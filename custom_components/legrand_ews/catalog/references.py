"""References of rows to named registers.

This module owns their check. Which rows may refer to what is ``build``'s and ``build_states``'s.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from .profile import Condition
from .rows import WHOLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .profile import DataType, Register
    from .rows import Rows
    from .yaml_file import Place


def refer(rows: Rows, name: str, place: Place, known: Mapping[str, Register], kinds: Collection[DataType]) -> None:
    """Check that a named register exists and holds what is wanted of it."""
    if name not in known:
        rows.note(place, f"there is no register {name}{guess(name, known)}")
    elif known[name].type not in kinds:
        rows.note(place, f"{name} is {known[name].type}, that is no whole number")


def condition(rows: Rows, row: Mapping[str, Any], place: Place, known: Mapping[str, Register]) -> Condition | None:
    """Return what must hold for a row to be valid, None where nothing must."""
    if "valid_if" not in row:
        return None
    register, values = row["valid_if"]["register"], row["valid_if"]["in"]
    refer(rows, register, (*place, "valid_if", "register"), known, WHOLE)
    return Condition(register=register, values=frozenset(values))


def guess(name: str, known: Collection[str]) -> str:
    """Return a hint to the most similar name there is."""
    close = difflib.get_close_matches(name, known, n=1)
    return f": did you mean {close[0]}?" if close else ""
