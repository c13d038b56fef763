"""Faults by words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from plant.control import COMMANDS, BadCommandError, run, serve
from plant.electrical import Load
from plant.faults import FOREVER, ExceptionOn, Faults
from plant.scenario import DeviceSpec, GatewaySpec, Scenario
from plant.site import Plant

from .support import MONDAY, TREE, catalog, client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.usefixtures("socket_enabled")

SCENARIO = Scenario(
    name="small",
    tree=TREE,
    gateways=(
        GatewaySpec(
            name="Main board",
            devices=(
                DeviceSpec(name="Mains", model="412045", address=1, at="mains"),
                DeviceSpec(name="Panel", model="004683", address=2, at="panel"),
                DeviceSpec(name="Breaker", model="414930", address=3, at="panel"),
                DeviceSpec(name="Signals", model="026136", address=4, at="panel"),
                DeviceSpec(name="Interface", model="414940", address=5, at="panel"),
            ),
        ),
    ),
)


@pytest.fixture
async def plant() -> AsyncIterator[Plant]:
    """A plant with two meters."""
    async with Plant(SCENARIO, speed=0, start=MONDAY, catalog=catalog()) as small:
        yield small


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("silent 1 2", Faults(silent=True)),
        ("silent 1 2 off", Faults()),
        ("slow 'main board' 2 1.5", Faults(delay=1.5)),
        ("exception 1 2 4", Faults(exceptions=[ExceptionOn(code=4)])),
        ("exception 1 2 3 0x1000 0x1010", Faults(exceptions=[ExceptionOn(code=3, first=0x1000, last=0x1010)])),
        ("exception 1 2 3 7", Faults(exceptions=[ExceptionOn(code=3, first=7)])),
        ("exception 1 2 0", Faults()),
        ("length 1 2", Faults(wrong_length=1)),
        ("transaction 1 2 3", Faults(wrong_transaction=3)),
        ("garbage 1 2 on", Faults(garbage=FOREVER)),
        ("garbage 1 2 off", Faults()),
        ("refuse_writes 1 2 4", Faults(refusal=4, refuse_writes=1)),
        ("refuse_writes 1 2 0x03 on", Faults(refusal=3, refuse_writes=FOREVER)),
        ("lose 1 2 before", Faults(lose_before=1)),
        ("lose 1 2 after 3", Faults(lose_after=3)),
        ("stuck 1 2", Faults(stuck=True)),
        ("stuck 1 2 off", Faults()),
        ("slow_mechanism 1 2 4.5", Faults(mechanism_delay=4.5)),
    ],
)
async def test_words_set_faults(plant: Plant, line: str, expected: Faults) -> None:
    assert await run(plant, line) == "ok"
    assert plant.unit("Panel").faults == expected
    assert plant.unit("Mains").faults == Faults()


async def test_faults_of_all_behind_a_gateway(plant: Plant) -> None:
    await run(plant, "busy 1 * 30")
    left = plant.gateways[0].faults.busy_until - asyncio.get_running_loop().time()
    assert 29 < left <= 30
    assert plant.unit("Panel").faults == Faults()


async def test_values_stand_still_and_indexes_change(plant: Plant) -> None:
    await run(plant, "freeze 1 *")
    assert plant.unit("Mains").frozen
    assert plant.unit("Panel").frozen
    await run(plant, "freeze 1 1 off")
    assert not plant.unit("Mains").frozen
    assert "Panel: energy_import" in (await run(plant, "reset 1 2")).splitlines()
    assert await run(plant, "rollover 1 1 energy_import 50") == "Mains: energy_import"
    assert plant.unit("Mains").read(3, 0x101C, 2) == [0xFFFF, 0xFFFB]
    with pytest.raises(BadCommandError, match="no such index"):
        await run(plant, "reset 1 2 colour")


async def test_all_is_well_again(plant: Plant) -> None:
    before = plant.unit("Panel").sections["Panel"].value("energy_import")
    for line in ("silent 1 *", "silent 1 2", "freeze 1 2", "reset 1 2", "refuse 1", "clear 1"):
        await run(plant, line)
    assert plant.gateways[0].faults == plant.unit("Panel").faults == Faults()
    assert plant.unit("Panel").sections["Panel"].value("energy_import") == before
    assert not plant.unit("Panel").frozen
    async with client(plant.gateways[0]) as connection:
        assert await connection.for_unit(1).read_holding_registers(0x1000, 2)
    assert await run(plant, "stats") == "1 Main board: 1 transactions, 0 unanswered, 0 exceptions, 8+9 bytes, 0.000 s"


async def test_clearing_one_unit_leaves_the_rest(plant: Plant) -> None:
    for line in ("silent 1 1", "silent 1 2", "slow 1 * 1", "clear 1 2"):
        await run(plant, line)
    assert plant.unit("Mains").faults.silent
    assert not plant.unit("Panel").faults.silent
    assert plant.gateways[0].faults.delay == 1


async def test_what_moves_in_devices(plant: Plant) -> None:
    breaker, signals = plant.unit("Breaker").mechanism, plant.unit("Signals").mechanism
    for line in (
        "trip 1 3",
        "alarm 1 3 configuration_error",
        "link_error 1 3 2",
        "clock 1 5 90",
        "input 1 4 8",
        "hand 1 4 output_2 on",
    ):
        assert await run(plant, line) == "ok"
    assert (breaker.word("breaker"), breaker.word("configuration_error")) == ("tripped", "on")
    assert breaker.link_errors == {"link_2"}
    assert plant.unit("Interface").mechanism.clock_offset.total_seconds() == 90
    assert (signals.word("input_8"), signals.word("output_2")) == ("on", "on")
    for line in ("input 1 4 8 off", "link_error 1 3 2 off", "clear 1"):
        assert await run(plant, line) == "ok"
    assert (breaker.word("breaker"), breaker.word("configuration_error")) == ("closed", "off")
    assert (signals.word("input_8"), signals.word("output_2")) == ("off", "on")
    assert not breaker.link_errors
    assert not plant.unit("Interface").mechanism.clock_offset


async def test_doors(plant: Plant) -> None:
    assert await run(plant, "drop 1") == "ok"
    assert await run(plant, "refuse 1") == "ok"
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", plant.gateways[0].port)
    assert await run(plant, "refuse 1 off") == "ok"


async def test_time_and_cars(plant: Plant) -> None:
    assert await run(plant, "advance 90") == "2026-03-02 09:01:30"
    load = plant.installation.nodes["compressor"]
    assert isinstance(load, Load)
    await run(plant, "limit compressor 6")
    assert load.limit == 6
    await run(plant, "limit compressor off")
    assert load.limit is None


async def test_what_there_is(plant: Plant) -> None:
    assert await run(plant, "list") == (
        f"1 Main board: 127.0.0.1:{plant.gateways[0].port}\n"
        "  1: Mains\n  2: Panel\n  3: Breaker\n  4: Signals\n  5: Interface"
    )
    lines = (await run(plant, "help")).splitlines()
    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert await run(plant, "  ") == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("dance", "there is no dance"),
        ("silent 1", "usage: silent"),
        ("silent 7 1", "there is no gateway 7"),
        ("silent 1 9", "Main board has no unit 9"),
        ("silent 1 1 maybe", "neither on nor off"),
        ("slow 1 1 much", "usage: slow"),
        ("rollover 1 1 energy_import much", "usage: rollover"),
        ("limit mains 6", "there is no load mains"),
        ("lose 1 1 never", "neither before nor after"),
        ("lose 1 1 before some", "usage: lose"),
        ("trip 1 4", "unit 4: there is no state breaker"),
        ("hand 1 3 breaker ajar", "unit 3: breaker cannot be ajar"),
        ("input 1 3 1", "unit 3: there is no state input_1"),
        ("alarm 1 3 breaker", "unit 3: breaker"),
        ("link_error 1 3 9", "unit 3: there is no link 9"),
        ("clock 1 3 60", "unit 3: there is no clock"),
        ("silent '1", "No closing quotation"),
    ],
)
async def test_bad_lines_say_why(plant: Plant, line: str, reason: str) -> None:
    with pytest.raises(BadCommandError, match=reason):
        await run(plant, line)


async def test_lines_over_tcp(plant: Plant) -> None:
    server = await serve(plant, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    for line, expected in ((b"silent 1 2\n", b"ok\n\n"), (b"dance\n", b"error: there is no dance; try help\n\n")):
        writer.write(line)
        assert await reader.readuntil(b"\n\n") == expected
    assert plant.unit("Panel").faults.silent
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
