"""What a map writes: from the fields of a row to write requests.

This module owns function codes and what one request may carry. Which rows write something is ``build_states``'s and
``build_charging``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .profile import Space
from .state import Write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .profile import Register
    from .rows import Rows
    from .yaml_file import Place

_MULTIPLE: Final = 16
"""The function that writes registers where a row names none."""
_COILS: Final = 15
_WRITES: Final[Mapping[int, tuple[Space, bool]]] = {
    5: (Space.COIL, True),
    6: (Space.HOLDING, True),
    15: (Space.COIL, False),
    16: (Space.HOLDING, False),
}
"""Space and whether one value only, by function."""
_MOST_WORDS: Final = 123


def writes_of(rows: Rows, row: Mapping[str, Any], place: Place) -> tuple[Write, ...]:
    """Return the write requests of a row: its own, or those it lists under ``writes``."""
    if "writes" not in row:
        return (_write(rows, row, place),)
    if not row["writes"]:
        rows.note((*place, "writes"), "is empty")
    return tuple(_write(rows, part, (*place, "writes", index)) for index, part in enumerate(row["writes"]))


def _write(rows: Rows, row: Mapping[str, Any], place: Place) -> Write:
    """Return one write request."""
    function = row.get("write", _MULTIPLE)
    space, single = _WRITES[function]
    values = tuple(row["value"])
    coil = space is Space.COIL
    odd = [value for value in values if value > 1]
    rules = (
        (single and len(values) > 1, "value", f"function {function} writes one value, not {len(values)}"),
        (coil and bool(odd), "value", f"function {function} writes 0 or 1, not {', '.join(map(str, odd))}"),
        (not coil and len(values) > _MOST_WORDS, "value", f"one request writes {_MOST_WORDS} registers at most"),
    )
    rows.apply(place, rules)
    rows.written(space, row["address"], len(values), (*place, "address"))
    return Write(space=space, address=row["address"], values=values, single=single)


def written_back(rows: Rows, register: Register, row: Mapping[str, Any], place: Place) -> bool:
    """Check that a register can be written where it is read; return whether that is with function 5 or 6."""
    reads, kind = register.space.function, register.type
    writable = register.space in (Space.COIL, Space.HOLDING)
    function = row.get("write", _MULTIPLE if register.space is Space.HOLDING else _COILS)
    space, single = _WRITES[function]
    rules = (
        (not writable, "function", f"what function {reads} reads cannot be written"),
        (register.bit is not None, "bit", "one bit of a register cannot be written by itself"),
        (
            writable and space is not register.space,
            "write",
            f"function {function} does not write what function {reads} reads",
        ),
        (
            single and register.words > 1,
            "write",
            f"function {function} writes one register, {kind} takes {register.words}",
        ),
    )
    rows.apply(place, rules)
    return single
