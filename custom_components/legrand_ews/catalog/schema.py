"""The shape of the catalogue's files: which fields there are and what each may hold.

This module owns names, types and ranges of fields. What fields mean together is checked where they are put together
(``build``, ``products``).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol

from .model import Commodity, Kind, Option
from .profile import Confidence, DataType
from .state import CLOCK_FIELDS, AlarmGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .yaml_file import Place

type Problem = tuple[Place, str]
"""A place in a file and what is wrong there."""

GROUPS_OF_QUANTITIES: Final = (
    "energy",
    "power",
    "voltage",
    "current",
    "frequency",
    "thd",
    "harmonics",
    "pulses",
    "analogue",
)
STATES: Final = ("open", "closed", "tripped", "inputs", "outputs", "station", "charge")
COMMANDS: Final = ("open", "close", "outputs", "charge", "clock")

_SMALLEST: Final = Decimal("1e-12")
_LARGEST: Final = Decimal("1e15")
_LAST_ADDRESS: Final = 0xFFFF
_WIDEST_RAW: Final = (1 << 64) - 1
_MOST_WORDS: Final = 125
_MOST_COILS: Final = 1968
_LONGEST_WAIT: Final = Decimal(600)
_REFRESH: Final = (Decimal(5), Decimal(3600))
_BYTES: Final = 2
TIME_UNITS: Final = {"ms": Decimal("0.001"), "s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)}
"""Units of an ON time, in s."""


def shown(value: Any) -> str:
    """Return a value as an error names it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case str():
            return f"the text {value[:40]!r}"
        case list():
            return "a list"
    return "a mapping"


def _whole(low: int, high: int) -> Callable[[Any], int]:
    """Whole numbers from ``low`` to ``high``."""

    def check(value: Any) -> int:
        """Return the number, or say what was expected."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise vol.Invalid(f"expected a whole number, found {shown(value)}")
        if not low <= value <= high:
            raise vol.Invalid(f"{value} is not between {low} and {high}")
        return value

    return check


def _phases(value: Any) -> int:
    """1 or 3."""
    if value not in (1, 3) or isinstance(value, bool):
        raise vol.Invalid(f"expected 1 or 3, found {shown(value)}")
    return int(value)


def _decimal(value: Any) -> Decimal:
    """Numbers other than 0, exact."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise vol.Invalid(f"expected a number, found {shown(value)}")
    number = Decimal(value)
    if not _SMALLEST <= abs(number) <= _LARGEST:
        raise vol.Invalid(f"{value} is outside {_SMALLEST} to {_LARGEST}")
    return number


def _positive(value: Any) -> Decimal:
    """Numbers above 0, exact."""
    number = _decimal(value)
    if number < 0:
        raise vol.Invalid(f"{value} is negative")
    return number


def _amount(value: Any) -> Decimal:
    """Numbers from 0 on, exact."""
    return Decimal(0) if value == 0 and not isinstance(value, bool) else _positive(value)


def _wait(value: Any) -> Decimal:
    """Times that a command may take, s."""
    seconds = _positive(value)
    if seconds > _LONGEST_WAIT:
        raise vol.Invalid(f"{value} is more than {_LONGEST_WAIT} seconds")
    return seconds


def _refresh(value: Any) -> Decimal:
    """Times after which a limit is repeated, s."""
    seconds, (shortest, longest) = _positive(value), _REFRESH
    if not shortest <= seconds <= longest:
        raise vol.Invalid(f"{value} is not between {shortest} and {longest} seconds")
    return seconds


def _text(value: Any) -> str:
    """Text that is not empty."""
    if not isinstance(value, str):
        raise vol.Invalid(f"expected text, found {shown(value)}: put it in quotes if it is meant as text")
    if not value.strip():
        raise vol.Invalid("is empty")
    return value.strip()


def _slug(value: Any) -> str:
    """Identifiers of lower-case letters, digits and underscores."""
    text = _text(value)
    if not re.fullmatch(r"[a-z0-9_]+", text):
        raise vol.Invalid(f"{shown(text)} may only hold a to z, 0 to 9 and _")
    return text


def _flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise vol.Invalid(f"expected true or false, found {shown(value)}")
    return value


def _one_of(names: Iterable[str]) -> Callable[[Any], str]:
    """One of some words."""
    known = tuple(str(name) for name in names)

    def check(value: Any) -> str:
        """Return the word, or say which there are."""
        if value not in known:
            raise vol.Invalid(f"expected one of {', '.join(known)}, found {shown(value)}")
        return str(value)

    return check


def _number(value: Any) -> str:
    """Catalogue numbers, spaces left out."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return _text(value).replace(" ", "")


def _mapping_of(entry: Any) -> dict[Any, Any]:
    return {str: entry}


_READING: Final[dict[Any, Any]] = {
    vol.Required("address"): _whole(0, _LAST_ADDRESS),
    vol.Optional("function"): _whole(1, 4),
    vol.Optional("type"): _one_of(DataType),
    vol.Optional("words"): _whole(1, _MOST_WORDS),
    vol.Optional("word_order"): _one_of(("big", "little")),
    vol.Optional("bit"): _whole(0, 15),
}
_REGISTER: Final[dict[Any, Any]] = {
    **_READING,
    vol.Optional("scale"): _decimal,
    vol.Optional("unit"): _text,
    vol.Optional("invalid"): [_whole(0, _WIDEST_RAW)],
    vol.Optional("slow"): _flag,
}
_STRIDE: Final[dict[Any, Any]] = {vol.Required("stride"): _whole(1, _LAST_ADDRESS)}
_VALID_IF: Final[dict[Any, Any]] = {
    vol.Optional("valid_if"): {
        vol.Required("register"): _text,
        vol.Required("in"): [_whole(0, _WIDEST_RAW)],
    },
}
_VALUES: Final[dict[Any, Any]] = {vol.Optional("values"): {_whole(0, _WIDEST_RAW): _text}}
_OF_MEASURE: Final[dict[Any, Any]] = {
    vol.Optional("scale_from"): _text,
    vol.Optional("sign_from"): _text,
    **_VALID_IF,
    **_VALUES,
    vol.Optional("modulus"): _positive,
    vol.Optional("name"): _text,
}
_OF_SUM: Final[dict[Any, Any]] = {vol.Optional("unit"): _text, vol.Optional("slow"): _flag}


def _with_or_without(field: str, with_it: dict[Any, Any], without_it: dict[Any, Any]) -> Callable[[Any], Any]:
    """A row of one of two shapes; whether it has ``field`` decides which."""
    has, lacks = vol.Schema(with_it), vol.Schema(without_it)
    only_without = {str(name) for name in without_it} - {str(name) for name in with_it}

    def check(value: Any) -> Any:
        """Return the row, checked as its shape asks."""
        if not isinstance(value, dict) or field not in value:
            return lacks(value)
        if odd := sorted(only_without & value.keys()):
            raise vol.Invalid(f"does not go together with {field}", path=[odd[0]])
        return has(value)

    return check


def _measure(extra: dict[Any, Any]) -> Callable[[Any], Any]:
    """A row of one register, or a sum of several; ``extra`` fields belong to each register."""
    parts = {vol.Required("sum"): [{**_REGISTER, **extra}], **_OF_SUM, **_OF_MEASURE}
    return _with_or_without("sum", parts, {**_REGISTER, **extra, **_OF_MEASURE})


def _pick(shape: dict[Any, Any], *names: str) -> dict[Any, Any]:
    """Return some fields of a shape."""
    return {field: check for field, check in shape.items() if str(field) in names}


_STATUS: Final = _pick(_REGISTER, "address", "function", "type", "word_order", "bit", "invalid", "slow")
"""A register that holds a whole number or a bit."""
_OF_STATE: Final[dict[Any, Any]] = {
    vol.Optional("name"): _text,
    vol.Optional("alarm"): _one_of(AlarmGroup),
    **_VALID_IF,
}
_STATE: Final = _with_or_without(
    "contacts",
    {vol.Required("contacts"): _mapping_of(_STATUS), **_OF_STATE},
    {**_STATUS, **_VALUES, **_OF_STATE},
)


def _written(value: Any) -> list[int]:
    """What one request writes: a number, or several for addresses that follow each other."""
    word = _whole(0, 0xFFFF)
    if not isinstance(value, list):
        return [word(value)]
    if not 1 <= len(value) <= _MOST_COILS:
        raise vol.Invalid(f"expected 1 to {_MOST_COILS} numbers, found {len(value)}")
    return [word(part) for part in value]


def _write_function(*functions: int) -> Callable[[Any], int]:
    """One of the function codes that write."""

    def check(value: Any) -> int:
        """Return the code, or say which there are."""
        if value not in functions or isinstance(value, bool):
            raise vol.Invalid(f"expected one of {', '.join(map(str, functions))}, found {shown(value)}")
        return int(value)

    return check


_WRITE_FUNCTION: Final[dict[Any, Any]] = {vol.Optional("write"): _write_function(5, 6, 15, 16)}
_WRITE: Final[dict[Any, Any]] = {**_pick(_STATUS, "address"), **_WRITE_FUNCTION, vol.Required("value"): _written}
_OF_COMMAND: Final[dict[Any, Any]] = {vol.Optional("within"): _wait, **_VALID_IF}
_COMMAND: Final = _with_or_without(
    "writes",
    {vol.Required("writes"): [_WRITE], **_OF_COMMAND},
    {**_WRITE, **_OF_COMMAND},
)
_SETTING: Final[dict[Any, Any]] = {
    **_STATUS,
    vol.Optional("scale"): _positive,
    **_VALUES,
    **_WRITE_FUNCTION,
    vol.Optional("unit"): _one_of(TIME_UNITS),
    vol.Optional("minimum"): _amount,
    vol.Optional("maximum"): _amount,
}


def _clock_register(value: Any) -> tuple[str, ...]:
    """What one register of a clock holds: one field, or two for its high and its low byte."""
    one = _one_of(CLOCK_FIELDS)
    if not isinstance(value, list):
        return (one(value),)
    if len(value) != _BYTES:
        raise vol.Invalid(f"expected two fields, for the high and the low byte, found {len(value)}")
    return tuple(one(part) for part in value)


_CLOCK: Final = _with_or_without(
    "type",
    {**_pick(_STATUS, "address"), vol.Required("type"): _one_of((DataType.DATE,))},
    {**_pick(_STATUS, "address"), vol.Required("fields"): [_clock_register]},
)
_LINK: Final[dict[Any, Any]] = {
    vol.Required("role"): _one_of(("event", "action")),
    vol.Required("partner"): _STATUS,
    vol.Optional("error"): _STATUS,
}
_LIMIT: Final[dict[Any, Any]] = {
    **_pick(_STATUS, "address", "function", "type", "word_order", "invalid"),
    vol.Optional("scale"): _positive,
    vol.Optional("write"): _write_function(6, 16),
    vol.Required("minimum"): _positive,
    vol.Required("maximum"): _positive,
    vol.Optional("off"): _whole(0, _WIDEST_RAW),
}
_LEAVE: Final = _with_or_without("writes", {vol.Required("writes"): [_WRITE]}, _WRITE)
"""What lets a car charge, or stops it."""
_CHARGING: Final[dict[Any, Any]] = {
    vol.Optional("limit"): _LIMIT,
    vol.Optional("allow"): _LEAVE,
    vol.Optional("forbid"): _LEAVE,
    vol.Optional("refresh"): _refresh,
}
_SCALE: Final[dict[Any, Any]] = {
    vol.Optional("product"): [_text],
    vol.Optional("steps"): [[_positive]],
    vol.Optional("above"): _decimal,
    vol.Optional("code"): _text,
    vol.Optional("values"): {_whole(0, _WIDEST_RAW): _decimal},
}

PROFILE: Final = vol.Schema(
    {
        vol.Required("id"): _slug,
        vol.Required("name"): _text,
        vol.Required("source"): _text,
        vol.Required("confidence"): _one_of(Confidence),
        vol.Optional("models"): [_number],
        vol.Optional("read"): {
            vol.Optional("function"): _whole(1, 4),
            vol.Optional("max_words"): _whole(1, _MOST_WORDS),
            vol.Optional("addresses"): _one_of(("word", "byte")),
            vol.Optional("word_order"): _one_of(("big", "little")),
            vol.Optional("invalid"): [_whole(0, _WIDEST_RAW)],
            vol.Optional("groups"): [
                {
                    vol.Required("start"): _whole(0, _LAST_ADDRESS),
                    vol.Required("words"): _whole(1, _LAST_ADDRESS + 1),
                    vol.Optional("function"): _whole(1, 4),
                },
            ],
        },
        vol.Optional("probes"): [
            {**_READING, vol.Optional("equals"): _whole(0, _WIDEST_RAW), vol.Optional("starts_with"): _text},
        ],
        vol.Optional("identity"): {vol.Optional(name): _REGISTER for name in ("serial", "firmware", "product")},
        vol.Optional("registers"): _mapping_of(_REGISTER),
        vol.Optional("scales"): _mapping_of(_SCALE),
        vol.Optional("measures"): _mapping_of(_measure({})),
        vol.Optional("inputs"): {
            vol.Required("count"): _whole(1, 255),
            vol.Optional("registers"): _mapping_of({**_REGISTER, **_STRIDE}),
            vol.Optional("scales"): _mapping_of(_SCALE),
            vol.Optional("measures"): _mapping_of(_measure(_STRIDE)),
        },
        vol.Optional("states"): _mapping_of(_STATE),
        vol.Optional("commands"): _mapping_of(_mapping_of(_COMMAND)),
        vol.Optional("settings"): _mapping_of(_SETTING),
        vol.Optional("clock"): _CLOCK,
        vol.Optional("links"): [_LINK],
        vol.Optional("charging"): _CHARGING,
        vol.Optional("sides"): _STRIDE,
    },
)
"""A profile file, after its merge with the built-in one of the same id."""

PRODUCTS: Final = vol.Schema(
    {
        vol.Required("families"): [{vol.Required("id"): _slug, vol.Required("name"): _text}],
        vol.Required("models"): [
            {
                vol.Required("number"): _number,
                vol.Required("name"): _text,
                vol.Required("family"): _slug,
                vol.Required("kind"): _one_of(Kind),
                vol.Optional("phases"): _phases,
                vol.Optional("commodity"): _one_of(Commodity),
                vol.Optional("measures"): [_one_of(GROUPS_OF_QUANTITIES)],
                vol.Optional("states"): [_one_of(STATES)],
                vol.Optional("commands"): [_one_of(COMMANDS)],
                vol.Optional("options"): [_one_of(Option)],
                vol.Optional("sides"): _whole(1, 2),
                vol.Optional("inputs"): _whole(0, 255),
                vol.Optional("mid"): _flag,
                vol.Optional("profiles"): [
                    {vol.Required("id"): _slug, vol.Required("confidence"): _one_of(Confidence)},
                ],
            },
        ],
    },
)
"""The list of products."""

_WORDING: Final = {
    "extra keys not allowed": "unknown field",
    "not a valid option": "unknown field",
    "required key not provided": "is missing",
    "expected a dictionary": "expected a mapping",
    "expected str": "a name must be text",
}
"""What the checking packages say, in the words of ``docs/profiles.md``."""


def checked(schema: vol.Schema, data: Any) -> tuple[Any, list[Problem]]:
    """Return the data as its schema reads it, and what is wrong with its shape; None as data where something is."""
    try:
        return schema(data), []
    except vol.MultipleInvalid as error:
        return None, list(_problems(error))


def _problems(error: vol.MultipleInvalid) -> Iterator[Problem]:
    """Yield place and reason of each finding."""
    for finding in error.errors:
        place = tuple(part if isinstance(part, (int, str)) else str(part) for part in finding.path)
        reason = finding.msg
        for theirs, ours in _WORDING.items():
            reason = reason.replace(theirs, ours)
        yield place, reason
