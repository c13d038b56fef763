"""What a command means on the wire: the writes, the settings they need, and what must be read back.

This module owns which commands a map has or lets be composed, and how a setting becomes words. It sends nothing
(``command``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from modbus_connection.encode import split_words

from ..catalog import DataType, SettingKind, Verb, Write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog import Command, Condition, Profile, Register, Setting

_MODES: Final[Mapping[Verb, str]] = {Verb.PULSE: "impulsive", Verb.BLINK: "blinking"}
"""Commands that a device times by itself, and the mode of an output that does so when it is switched on."""


class NotPossibleError(LookupError):
    """The map has no such command or setting, or the device cannot be given that value; ``reason`` is a short key.

    ``no_command``, ``no_setting``; ``not_timed``: the device does not time this by itself; ``unknown_word``,
    ``out_of_range``, ``not_representable``: what is wrong with a value.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to do with one device, and how to tell that it was done."""

    steps: tuple[Write, ...] = ()
    """Sent in this order, once the settings are as they should be. Empty: the settings are all."""
    settings: Mapping[str, str | float] = field(default_factory=dict)
    """By key of the map's settings, the word or the seconds each must have; written only where it has another."""
    state: str | None = None
    """Key of the state that changes; need not be in the map."""
    expect: str | None = None
    """The state's word afterwards; None where nothing tells."""
    within: float = 3.0
    """How long the device may take until state or settings follow, s."""
    valid_if: Condition | None = None
    """Only while a named register holds one of these numbers."""
    timed: str | None = None
    """Key of the ON time that must not be 0 by now: the output would stay on for good."""


def order_for(profile: Profile, state: str, verb: Verb, *, seconds: float | None = None) -> Order:
    """Return the order that brings a state to change; ``seconds`` is the ON time of a pulse or of a blink.

    A pulse or blink without a command of its own is the mode and the ON time of the output, then ON: the device does
    the timing, always. Raises ``NotPossibleError``.
    """
    own = profile.commands.get((state, verb))
    if verb not in _MODES:
        if seconds is not None:
            raise NotPossibleError("not_timed")
        return _order(_known(own))
    mode, on_time = (_setting_of(profile, state, kind) for kind in (SettingKind.MODE, SettingKind.ON_TIME))
    settings: dict[str, str | float] = {}
    if own is None:
        own = _known(profile.commands.get((state, Verb.ON)))
        if mode is not None:
            settings[mode.key] = _MODES[verb]
        elif verb is Verb.BLINK or on_time is None:
            raise NotPossibleError("not_timed")
    if seconds is not None:
        if on_time is None:
            raise NotPossibleError("not_timed")
        if not seconds > 0:
            raise NotPossibleError("out_of_range")
        settings[on_time.key] = seconds
    _check(profile, settings)
    own_time = verb is Verb.PULSE and seconds is None and on_time is not None
    return _order(own, settings, passing=True, timed=on_time.key if on_time and own_time else None)


def order_for_settings(profile: Profile, output: str, values: Mapping[SettingKind, str | float]) -> Order:
    """Return the order that gives an output some settings: words, or s for the ON time. Raises ``NotPossibleError``."""
    settings: dict[str, str | float] = {}
    for kind, value in values.items():
        setting = _setting_of(profile, output, kind)
        if setting is None:
            raise NotPossibleError("no_setting")
        settings[setting.key] = value
    _check(profile, settings)
    return Order(settings=settings)


def _known(command: Command | None) -> Command:
    """Return a command the map must have."""
    if command is None:
        raise NotPossibleError("no_command")
    return command


def _order(
    command: Command,
    settings: Mapping[str, str | float] | None = None,
    *,
    passing: bool = False,
    timed: str | None = None,
) -> Order:
    """Return the order of a command; after a ``passing`` one no state tells that it was done."""
    return Order(
        steps=command.writes,
        settings=settings or {},
        state=command.state,
        expect=None if passing else command.expect,
        within=command.within,
        valid_if=command.valid_if,
        timed=timed,
    )


def _setting_of(profile: Profile, output: str, kind: SettingKind) -> Setting | None:
    """Return a setting of an output, None where the map has none."""
    return next((row for row in profile.settings.values() if (row.output, row.kind) == (output, kind)), None)


def _check(profile: Profile, settings: Mapping[str, str | float]) -> None:
    """Raise ``NotPossibleError`` for a value that a setting cannot have."""
    for key, value in settings.items():
        write_of(profile.settings[key], value)


def write_of(setting: Setting, value: str | float) -> Write:
    """Return the write that gives a setting its value: a word, or s. Raises ``NotPossibleError``."""
    row = setting.register
    raw = _raw_word(setting, value) if setting.values or isinstance(value, str) else _raw_time(setting, value)
    if raw in row.invalid:
        raise NotPossibleError("not_representable")
    values = split_words(raw, count=row.words, word_order=row.word_order)
    return Write(space=row.space, address=row.address, values=tuple(values), single=setting.single)


def _raw_word(setting: Setting, value: str | float) -> int:
    """Return the number that means a word."""
    raw = next((raw for raw, word in setting.values.items() if word == value), None)
    if raw is None:
        raise NotPossibleError("unknown_word")
    return raw


def _raw_time(setting: Setting, seconds: float) -> int:
    """Return the number that means some seconds, exactly."""
    if not (math.isfinite(seconds) and setting.minimum <= seconds <= setting.maximum):
        raise NotPossibleError("out_of_range")
    raw = Decimal(repr(float(seconds))) / setting.register.scale
    if raw != raw.to_integral_value():
        raise NotPossibleError("not_representable")
    if not 0 <= raw <= _largest(setting.register):
        raise NotPossibleError("out_of_range")
    return int(raw)


def _largest(row: Register) -> int:
    """Return the largest raw number of a register."""
    if row.type is DataType.BIT:
        return 1
    return (1 << 16 * row.words - (1 if row.type.signed else 0)) - 1
