"""Reads one unit: what is wanted of it, in as few requests as it allows, in spite of its faults.

This module owns what a unit refuses and when it, or a block it is silent about, is asked again. Who speaks when is
``link``'s matter, what words mean ``codec``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import (
    IllegalDataAddressError,
    IllegalDataValueError,
    IllegalFunctionError,
    ModbusConnectionError,
    ModbusError,
    ModbusExceptionError,
)

from .codec import NotReadError, Value, holds
from .link import SILENCE
from .plan import plan
from .states import rows_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..catalog import Profile, ReadRules, Register, Space
    from .client import UnitClient
    from .link import Priority
    from .plan import Block

SLOW_INTERVAL: Final = 300.0
"""How often settings (ratios, wiring) are read again, s."""

BACK_OFF_FIRST: Final = 10.0
BACK_OFF_LONGEST: Final = 300.0
_BACK_OFF_STEPS: Final = 5
# One silence may be a fault of the line.
_TOLERATED: Final = 1
# A unit that answered, then left so many blocks in a row without an answer, is not asked for the rest.
_LOST: Final = 2

_REFUSAL: Final = (IllegalFunctionError, IllegalDataAddressError, IllegalDataValueError)


class UnitSilentError(ModbusError):
    """The unit did not answer, or did not a moment ago and is not asked again yet."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is wanted of a unit under one register map."""

    profile: Profile
    keys: frozenset[str]
    """Keys of the map's measures, states, settings or links."""


@dataclass(frozen=True, kw_only=True)
class TargetReading:
    """What a read gave for one target."""

    values: Mapping[str, Value | None] = field(default_factory=dict)
    """By key; None where the device has no value."""
    unsupported: frozenset[str] = frozenset()
    """Keys of what the device refuses."""
    failed: frozenset[str] = frozenset()
    """Keys of what could not be read this time."""


@dataclass(kw_only=True)
class Health:
    """Whether a unit answers, and when a silent one is asked again."""

    failures: int = 0
    """Reads in a row that got no answer."""
    retry_at: float = 0.0
    heard: bool = False
    """True once the unit answered."""

    @property
    def silent(self) -> bool:
        """True once a read got no answer."""
        return self.failures > 0

    def answered(self) -> None:
        """Note that the unit answers."""
        self.failures = 0
        self.retry_at = 0.0
        self.heard = True

    def missed(self, now: float) -> None:
        """Note a read without an answer; each puts the next try off further."""
        self.retry_at = now + min(BACK_OFF_FIRST * 2 ** min(self.failures, _BACK_OFF_STEPS), BACK_OFF_LONGEST)
        self.failures += 1


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """The registers that some targets need, by the rules they are read under."""

    targets: list[Target]
    polled: Mapping[ReadRules, set[Register]]
    settings: Mapping[ReadRules, set[Register]]
    """Those that are slow to change."""


@dataclass(kw_only=True)
class _Poll:
    """What one read has got so far."""

    words: dict[Register, Sequence[int]] = field(default_factory=dict)
    heard: bool = False
    """True once the unit answered anything."""
    lost: int = 0
    """Blocks without an answer since it last did."""

    def answered(self) -> None:
        """Note that the unit answers."""
        self.heard = True
        self.lost = 0


class UnitReader:
    """Reads targets of one unit and remembers what the unit refused, until it is made anew."""

    def __init__(
        self, client: UnitClient, *, clock: Callable[[], float] = monotonic, health: Health | None = None
    ) -> None:
        """Start without knowledge of the unit; readers of one unit can share its ``health``."""
        self.health = Health() if health is None else health
        self._client = client
        self._clock = clock
        self._refused: dict[Register, str] = {}
        self._seams: set[tuple[Space, int]] = set()
        self._mute: dict[tuple[Space, int], Health] = {}
        self._wanted = _Wanted(targets=[], polled={}, settings={})
        self._polled: list[tuple[ReadRules, Block]] | None = None
        self._settings: dict[Register, Sequence[int]] = {}
        self._settings_at = float("-inf")
        self._forgotten = 0
        self._idle: frozenset[Register] = frozenset()
        self.asked = False
        """True where the last read sent a request: it may know all it needs."""

    @property
    def refused(self) -> Mapping[Register, str]:
        """Registers the unit refuses, with the error it gave."""
        return self._refused

    def planned(self, targets: Iterable[Target]) -> list[Block]:
        """Return the blocks that a poll of these targets reads, settings left out."""
        return [block for _, block in self._plan(_gather(list(targets)).polled)]

    def forget_settings(self) -> None:
        """Read all settings again with the next poll: they were written. A poll that is under way keeps none."""
        self._settings_at = float("-inf")
        self._settings.clear()
        self._forgotten += 1

    async def read(self, targets: Sequence[Target], priority: Priority, *, now: bool = False) -> list[TargetReading]:
        """Return a reading per target, in their order. One read at a time.

        ``now`` asks a silent unit before its time. Raises ``UnitSilentError`` where the unit does not answer,
        ``ModbusConnectionError`` where the gateway cannot be reached.
        """
        if not now and self._clock() < self.health.retry_at:
            raise UnitSilentError("silent; asked again later")
        self._want(list(targets))
        refresh = self._clock() - self._settings_at >= SLOW_INTERVAL
        settings = self._settings_due(refresh=refresh)
        forgotten = self._forgotten
        poll = _Poll()
        try:
            blocks = [*self._polled_blocks(), *settings]
            self.asked = bool(blocks)
            await self._read_blocks(blocks, priority, poll, now=now)
        except UnitSilentError, ModbusConnectionError:
            # Who was away may have been set anew, or exchanged.
            self._settings.clear()
            raise
        if settings and forgotten == self._forgotten:
            self._keep_settings(poll.words, refresh=refresh)
        if poll.heard:
            self.health.answered()
        known = {**self._settings, **poll.words}
        return [self._evaluate(target, known) for target in targets]

    def _want(self, targets: list[Target]) -> None:
        """Gather the registers anew where the targets are not those of the last read."""
        if targets != self._wanted.targets:
            self._wanted = _gather(targets)
            self._polled = None

    def _plan(self, rows: Mapping[ReadRules, set[Register]]) -> list[tuple[ReadRules, Block]]:
        """Return the blocks for some rows, those that the unit refuses left out."""
        refused = self._refused.keys()
        return [(rules, block) for rules, here in rows.items() for block in plan(here - refused, rules, self._seams)]

    def _polled_blocks(self) -> list[tuple[ReadRules, Block]]:
        """Return the blocks of every poll; planned once until the unit refuses something or settings change."""
        idle = _idle(self._wanted.targets, self._settings)
        if self._polled is None or idle != self._idle:
            self._idle = idle
            self._polled = self._plan({rules: rows - idle for rules, rows in self._wanted.polled.items()})
        return self._polled

    def _settings_due(self, *, refresh: bool) -> list[tuple[ReadRules, Block]]:
        """Return the blocks of settings to read with this poll: all for a refresh, otherwise those not known yet."""
        known = {} if refresh else self._settings
        due = {rules: rows.difference(known, self._refused) for rules, rows in self._wanted.settings.items()}
        return self._plan(due) if any(due.values()) else []

    def _keep_settings(self, words: Mapping[Register, Sequence[int]], *, refresh: bool) -> None:
        """Keep the settings for the polls that do not read them; forget those that nobody wants."""
        known = {**self._settings, **words}
        wanted = (row for rows in self._wanted.settings.values() for row in rows)
        self._settings = {row: known[row] for row in wanted if row in known}
        if refresh:
            self._settings_at = self._clock()

    async def _read_blocks(
        self, blocks: list[tuple[ReadRules, Block]], priority: Priority, poll: _Poll, *, now: bool
    ) -> None:
        """Read blocks into ``poll``, what the unit was silent about last; narrow what is refused."""
        if self._mute:
            blocks = sorted(blocks, key=lambda item: self._silences(item[1]))
        for rules, block in blocks:
            if poll.lost >= _LOST:
                return
            if not (now or self.health.silent or self._due(block)):
                continue
            refusal = await self._read_block(block, priority, poll)
            if refusal is not None:
                await self._narrow(block, rules, refusal, priority, poll)

    def _silences(self, block: Block) -> int:
        """Return how often in a row the unit was silent about a block."""
        mute = self._mute.get((block.space, block.address))
        return 0 if mute is None else mute.failures

    def _due(self, block: Block) -> bool:
        """Tell whether a block is to be asked for: one that costs a timeout each time is asked for ever more rarely."""
        mute = self._mute.get((block.space, block.address))
        return mute is None or mute.failures <= _TOLERATED or self._clock() >= mute.retry_at

    async def _read_block(self, block: Block, priority: Priority, poll: _Poll) -> ModbusError | None:
        """Read a block into ``poll``; return the error where the unit refuses it.

        Raises ``UnitSilentError`` where a unit that was not heard yet is silent, and ``ModbusConnectionError``.
        """
        try:
            read = await self._ask(block, priority, poll)
        except ModbusConnectionError:
            raise
        except SILENCE as err:
            self._note_silence(block, poll, err)
        except ModbusExceptionError as err:
            poll.answered()
            return err if isinstance(err, _REFUSAL) else None
        except ModbusError:
            # Garbage: an answer, but nobody knows whose.
            return None
        else:
            poll.answered()
            self._mute.pop((block.space, block.address), None)
            poll.words.update({row: block.words_of(row, read) for row in block.rows})
        return None

    async def _ask(self, block: Block, priority: Priority, poll: _Poll) -> list[int]:
        """Send the read of a block; once more where a unit that usually answers fails."""
        client = self._client
        try:
            return await client.read(priority, block.space, block.address, block.count)
        except (*_REFUSAL, ModbusConnectionError):
            raise
        except ModbusError:
            healthy = poll.heard or (self.health.heard and not self.health.silent)
            if not healthy or self._silences(block):
                raise
            return await client.read(priority, block.space, block.address, block.count)

    def _note_silence(self, block: Block, poll: _Poll, err: ModbusError) -> None:
        """Note a block without an answer.

        Raises ``UnitSilentError`` where the unit was not heard in this poll.
        """
        now = self._clock()
        self._mute.setdefault((block.space, block.address), Health()).missed(now)
        poll.lost += 1
        if not poll.heard:
            self.health.missed(now)
            raise UnitSilentError(str(err)) from err

    async def _narrow(
        self, block: Block, rules: ReadRules, refusal: ModbusError, priority: Priority, poll: _Poll
    ) -> None:
        """Find out what of a refused block the unit serves, in less than two requests per row, and remember it."""
        refused: set[tuple[Space, int]] = set()
        split: set[tuple[Space, int]] = set()
        queue = [(block, refusal)]
        try:
            while queue and poll.lost < _LOST:
                block, refusal = queue.pop()
                if block.seam is None:
                    self._refused.update(dict.fromkeys(block.rows, str(refusal)))
                    refused.add((block.space, block.address))
                    continue
                split.add((block.space, block.seam))
                for part in plan(block.rows, rules, self._seams | split):
                    error = await self._read_block(part, priority, poll)
                    if error is not None:
                        queue.append((part, error))
        finally:
            # Refused rows explain the refusal: around them, reads may be as long as before.
            self._seams |= refused or split
            self._polled = None

    def _evaluate(self, target: Target, words: Mapping[Register, Sequence[int]]) -> TargetReading:
        """Turn words into the values of one target."""
        values: dict[str, Value | None] = {}
        unsupported: set[str] = set()
        missing: set[str] = set()
        for key in target.keys:
            try:
                values[key] = value_of(target.profile, key, words.get)
            except NotReadError:
                refused = any(row in self._refused for row in rows_of(target.profile, (key,)))
                (unsupported if refused else missing).add(key)
        return TargetReading(values=values, unsupported=frozenset(unsupported), failed=frozenset(missing))


def _gather(targets: list[Target]) -> _Wanted:
    """Return the registers that targets need."""
    polled: dict[ReadRules, set[Register]] = {}
    settings: dict[ReadRules, set[Register]] = {}
    for target in targets:
        for row in rows_of(target.profile, target.keys):
            (settings if row.slow else polled).setdefault(target.profile.read, set()).add(row)
    return _Wanted(targets=targets, polled=polled, settings=settings)


def _idle(targets: list[Target], settings: Mapping[Register, Sequence[int]]) -> frozenset[Register]:
    """Return registers that only states need which the settings rule out: the output of a meter set to give pulses."""
    if not settings:
        return frozenset()
    needed: set[Register] = set()
    idle: set[Register] = set()
    for target in targets:
        for key in target.keys:
            state = target.profile.states.get(key)
            condition = None if state is None else state.valid_if
            row = None if condition is None else target.profile.registers[condition.register]
            ruled_out = row in settings and not holds(target.profile, condition, settings.get)
            (idle if ruled_out else needed).update(rows_of(target.profile, (key,)))
    return frozenset(idle - needed)
