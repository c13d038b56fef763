"""Which writes give an order.

This module owns the recognition of commands: the last write of one counts once the earlier ones came before it, in
order and with nothing else written between them. That a car may charge, or may not, is a command too. What an order
does is ``mechanism``'s matter, and ``station``'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog.profile import Space
from custom_components.legrand_ews.catalog.state import Command, Verb

from .row import FAILURE, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from custom_components.legrand_ews.catalog.profile import Profile
    from custom_components.legrand_ews.catalog.state import Write

type Order[T] = tuple[T, Command]
"""A command, and whose it is."""

CHARGING: Final = "charging"
"""Stands for the state of commands that let a car charge (on), or not (off)."""


def commands_of(profile: Profile) -> list[Command]:
    """Return all commands of a map, also those that let a car charge or not."""
    commands = list(profile.commands.values())
    if (charging := profile.charging) is not None:
        for verb, writes in ((Verb.ON, charging.allow), (Verb.OFF, charging.forbid)):
            if writes:
                commands.append(Command(state=CHARGING, verb=verb, writes=writes, expect=None))
    return commands


class Orders[T]:
    """The commands of all devices at one address, and how far each has come."""

    def __init__(self, maps: Iterable[tuple[T, Profile]]) -> None:
        """Take the commands of these maps, each with its owner."""
        rows = [(owner, profile, command) for owner, profile in maps for command in commands_of(profile)]
        self._commands: list[Order[T]] = [(owner, command) for owner, _, command in rows]
        self._reached = [0] * len(rows)
        self._cells = {
            cell for _, profile, command in rows for write in command.writes for cell in written_cells(write, profile)
        }

    def take(self, write: Write) -> list[Order[T]] | None:
        """Return the commands that a write completes; None where it is no matter of commands.

        Raises ``Refused``: 01 for the wrong function, 03 for a value that means nothing, 04 where earlier writes are
        missing.
        """
        if (write.space, write.address) not in self._cells:
            self._reached = [0] * len(self._reached)
            return None
        steps = {step for _, command in self._commands for step in command.writes}
        if write not in steps:
            other = replace(write, single=not write.single)
            raise Refused(ILLEGAL_FUNCTION if other in steps else ILLEGAL_VALUE)
        self._reached = [
            _next(command, reached, write) for (_, command), reached in zip(self._commands, self._reached, strict=True)
        ]
        if not any(self._reached):
            raise Refused(FAILURE)
        done = []
        for place, order in enumerate(self._commands):
            if self._reached[place] == len(order[1].writes):
                self._reached[place] = 0
                done.append(order)
        return done


def meant[T](orders: Iterable[Order[T]]) -> list[Order[T]]:
    """Return one order for each state; where a write means both, the output is timed: pulse comes before on."""
    by_state: dict[str, Order[T]] = {}
    for owner, command in orders:
        if command.state not in by_state or command.verb is Verb.PULSE:
            by_state[command.state] = owner, command
    return list(by_state.values())


def written_cells(write: Write, profile: Profile) -> Iterator[tuple[Space, int]]:
    """Yield the addresses that a write of a map goes to."""
    step = 2 if profile.read.byte_addresses and write.space is not Space.COIL else 1
    for place in range(len(write.values)):
        yield write.space, write.address + place * step


def _next(command: Command, reached: int, write: Write) -> int:
    """Return how many writes of a command have come, after this one."""
    if command.writes[reached] == write:
        return reached + 1
    return int(command.writes[0] == write)
