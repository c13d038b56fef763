"""Rows of a memory that are no measures: states, links, settings, the clock, limits, and where commands go.

This module owns what these rows show and take. Where things stand is in ``mechanism`` and ``station``.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from custom_components.legrand_ews.catalog.charging import LIMIT
from custom_components.legrand_ews.catalog.profile import DataType, Register, Space
from custom_components.legrand_ews.catalog.state import CLOSED, OFF, OPEN, TRIPPED, SettingKind

from .encode import absent_words, clock_time, clock_words, raw_in, raw_of, words_of
from .orders import commands_of
from .row import ILLEGAL_VALUE, Refused, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from custom_components.legrand_ews.catalog.charging import Charging
    from custom_components.legrand_ews.catalog.profile import Condition, Profile
    from custom_components.legrand_ews.catalog.state import Clock, Setting, State

    from .mechanism import Mechanism
    from .row import Words
    from .station import Station

    type Met = Callable[[Condition | None], bool]
    type Claim = tuple[Condition | None, Callable[[], int | None]]

SHOWN_BY: Mapping[str, frozenset[str]] = {
    OPEN: frozenset({OPEN, TRIPPED}),
    CLOSED: frozenset({CLOSED}),
    TRIPPED: frozenset({TRIPPED}),
}
"""The states in which each contact of a breaker is made: the auxiliary ones follow the poles."""


def control_rows(profile: Profile, mechanism: Mechanism, met: Met, raw: Mapping[str, int]) -> Iterator[Row]:
    """Yield the rows of states, links, settings and the clock.

    ``met`` tells whether a condition holds, ``raw`` has the partners of links by their keys.
    """
    yield from _state_rows(profile, mechanism, met)
    for key, link in profile.links.items():
        partner = partial(_always, words_of(link.partner, raw.get(key, 0)))
        yield Row(name=key, parts=(link.partner,), encode=partner)
        if link.error is not None:
            yield Row(name=key, parts=(link.error,), encode=partial(_link_error, link.error, key, mechanism))
    for setting in profile.settings.values():
        yield Row(
            name=setting.key,
            parts=(setting.register,),
            encode=partial(_setting_words, setting, mechanism),
            writable=True,
            take=partial(_take_setting, setting, mechanism),
            single=setting.single,
        )
    if (clock := profile.clock) is not None:
        yield Row(
            name="clock",
            parts=(Register(address=clock.address, words=clock.words, space=clock.space, type=DataType.TEXT),),
            encode=lambda: [clock_words(clock, mechanism.clock)],
            writable=True,
            take=partial(_take_clock, clock, mechanism),
        )


def command_rows(profile: Profile) -> Iterator[Row]:
    """Yield what lies where commands are written and nothing else is: zeros."""
    for command in commands_of(profile):
        for write in command.writes:
            count = len(write.values)
            kind = DataType.BIT if write.space is Space.COIL else DataType.TEXT
            register = Register(address=write.address, words=count, space=write.space, type=kind)
            yield Row(name=command.state, parts=(register,), encode=partial(_always, (0,) * count))


def charging_rows(charging: Charging, station: Station) -> Iterator[Row]:
    """Yield the row of the limit that a station keeps to, where it has one."""
    if (limit := charging.limit) is not None:
        yield Row(
            name=LIMIT,
            parts=(limit,),
            encode=lambda: [words_of(limit, _limit_raw(limit, charging, station))],
            writable=True,
            take=partial(_take_limit, limit, charging, station),
            single=charging.single,
        )


def _state_rows(profile: Profile, mechanism: Mechanism, met: Met) -> Iterator[Row]:
    """Yield a row for each register that shows states; where several share one, conditions decide."""
    claims: dict[Register, list[Claim]] = defaultdict(list)
    for state in profile.states.values():
        if state.register is not None:
            claims[state.register].append((state.valid_if, partial(_state_raw, state, mechanism)))
        for word, register in state.contacts.items():
            claims[register].append((state.valid_if, partial(_contact_raw, state.key, word, mechanism)))
    for register, claimed in claims.items():
        yield Row(name="state", parts=(register,), encode=partial(_claimed_words, register, claimed, met))


def _always(words: Words) -> list[Words]:
    """Return the same words each time."""
    return [words]


def _claimed_words(register: Register, claims: list[Claim], met: Met) -> list[Words]:
    """Return what the first state shows whose condition holds."""
    raw = next((shown() for condition, shown in claims if met(condition)), None)
    return [absent_words(register) if raw is None else words_of(register, raw)]


def _state_raw(state: State, mechanism: Mechanism) -> int | None:
    """Return the number of a state; a breaker that cannot say tripped says open."""
    word = mechanism.word(state.key)
    if not state.values:
        return int(word != OFF)
    raw = next((raw for raw, name in state.values.items() if name == word), None)
    if raw is None and word == TRIPPED:
        raw = next((raw for raw, name in state.values.items() if name == OPEN), None)
    return raw


def _contact_raw(key: str, contact: str, mechanism: Mechanism) -> int:
    """Return whether a contact of a breaker is made."""
    return int(mechanism.word(key) in SHOWN_BY[contact])


def _link_error(register: Register, key: str, mechanism: Mechanism) -> list[Words]:
    """Return whether a link fails."""
    return [words_of(register, int(key in mechanism.link_errors))]


def _setting_words(setting: Setting, mechanism: Mechanism) -> list[Words]:
    """Return what a setting is set to."""
    value = mechanism.settings[setting.key]
    if isinstance(value, str):
        raw = next((raw for raw, word in setting.values.items() if word == value), 0)
    else:
        raw = raw_of(setting.register, value / float(setting.register.scale))
    return [words_of(setting.register, raw)]


def _take_setting(setting: Setting, mechanism: Mechanism, parts: list[Words]) -> None:
    """Change a setting; refuse what it cannot be."""
    raw = raw_in(setting.register, parts[0])
    if setting.kind is SettingKind.ON_TIME:
        value: str | float | None = float(raw * setting.register.scale)
        known = setting.minimum <= raw * setting.register.scale <= setting.maximum
    else:
        value = setting.values.get(raw)
        known = value is not None
    if value is None or not known:
        raise Refused(ILLEGAL_VALUE)
    mechanism.settings[setting.key] = value


def _take_clock(clock: Clock, mechanism: Mechanism, parts: list[Words]) -> None:
    """Set the clock; refuse what is no date and time."""
    try:
        mechanism.set_clock(clock_time(clock, parts[0]))
    except (ValueError, OverflowError) as error:
        raise Refused(ILLEGAL_VALUE) from error


def _limit_raw(register: Register, charging: Charging, station: Station) -> int:
    """Return the number of a station's limit; where a number means that no car may charge, it tells so."""
    if charging.off is not None and not (station.limit and station.allowed):
        return charging.off
    return raw_of(register, station.limit / float(register.scale))


def _take_limit(register: Register, charging: Charging, station: Station, parts: list[Words]) -> None:
    """Tell a station its limit; refuse what it cannot be."""
    raw = raw_in(register, parts[0])
    limit = 0.0 if raw == charging.off else float(raw * register.scale)
    if raw != charging.off and not charging.minimum <= limit <= charging.maximum:
        raise Refused(ILLEGAL_VALUE)
    station.order(limit=limit)
