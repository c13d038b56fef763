"""From the fields of a profile file to what a charging station can be told.

This module owns the ``charging`` section: which currents a limit can hold, and what stops a car. Writes are
``writes``'s, single registers ``rows``'s, the shape of the fields ``schema``'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from .charging import Charging
from .profile import DataType
from .state import StateKind
from .writes import writes_of, written_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .profile import Register
    from .rows import Rows
    from .state import State

type _Fields = Mapping[str, Any]

_PLACE: Final = ("charging",)
_LIMIT: Final = ("charging", "limit")
_TYPES: Final = (DataType.U16, DataType.S16, DataType.U32)


def charging(fields: _Fields, rows: Rows, states: Mapping[str, State]) -> Charging:
    """Return what a station can be told; what is wrong with its checked fields is noted with ``rows``."""
    given = {name for name in ("limit", "allow", "forbid") if name in fields}
    if all(state.kind is not StateKind.CHARGE for state in states.values()):
        rows.note(_PLACE, "needs the state charge, which tells what goes on at the station")
    stops = "forbid" in given or "off" in fields.get("limit", {})
    rows.apply(
        _PLACE,
        (
            (not given, "limit", "is missing: a station is told a limit, or allow and forbid"),
            (given == {"allow"}, "forbid", "is missing: without a limit, allow needs it"),
            ("forbid" in given and "allow" not in given, "allow", "is missing: forbid needs it"),
            ("limit" in given and not stops, "limit", "needs off, the raw number for no charging, or allow and forbid"),
        ),
    )
    allow, forbid = (
        writes_of(rows, fields[name], (*_PLACE, name)) if name in fields else () for name in ("allow", "forbid")
    )
    told = Charging(
        allow=allow, forbid=forbid, refresh=float(fields["refresh"]) if "refresh" in fields else Charging.refresh
    )
    return replace(told, **_limit(fields["limit"], rows)) if "limit" in fields else told


def _limit(row: _Fields, rows: Rows) -> _Fields:
    """Return what is told of the limit, by field of ``Charging``."""
    register = rows.polled(row, _LIMIT)
    single = written_back(rows, register, row, _LIMIT)
    fits = register.type in _TYPES
    kinds = ", ".join(_TYPES)
    rows.apply(_LIMIT, [(not fits, "type", f"a limit is one of {kinds}, not {register.type}")])
    if fits:
        _check_range(row, register, rows)
    return {
        "limit": register,
        "single": single,
        "minimum": float(row["minimum"]),
        "maximum": float(row["maximum"]),
        "off": row.get("off"),
    }


def _check_range(row: _Fields, register: Register, rows: Rows) -> None:
    """A limit can be each current from its minimum to its maximum, and neither means anything else."""
    ends = {field: row[field] / register.scale for field in ("minimum", "maximum")}
    low, high = ends.values()
    largest = register.largest >> 1 if register.type.signed else register.largest
    off = row.get("off")
    odd = sorted(raw for raw in register.invalid if low <= raw <= high)
    rows.apply(
        _LIMIT,
        (
            *(
                (raw != raw.to_integral_value(), field, f"{row[field]} A is no multiple of {register.scale} A")
                for field, raw in ends.items()
            ),
            (low > high, "maximum", "is below the minimum"),
            (high > largest, "maximum", f"the register holds {largest * register.scale} A at most"),
            (off is not None and off > register.largest, "off", f"{register.type} cannot hold {off}"),
            (off is not None and low <= off <= high, "off", f"{off} is also a limit between minimum and maximum"),
            (bool(odd), "invalid", f"{', '.join(map(str, odd))} is also a limit between minimum and maximum"),
        ),
    )
