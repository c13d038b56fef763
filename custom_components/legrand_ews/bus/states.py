"""Words to states, settings, links and limits of charging stations.

This module owns what the words of a state mean, contacts and validity included. Measures are ``codec``'s matter; who
reads what, ``reader``'s.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ..catalog.charging import LIMIT
from ..catalog.state import CLOSED, OFF, ON, OPEN, TRIPPED
from .codec import LinkValue, Value, evaluate, holds, measure_rows, raw_of, read_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..catalog import Charging, EmsLink, Profile, Register, Setting, State
    from .codec import Words

_OPPOSITE: Final = {OPEN: CLOSED, CLOSED: OPEN}


def rows_of(profile: Profile, keys: Collection[str]) -> Iterator[Register]:
    """All registers that the named measures, states, settings and links of a map need, those they refer to included.

    ``charging.LIMIT`` names the limit of a charging station.
    """
    for key in keys:
        if (state := profile.states.get(key)) is not None:
            yield from _state_rows(profile, state)
        elif (setting := profile.settings.get(key)) is not None:
            yield setting.register
        elif (link := profile.links.get(key)) is not None:
            yield link.partner
            if link.error is not None:
                yield link.error
        elif key == LIMIT and profile.charging is not None:
            if profile.charging.limit is not None:
                yield profile.charging.limit
        else:
            yield from measure_rows(profile, profile.measures[key])


def _state_rows(profile: Profile, state: State) -> Iterator[Register]:
    """All registers that a state needs."""
    if state.register is not None:
        yield state.register
    yield from state.contacts.values()
    if state.valid_if is not None:
        yield profile.registers[state.valid_if.register]


def value_of(profile: Profile, key: str, words: Words) -> Value | None:
    """Return the value of a measure, a state, a setting, a link or a limit; None where the device has none.

    The limit of a charging station (``charging.LIMIT``) is in A, 0.0 where a car may not charge.
    Raises ``NotReadError`` where a register it needs was not read.
    """
    if (state := profile.states.get(key)) is not None:
        return state_word(profile, state, words)
    if (setting := profile.settings.get(key)) is not None:
        return _setting(setting, words)
    if (link := profile.links.get(key)) is not None:
        return _link(link, words)
    if key == LIMIT and profile.charging is not None:
        return _limit(profile.charging, words)
    return evaluate(profile, profile.measures[key], words)


def state_word(profile: Profile, state: State, words: Words) -> str | None:
    """Return the word of a state; None where it is not valid now, contradictory, or a number without a word.

    Raises ``NotReadError`` where a register it needs was not read.
    """
    if not holds(profile, state.valid_if, words):
        return None
    if state.register is None:
        return _told({word: _number(row, words) for word, row in state.contacts.items()})
    number = _number(state.register, words)
    if number is None:
        return None
    return state.values.get(number) if state.values else (ON if number else OFF)


def _told(contacts: Mapping[str, int | None]) -> str | None:
    """Return the word that contacts tell together (``State.contacts``); None where they contradict each other."""
    if None in contacts.values():
        return None
    if contacts.get(TRIPPED):
        return TRIPPED
    positions = [word for word in contacts if word in _OPPOSITE]
    made = [word for word in positions if contacts[word]]
    if not made and len(positions) == 1:
        return _OPPOSITE[positions[0]]
    return made[0] if len(made) == 1 else None


def _number(row: Register, words: Words) -> int | None:
    """Return the whole number of a register; None for a marker of "no value"."""
    return None if read_of(row, words) is None else raw_of(row, words)


def _setting(setting: Setting, words: Words) -> str | float | None:
    """Return the word of a setting, or its seconds."""
    if setting.values:
        number = _number(setting.register, words)
        return None if number is None else setting.values.get(number)
    return _amount(setting.register, words)


def _amount(row: Register, words: Words) -> float | None:
    """Return the number of a register in its unit; None for a marker of "no value"."""
    value = read_of(row, words)
    return float(value) if isinstance(value, Decimal) else None


def _limit(charging: Charging, words: Words) -> float | None:
    """Return the limit of a charging station, A; None where it has none to read."""
    if charging.limit is None:
        return None
    return 0.0 if raw_of(charging.limit, words) == charging.off else _amount(charging.limit, words)


def _link(link: EmsLink, words: Words) -> LinkValue:
    """Return what a module tells of a link."""
    error = None if link.error is None else _number(link.error, words)
    return LinkValue(link.role, _number(link.partner, words) or None, None if error is None else bool(error))
