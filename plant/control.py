"""Faults and time by words: one line in, one or more lines out, over TCP.

This module owns the words, but those of cars (``control_cars``). Their meaning is in ``faults``, ``mechanism``,
``unit`` and ``site``. A line is ``COMMAND GATEWAY UNIT`` and more: the gateway by its number (from 1) or name, the unit
by its Modbus address, ``*`` for all behind the gateway.
"""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from .control_cars import fault, plug, unplug
from .electrical import Load
from .faults import FOREVER, ExceptionOn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from .faults import Faults
    from .gateway import Gateway
    from .site import Plant
    from .unit import Unit

ALL: Final = "*"


class BadCommandError(ValueError):
    """A line that means nothing; its text says why."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A word and what it does."""

    usage: str
    help: str
    least: int
    run: Callable[[Plant, list[str]], Awaitable[str]]


async def run(plant: Plant, line: str) -> str:
    """Carry out a line and return what to say. Raises ``BadCommandError``."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise BadCommandError(str(error)) from error
    if not words:
        return ""
    command = COMMANDS.get(words[0])
    if command is None:
        raise BadCommandError(f"there is no {words[0]}; try help")
    if len(words) - 1 < command.least:
        raise BadCommandError(f"usage: {command.usage}")
    try:
        return await command.run(plant, words[1:])
    except (ValueError, InvalidOperation) as error:
        if isinstance(error, BadCommandError):
            raise
        raise BadCommandError(f"usage: {command.usage} ({error})") from error


async def serve(plant: Plant, host: str, port: int) -> asyncio.Server:
    """Listen for lines; an answer ends with an empty line."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client, line by line."""
        try:
            while line := await reader.readline():
                try:
                    said = await run(plant, line.decode(errors="replace"))
                except BadCommandError as error:
                    said = f"error: {error}"
                writer.write(f"{said}\n\n".encode())
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(talk, host, port)


def _gateway(plant: Plant, word: str) -> Gateway:
    """Return the gateway that a word means."""
    if word.isdigit() and 1 <= int(word) <= len(plant.gateways):
        return plant.gateways[int(word) - 1]
    for gateway in plant.gateways:
        if gateway.name.casefold() == word.casefold():
            return gateway
    raise BadCommandError(f"there is no gateway {word}")


def _units(gateway: Gateway, word: str) -> list[Unit]:
    """Return the units that a word means."""
    if word == ALL:
        return list(gateway.units.values())
    if word.isdigit() and int(word) in gateway.units:
        return [gateway.units[int(word)]]
    raise BadCommandError(f"{gateway.name} has no unit {word}")


def _faults(plant: Plant, words: list[str]) -> Faults:
    """Return the faults of the unit, or of the gateway, that the first two words mean."""
    gateway = _gateway(plant, words[0])
    return gateway.faults if words[1] == ALL else _units(gateway, words[1])[0].faults


def _is_on(words: list[str], place: int) -> bool:
    """Read a word that is on or off; on where it is missing."""
    word = words[place] if len(words) > place else "on"
    if word not in ("on", "off"):
        raise BadCommandError(f"{word} is neither on nor off")
    return word == "on"


async def _help(plant: Plant, words: list[str]) -> str:
    """Say what there is."""
    del plant, words
    width = max(len(command.usage) for command in COMMANDS.values())
    return "\n".join(f"{command.usage:{width}}  {command.help}" for command in COMMANDS.values())


async def _list(plant: Plant, words: list[str]) -> str:
    """Say which gateways and devices there are."""
    del words
    lines = []
    for number, gateway in enumerate(plant.gateways, 1):
        lines.append(f"{number} {gateway.name}: {gateway.device or f'{plant.host}:{gateway.port}'}")
        lines += [f"  {address}: {', '.join(unit.sections)}" for address, unit in sorted(gateway.units.items())]
    return "\n".join(lines)


async def _stats(plant: Plant, words: list[str]) -> str:
    """Say what has passed."""
    del words
    return "\n".join(
        f"{number} {gateway.name}: {stats.transactions} transactions, {stats.unanswered} unanswered, "
        f"{stats.exceptions} exceptions, {stats.request_bytes}+{stats.response_bytes} bytes, {stats.wire_time:.3f} s"
        for number, gateway in enumerate(plant.gateways, 1)
        for stats in (gateway.stats,)
    )


async def _silent(plant: Plant, words: list[str]) -> str:
    """Let a unit say nothing."""
    _faults(plant, words).silent = _is_on(words, 2)
    return "ok"


async def _slow(plant: Plant, words: list[str]) -> str:
    """Let a unit take its time."""
    _faults(plant, words).delay = float(words[2])
    return "ok"


async def _busy(plant: Plant, words: list[str]) -> str:
    """Let a unit be busy for a while."""
    _faults(plant, words).busy_until = asyncio.get_running_loop().time() + float(words[2])
    return "ok"


async def _exception(plant: Plant, words: list[str]) -> str:
    """Let a unit refuse addresses."""
    code, first, last = (int(word, 0) for word in (*words[2:5], *("0", "0xFFFF")[len(words) - 3 :]))
    faults = _faults(plant, words)
    if code == 0:
        faults.exceptions.clear()
    else:
        faults.exceptions.append(ExceptionOn(code=code, first=first, last=last))
    return "ok"


def _count(words: list[str], place: int) -> int:
    """Read how many of the next answers are meant: a number, on or off; one where it is missing."""
    word = words[place] if len(words) > place else "1"
    return {"on": FOREVER, "off": 0}[word] if word in ("on", "off") else int(word)


def _counted(kind: str) -> Callable[[Plant, list[str]], Awaitable[str]]:
    """Return what sets a fault of the next answers."""

    async def set_count(plant: Plant, words: list[str]) -> str:
        """Spoil so many answers."""
        setattr(_faults(plant, words), kind, _count(words, 2))
        return "ok"

    return set_count


async def _refuse_writes(plant: Plant, words: list[str]) -> str:
    """Refuse the next writes."""
    faults = _faults(plant, words)
    faults.refusal, faults.refuse_writes = int(words[2], 0), _count(words, 3)
    return "ok"


async def _lose(plant: Plant, words: list[str]) -> str:
    """Lose the next writes, or the answers to them."""
    if words[2] not in ("before", "after"):
        raise BadCommandError(f"{words[2]} is neither before nor after")
    setattr(_faults(plant, words), f"lose_{words[2]}", _count(words, 3))
    return "ok"


def _each(act: Callable[[Unit, list[str]], None]) -> Callable[[Plant, list[str]], Awaitable[str]]:
    """Return what does something to each unit that is meant; ``act`` gets the words behind the unit's."""

    async def do(plant: Plant, words: list[str]) -> str:
        """Do it; what cannot be done says why."""
        for unit in _units(_gateway(plant, words[0]), words[1]):
            try:
                act(unit, words[2:])
            except ValueError as error:
                raise BadCommandError(f"unit {unit.address}: {error}") from error
        return "ok"

    return do


def _trip(unit: Unit, words: list[str]) -> None:
    """Trip a breaker."""
    unit.trip(*words[:1])


def _hand(unit: Unit, words: list[str]) -> None:
    """Turn something by hand."""
    unit.hand(words[0], words[1])


def _input(unit: Unit, words: list[str]) -> None:
    """Set a digital input."""
    unit.set_input(int(words[0]), on=_is_on(words, 1))


def _alarm(unit: Unit, words: list[str]) -> None:
    """Raise an alarm, or end it."""
    unit.alarm(words[0], on=_is_on(words, 1))


def _link_error(unit: Unit, words: list[str]) -> None:
    """Let a link fail, or work."""
    unit.link_error(int(words[0]), on=_is_on(words, 1))


def _clock(unit: Unit, words: list[str]) -> None:
    """Set the clock wrong."""
    unit.set_clock_offset(float(words[0]))


def _stuck(unit: Unit, words: list[str]) -> None:
    """Let the mechanism be stuck, or move."""
    unit.faults.stuck = _is_on(words, 0)


def _slow_mechanism(unit: Unit, words: list[str]) -> None:
    """Let states follow late."""
    unit.faults.mechanism_delay = float(words[0])


async def _freeze(plant: Plant, words: list[str]) -> str:
    """Let values stand still."""
    for unit in _units(_gateway(plant, words[0]), words[1]):
        unit.freeze(frozen=_is_on(words, 2))
    return "ok"


def _done(changes: Iterable[list[str]]) -> str:
    """Say which indexes were changed."""
    lines = [line for change in changes for line in change]
    if not lines:
        raise BadCommandError("there is no such index")
    return "\n".join(lines)


async def _reset(plant: Plant, words: list[str]) -> str:
    """Set indexes to 0."""
    key = words[2] if len(words) > 2 else None  # noqa: PLR2004
    return _done(unit.reset(key) for unit in _units(_gateway(plant, words[0]), words[1]))


async def _roll_over(plant: Plant, words: list[str]) -> str:
    """Set indexes just below their rollover."""
    key = words[2] if len(words) > 2 else None  # noqa: PLR2004
    below = Decimal(words[3]) if len(words) > 3 else None  # noqa: PLR2004
    return _done(unit.roll_over(key, below=below) for unit in _units(_gateway(plant, words[0]), words[1]))


async def _drop(plant: Plant, words: list[str]) -> str:
    """Break connections."""
    plant.drop(_gateway(plant, words[0]))
    return "ok"


async def _refuse(plant: Plant, words: list[str]) -> str:
    """Refuse connections."""
    await plant.refuse(_gateway(plant, words[0]), refuse=_is_on(words, 1))
    return "ok"


async def _clear(plant: Plant, words: list[str]) -> str:
    """Take all faults away."""
    gateway = _gateway(plant, words[0])
    word = words[1] if len(words) > 1 else ALL
    if word == ALL:
        gateway.faults.clear()
        await plant.refuse(gateway, refuse=False)
    for unit in _units(gateway, word):
        unit.clear()
    return "ok"


async def _advance(plant: Plant, words: list[str]) -> str:
    """Let time pass at once."""
    plant.advance(float(words[0]))
    return plant.installation.now.isoformat(sep=" ", timespec="seconds")


async def _limit(plant: Plant, words: list[str]) -> str:
    """Limit what a car draws."""
    node = plant.installation.nodes.get(words[0])
    if not isinstance(node, Load):
        raise BadCommandError(f"there is no load {words[0]}")
    node.limit = None if words[1] == "off" else float(words[1])
    return "ok"


COMMANDS: Final[Mapping[str, Command]] = {
    "help": Command(usage="help", help="this list", least=0, run=_help),
    "list": Command(usage="list", help="gateways and devices", least=0, run=_list),
    "stats": Command(usage="stats", help="what has passed each line", least=0, run=_stats),
    "silent": Command(usage="silent GATEWAY UNIT [on|off]", help="does not answer", least=2, run=_silent),
    "slow": Command(usage="slow GATEWAY UNIT SECONDS", help="answers so much later", least=3, run=_slow),
    "busy": Command(usage="busy GATEWAY UNIT SECONDS", help="answers exception 06 for so long", least=3, run=_busy),
    "exception": Command(
        usage="exception GATEWAY UNIT CODE [FIRST LAST]",
        help="answers with an exception where these addresses are touched; code 0 ends it",
        least=3,
        run=_exception,
    ),
    "length": Command(
        usage="length GATEWAY UNIT [COUNT|on|off]",
        help="the next answers lack a word",
        least=2,
        run=_counted("wrong_length"),
    ),
    "transaction": Command(
        usage="transaction GATEWAY UNIT [COUNT|on|off]",
        help="the next answers carry another number",
        least=2,
        run=_counted("wrong_transaction"),
    ),
    "garbage": Command(
        usage="garbage GATEWAY UNIT [COUNT|on|off]",
        help="the next answers hold arbitrary words",
        least=2,
        run=_counted("garbage"),
    ),
    "freeze": Command(usage="freeze GATEWAY UNIT [on|off]", help="values stand still", least=2, run=_freeze),
    "reset": Command(usage="reset GATEWAY UNIT [KEY]", help="indexes begin again at 0", least=2, run=_reset),
    "rollover": Command(
        usage="rollover GATEWAY UNIT [KEY [BELOW]]",
        help="indexes stand just below their rollover",
        least=2,
        run=_roll_over,
    ),
    "drop": Command(usage="drop GATEWAY", help="breaks all connections", least=1, run=_drop),
    "refuse": Command(usage="refuse GATEWAY [on|off]", help="accepts no connection", least=1, run=_refuse),
    "refuse_writes": Command(
        usage="refuse_writes GATEWAY UNIT CODE [COUNT|on|off]",
        help="the next writes are answered with an exception, reads are not",
        least=3,
        run=_refuse_writes,
    ),
    "lose": Command(
        usage="lose GATEWAY UNIT before|after [COUNT|on|off]",
        help="the next writes are lost before they are done; or done, and their answers are lost",
        least=3,
        run=_lose,
    ),
    "stuck": Command(
        usage="stuck GATEWAY UNIT [on|off]", help="takes commands and does nothing", least=2, run=_each(_stuck)
    ),
    "slow_mechanism": Command(
        usage="slow_mechanism GATEWAY UNIT SECONDS",
        help="states follow commands so much later, in the plant's time",
        least=3,
        run=_each(_slow_mechanism),
    ),
    "trip": Command(usage="trip GATEWAY UNIT [STATE]", help="a breaker trips", least=2, run=_each(_trip)),
    "hand": Command(
        usage="hand GATEWAY UNIT STATE WORD",
        help="somebody turns it by hand: open, closed, on, off, a choice's word",
        least=4,
        run=_each(_hand),
    ),
    "input": Command(usage="input GATEWAY UNIT N [on|off]", help="a digital input", least=3, run=_each(_input)),
    "alarm": Command(
        usage="alarm GATEWAY UNIT KEY [on|off]", help="an alarm of the device", least=3, run=_each(_alarm)
    ),
    "link_error": Command(
        usage="link_error GATEWAY UNIT N [on|off]",
        help="a link to another module fails",
        least=3,
        run=_each(_link_error),
    ),
    "clock": Command(
        usage="clock GATEWAY UNIT OFFSET_SECONDS",
        help="the device's clock is so much ahead of the plant's time",
        least=3,
        run=_each(_clock),
    ),
    "plug": Command(
        usage="plug STATION [need_kwh=20] [current=32] [phases=3] [pauses=600/60] [ignores_pilot=on] ...",
        help="puts a car there; also card, reaction (s)",
        least=1,
        run=plug,
    ),
    "unplug": Command(usage="unplug STATION", help="takes the car away", least=1, run=unplug),
    "fault": Command(
        usage="fault STATION [ALARM] [on|off]", help="a station fails, by its first alarm", least=1, run=fault
    ),
    "clear": Command(usage="clear GATEWAY [UNIT]", help="ends all faults", least=1, run=_clear),
    "advance": Command(usage="advance SECONDS", help="lets time pass at once", least=1, run=_advance),
    "limit": Command(usage="limit CAR AMPERES|off", help="limits what a car draws per phase", least=2, run=_limit),
}
"""Every word."""
