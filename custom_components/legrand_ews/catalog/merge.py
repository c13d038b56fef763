"""A user's changes laid over a built-in map, field by field.

This module owns the merge of plain data. Whether the result makes sense is ``build``'s matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .schema import Problem
    from .yaml_file import Place

_SECTIONS_OF_INPUTS: Final = ("registers", "scales", "measures")
_ROWS_AT_TOP: Final = ("clock", "charging", "sides")


def merged(base: dict[Any, Any], changes: dict[Any, Any]) -> tuple[dict[Any, Any], list[Problem]]:
    """Return the base with the changes and what is wrong with these.

    Mappings merge, anything else replaces, null removes what the base has. A whole section that is null, because all
    its rows are comments, changes nothing; ``_ROWS_AT_TOP`` are rows. Neither argument is changed.
    """
    problems: list[Problem] = []
    return _merged(base, changes, (), problems), problems


def _merged(base: dict[Any, Any], changes: dict[Any, Any], place: Place, problems: list[Problem]) -> dict[Any, Any]:
    """Merge one mapping."""
    result = dict(base)
    for key, value in changes.items():
        here = (*place, key)
        if value is None and _is_section(here):
            continue
        if value is None:
            if result.pop(key, None) is None:
                problems.append((here, "there is nothing to remove"))
        elif isinstance(value, dict):
            old = result.get(key)
            result[key] = _merged(old if isinstance(old, dict) else {}, value, here, problems)
        else:
            result[key] = value
    return result


def _is_section(place: Place) -> bool:
    """Tell whether a place is a section, whose rows may all be comments."""
    return (len(place) == 1 and place[0] not in _ROWS_AT_TOP) or (
        place[0] == "inputs" and place[1:] in {(name,) for name in _SECTIONS_OF_INPUTS}
    )
