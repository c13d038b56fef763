"""Reads one unit: what is wanted of it, in as few requests as it allows, in spite of its faults.

This module owns what a unit refuses and when a silent unit is asked again. Who speaks when is ``link``'s matter,
what words mean ``codec``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import (
    GatewayPathUnavailableError,
    GatewayTargetError,
    IllegalDataAddressError,
    IllegalDataValueError,
    IllegalFunctionError,
    ModbusConnectionError,
    ModbusError,
    ModbusTimeoutError,
)

from .codec import NotReadError, Value, evaluate, rows_of
from .plan import plan

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

_SILENCE: Final = (ModbusTimeoutError, GatewayTargetError, GatewayPathUnavailableError)
_REFUSAL: Final = (IllegalFunctionError, IllegalDataAddressError, IllegalDataValueError)


class UnitSilentError(ModbusError):
    """The unit did not answer, or did not a moment ago and is not asked again yet."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is wanted of a unit under one register map."""

    profile: Profile
    keys: frozenset[str]
    """Keys of the map's measures."""


@dataclass(frozen=True, kw_only=True)
class TargetReading:
    """What a read gave for one target."""

    values: Mapping[str, Value | None] = field(default_factory=dict)
    """By key of the measure; None where the device has no value."""
    unsupported: frozenset[str] = frozenset()
    """Measures the device refuses."""
    failed: frozenset[str] = frozenset()
    """Measures whose read failed this time."""


@dataclass(kw_only=True)
class Health:
    """Whether a unit answers, and when a silent one is asked again."""

    failures: int = 0
    """Reads in a row that got no answer."""
    retry_at: float = 0.0

    @property
    def silent(self) -> bool:
        """True once a read got no answer."""
        return self.failures > 0

    def answered(self) -> None:
        """Note that the unit answers."""
        self.failures = 0
        self.retry_at = 0.0

    def missed(self, now: float) -> None:
        """Note a read without an answer; each puts the next try off further."""
        self.retry_at = now + min(BACK_OFF_FIRST * 2**self.failures, BACK_OFF_LONGEST)
        self.failures += 1


class UnitReader:
    """Reads targets of one unit and remembers what the unit refused, until it is made anew."""

    def __init__(self, client: UnitClient, *, clock: Callable[[], float] = monotonic) -> None:
        """Start without knowledge of the unit."""
        self.health = Health()
        self._client = client
        self._clock = clock
        self._refused: dict[Register, str] = {}
        self._seams: set[tuple[Space, int]] = set()
        self._plans: dict[tuple[ReadRules, frozenset[Register]], list[Block]] = {}
        self._slow: dict[Register, Sequence[int]] = {}
        self._slow_at = float("-inf")

    @property
    def refused(self) -> Mapping[Register, str]:
        """Registers the unit refuses, with the error it gave."""
        return self._refused

    def planned(self, targets: Iterable[Target]) -> list[Block]:
        """Return the blocks that a poll of these targets reads, settings left out."""
        return [
            block
            for rules, rows in self._rows(targets).items()
            for block in self._plan(rules, frozenset(row for row in rows if not row.slow))
        ]

    async def read(self, targets: Sequence[Target], priority: Priority, *, now: bool = False) -> list[TargetReading]:
        """Return a reading per target, in their order.

        ``now`` asks a silent unit before its time. Raises ``UnitSilentError`` where the unit does not answer,
        ``ModbusConnectionError`` where the gateway cannot be reached.
        """
        if not now and self._clock() < self.health.retry_at:
            raise UnitSilentError("silent; asked again later")
        words: dict[Register, Sequence[int]] = {}
        rows = self._rows(targets)
        slow_due = self._slow_due(rows)
        for rules, wanted in rows.items():
            for slow in (True, False):
                part = frozenset(row for row in wanted if row.slow is slow)
                if part and (slow_due or not slow):
                    await self._read_rows(part, rules, priority, words)
        self._keep_slow(words, slow_due)
        self.health.answered()
        known = {**self._slow, **words}
        return [self._evaluate(target, known) for target in targets]

    def _rows(self, targets: Iterable[Target]) -> dict[ReadRules, set[Register]]:
        """Gather the registers of all targets, by the rules they are read under."""
        rows: dict[ReadRules, set[Register]] = {}
        for target in targets:
            rows.setdefault(target.profile.read, set()).update(rows_of(target.profile, target.keys))
        return rows

    def _slow_due(self, rows: Mapping[ReadRules, set[Register]]) -> bool:
        """Tell whether the settings are to be read with this poll."""
        if self._clock() - self._slow_at >= SLOW_INTERVAL:
            return True
        slow = {row for wanted in rows.values() for row in wanted if row.slow}
        return not slow <= self._slow.keys() | self._refused.keys()

    def _keep_slow(self, words: Mapping[Register, Sequence[int]], due: bool) -> None:  # noqa: FBT001
        """Keep the settings for the polls that do not read them."""
        if due:
            self._slow.update({row: read for row, read in words.items() if row.slow})
            self._slow_at = self._clock()

    def _plan(self, rules: ReadRules, rows: frozenset[Register]) -> list[Block]:
        """Return the blocks for some rows; made once until the unit refuses something."""
        key = (rules, rows)
        if (blocks := self._plans.get(key)) is None:
            blocks = self._plans[key] = plan(rows - self._refused.keys(), rules, self._seams)
        return blocks

    async def _read_rows(
        self,
        rows: frozenset[Register],
        rules: ReadRules,
        priority: Priority,
        words: dict[Register, Sequence[int]],
    ) -> None:
        """Read rows block by block into ``words``; narrow what is refused, leave out what fails."""
        queue = list(self._plan(rules, rows))
        while queue:
            block = queue.pop(0)
            try:
                read = await self._read_block(block, priority, answered=bool(words))
            except _REFUSAL as err:
                queue[:0] = self._narrow(block, rules, err)
            except ModbusConnectionError:
                raise
            except _SILENCE as err:
                if not words:
                    self.health.missed(self._clock())
                    raise UnitSilentError(str(err)) from err
                continue
            except ModbusError:
                continue
            else:
                words.update({row: block.words_of(row, read) for row in block.rows})

    async def _read_block(self, block: Block, priority: Priority, *, answered: bool) -> list[int]:
        """Read one block; once more where a unit that answered before fails for the first time."""
        client = self._client
        try:
            return await client.read(priority, block.space, block.address, block.count)
        except (*_REFUSAL, ModbusConnectionError):
            raise
        except ModbusError:
            if self.health.silent and not answered:
                raise
            return await client.read(priority, block.space, block.address, block.count)

    def _narrow(self, block: Block, rules: ReadRules, err: ModbusError) -> list[Block]:
        """Split a refused block, or give up its only row; return what is to be read instead."""
        self._plans.clear()
        if len(block.rows) == 1:
            self._refused[block.rows[0]] = str(err)
            return []
        self._seams.add((block.space, block.seam))
        return plan(block.rows, rules, self._seams)

    def _evaluate(self, target: Target, words: Mapping[Register, Sequence[int]]) -> TargetReading:
        """Turn words into the values of one target."""
        values: dict[str, Value | None] = {}
        unsupported: set[str] = set()
        missing: set[str] = set()
        for key in target.keys:
            try:
                values[key] = evaluate(target.profile, target.profile.measures[key], words.get)
            except NotReadError:
                refused = any(row in self._refused for row in rows_of(target.profile, (key,)))
                (unsupported if refused else missing).add(key)
        return TargetReading(values=values, unsupported=frozenset(unsupported), failed=frozenset(missing))
