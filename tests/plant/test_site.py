"""The whole plant over real TCP, with the client that Home Assistant uses."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from modbus_connection import ModbusSerialParams
from modbus_connection.exceptions import (
    IllegalDataAddressError,
    IllegalFunctionError,
    ModbusConnectionError,
    ModbusError,
    ModbusExceptionError,
    ModbusTimeoutError,
)
from modbus_connection.tmodbus import ModbusConnection

from custom_components.legrand_ews.catalog import OUTCOMES, Space, Verb
from plant.faults import FOREVER, ExceptionOn
from plant.line import Mode, Timing, read_response_bytes
from plant.scenario import DeviceSpec, GatewaySpec, Scenario, load_scenario
from plant.site import Plant

from .support import FLOWS, MONDAY, TREE, catalog, client, decoded, state_word

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from custom_components.legrand_ews.catalog import Command, Register
    from plant.gateway import Gateway
    from plant.image import Section
    from plant.unit import Unit

pytestmark = pytest.mark.usefixtures("socket_enabled")

METER = 0x1000
"""Where the block of a 4 120 45 begins."""
SMALL = Scenario(
    name="small",
    tree=TREE,
    flows=FLOWS,
    gateways=(
        GatewaySpec(
            name="one",
            devices=(
                DeviceSpec(name="Mains", model="412045", address=1, at="mains"),
                DeviceSpec(name="Panel", model="412045", address=2, at="panel"),
            ),
        ),
        GatewaySpec(name="two", port=1, devices=(DeviceSpec(name="Sun", model="412045", address=1, at="sun"),)),
    ),
)
QUICK = Timing(timeout=0.05)


def plant_of(scenario: Scenario | str = SMALL, timing: Timing = QUICK, speed: float = 0.0) -> Plant:
    """A plant on free ports whose time stands still."""
    return Plant(scenario, timing=timing, speed=speed, start=MONDAY, catalog=catalog())


@pytest.fixture
async def plant() -> AsyncIterator[Plant]:
    """The small plant."""
    async with plant_of() as small:
        yield small


@pytest.fixture
async def link(plant: Plant) -> AsyncIterator[ModbusConnection]:
    """A client of its first gateway."""
    async with client(plant.gateways[0]) as connection:
        yield connection


async def read_all(connection: ModbusConnection, unit: Unit, section: Section) -> int:
    """Read every measure and state of a device, register by register; return how many had a value."""
    words: dict[Register, list[int]] = {}
    of, profile = connection.for_unit(unit.address), section.profile
    readers = {
        Space.INPUT: of.read_input_registers,
        Space.HOLDING: of.read_holding_registers,
        Space.COIL: of.read_coils,
        Space.DISCRETE: of.read_discrete_inputs,
    }
    states = [state for state in profile.states.values() if section.met(state.valid_if)]
    rows = [part for measure in profile.measures.values() for part in measure.parts]
    rows += [register for state in states for register in (state.register, *state.contacts.values()) if register]
    rows += [setting.register for setting in profile.settings.values()]
    for register in (*rows, *profile.registers.values()):
        words[register] = [int(word) for word in await readers[register.space](register.address, register.words)]
    values = [decoded(profile, measure, words.__getitem__) for measure in profile.measures.values()]
    shown = {state.key: state_word(state, words.__getitem__) for state in states}
    assert shown == {state.key: section.mechanism.word(state.key) for state in states}
    return sum(value is not None for value in (*values, *shown.values()))


@pytest.mark.parametrize("name", ["house", "office", "charging"])
async def test_every_device_of_a_scenario_answers(name: str) -> None:
    async with plant_of(name) as plant:
        assert sum(len(gateway.spec.devices) for gateway in plant.gateways) == len(plant.scenario.devices)
        for gateway in plant.gateways:
            assert gateway.port > 0
            async with client(gateway) as connection:
                for device in gateway.spec.devices:
                    unit = gateway.units[device.address]
                    assert await read_all(connection, unit, unit.sections[device.name]) > 0


async def test_every_device_of_the_largest_scenario_answers() -> None:
    async with plant_of("max") as plant:
        assert len(plant.gateways) == 8
        for gateway in plant.gateways:
            async with client(gateway) as connection:
                for address, unit in gateway.units.items():
                    section = next(iter(unit.sections.values()))
                    register = section.profile.measures["energy_import"].parts[0]
                    words = await connection.for_unit(address).read_holding_registers(register.address, register.words)
                    assert any(words)


async def test_meters_of_parent_and_children_agree_over_the_wire(plant: Plant) -> None:
    plant.advance(600)
    async with client(plant.gateways[0]) as one, client(plant.gateways[1]) as two:
        powers = []
        for connection, unit in ((one, 1), (one, 2), (two, 1)):
            words = await connection.for_unit(unit).read_holding_registers(METER + 0x14, 7)
            sign = -1 if words[6] else 1
            powers.append(sign * ((words[0] << 16) + words[1]) / 100)
    mains, panel, sun = powers
    compressor = plant.installation.nodes["compressor"].power[3] / 1000
    assert mains == pytest.approx(panel + sun + compressor, abs=0.03)


async def test_time_passes_by_itself() -> None:
    async with plant_of(speed=1000.0) as plant:
        before = plant.installation.now
        changed = asyncio.Event()
        plant.installation.on_quarter.append(changed.set)
        await asyncio.wait_for(changed.wait(), 10)
        assert plant.installation.now > before


async def test_missing_addresses_functions_and_units(plant: Plant, link: ModbusConnection) -> None:
    with pytest.raises(IllegalDataAddressError):
        await link.for_unit(1).read_holding_registers(0x5000, 2)
    with pytest.raises(ModbusExceptionError) as refused:
        await link.for_unit(1).read_exception_status()
    assert refused.value.exception_code == 1
    with pytest.raises(ModbusExceptionError) as unanswered:
        await link.for_unit(77).read_holding_registers(METER, 2)
    assert unanswered.value.exception_code == 0x0B
    assert plant.gateways[0].stats.unanswered == 1
    assert await link.for_unit(1).read_holding_registers(METER, 2)


async def test_writes_are_taken_and_refused(link: ModbusConnection) -> None:
    unit = link.for_unit(1)
    await unit.write_registers(0x220A, [2])
    await unit.write_registers(0x106F, [1])
    assert await unit.read_holding_registers(0x106F, 1) == [1]
    with pytest.raises(IllegalFunctionError):
        await unit.write_register(0x106F, 0)
    await unit.write_registers(0x200B, [3])
    assert await unit.read_holding_registers(0x200B, 1) == [3]
    with pytest.raises(IllegalDataAddressError):
        await unit.write_register(METER, 1)


async def test_a_silent_unit_does_not_answer_and_the_others_do(plant: Plant, link: ModbusConnection) -> None:
    plant.unit("Panel").faults.silent = True
    with pytest.raises(ModbusExceptionError) as unanswered:
        await link.for_unit(2).read_holding_registers(METER, 2)
    assert unanswered.value.exception_code == 0x0B
    assert await link.for_unit(1).read_holding_registers(METER, 2)
    plant.unit("Panel").faults.silent = False
    assert await link.for_unit(2).read_holding_registers(METER, 2)


async def test_a_gateway_that_does_not_report_silence() -> None:
    async with plant_of(timing=Timing(timeout=0.05, reports_silence=False)) as plant:
        plant.gateways[0].faults.silent = True
        async with client(plant.gateways[0], timeout=0.2) as connection:
            with pytest.raises(ModbusTimeoutError):
                await connection.for_unit(1).read_holding_registers(METER, 2)


async def test_exceptions_on_addresses(plant: Plant, link: ModbusConnection) -> None:
    plant.gateways[0].units[1].faults.exceptions.append(ExceptionOn(code=4, first=METER + 10, last=METER + 11))
    assert len(await link.for_unit(1).read_holding_registers(METER, 10)) == 10
    with pytest.raises(ModbusExceptionError) as refused:
        await link.for_unit(1).read_holding_registers(METER, 11)
    assert refused.value.exception_code == 4
    assert plant.gateways[0].stats.exceptions == 1
    assert await link.for_unit(2).read_holding_registers(METER, 11)


async def test_busy(plant: Plant, link: ModbusConnection) -> None:
    faults = plant.gateways[0].faults
    faults.busy_until = asyncio.get_running_loop().time() + 60
    asyncio.get_running_loop().call_later(0.1, faults.clear)
    assert await link.for_unit(1).read_holding_registers(METER, 2)
    assert plant.gateways[0].stats.exceptions >= 1


async def test_wrong_length(plant: Plant, link: ModbusConnection) -> None:
    plant.gateways[0].units[1].faults.wrong_length = 1
    with pytest.raises(ModbusError):
        await link.for_unit(1).read_holding_registers(METER, 4)
    assert len(await link.for_unit(1).read_holding_registers(METER, 4)) == 4


async def test_wrong_transaction(plant: Plant) -> None:
    async with client(plant.gateways[0], timeout=0.2) as connection:
        plant.gateways[0].units[1].faults.wrong_transaction = 1
        with pytest.raises(ModbusError):
            await connection.for_unit(1).read_holding_registers(METER, 4)
        assert len(await connection.for_unit(1).read_holding_registers(METER, 4)) == 4


async def test_garbage(plant: Plant, link: ModbusConnection) -> None:
    good = await link.for_unit(1).read_holding_registers(METER, 6)
    plant.gateways[0].units[1].faults.garbage = 1
    assert await link.for_unit(1).read_holding_registers(METER, 6) != good
    assert await link.for_unit(1).read_holding_registers(METER, 6) == good


async def test_slow(plant: Plant) -> None:
    async with client(plant.gateways[0], timeout=0.1) as connection:
        plant.gateways[0].units[1].faults.delay = 0.3
        with pytest.raises(ModbusTimeoutError):
            await connection.for_unit(1).read_holding_registers(METER, 2)
    async with client(plant.gateways[0]) as connection:
        begin = time.monotonic()
        assert await connection.for_unit(1).read_holding_registers(METER, 2)
        assert time.monotonic() - begin >= 0.3


async def test_a_late_answer_carries_the_number_of_its_request(plant: Plant) -> None:
    gateway = plant.gateways[0]
    gateway.units[1].faults.delay = 0.2
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    for number, unit in ((7, 1), (8, 2)):
        writer.write(bytes([0, number, 0, 0, 0, 6, unit, 3, 0x10, 0, 0, 2]))
    first, second = await reader.readexactly(13), await reader.readexactly(13)
    assert (first[1], first[6], second[1], second[6]) == (8, 2, 7, 1)
    writer.close()


async def test_requests_come_in_any_pieces(plant: Plant) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", plant.gateways[0].port)
    frames = b"".join(bytes([0, number, 0, 0, 0, 6, 1, 3, 0x10, 0, 0, 2]) for number in (1, 2, 3))
    for place in range(0, len(frames), 7):
        writer.write(frames[place : place + 7])
        await writer.drain()
        await asyncio.sleep(0)
    answers = await reader.readexactly(3 * 13)
    assert [answers[place + 1] for place in (0, 13, 26)] == [1, 2, 3]
    writer.write(bytes([0, 9, 0, 0, 0, 2, 1, 0x63]))
    assert await reader.readexactly(9) == bytes([0, 9, 0, 0, 0, 3, 1, 0xE3, 1])
    writer.close()


async def test_frozen_values(plant: Plant, link: ModbusConnection) -> None:
    plant.unit("Mains").freeze()
    before = await link.for_unit(1).read_holding_registers(METER, 20)
    other = await link.for_unit(2).read_holding_registers(METER, 20)
    plant.advance(60)
    assert await link.for_unit(1).read_holding_registers(METER, 20) == before
    assert await link.for_unit(2).read_holding_registers(METER, 20) != other


async def test_reset_and_rollover(plant: Plant, link: ModbusConnection) -> None:
    panel = plant.unit("Panel")
    panel.reset("energy_import")
    assert await link.for_unit(2).read_holding_registers(METER + 0x1C, 2) == [0, 0]
    panel.roll_over("energy_import")
    assert await link.for_unit(2).read_holding_registers(METER + 0x1C, 2) == [0xFFFF, 0xFFFD]
    plant.advance(3600)
    high, low = await link.for_unit(2).read_holding_registers(METER + 0x1C, 2)
    assert high == 0
    assert low < 2000


async def test_dropped_connections_come_back(plant: Plant) -> None:
    gateway = plant.gateways[0]
    async with client(gateway) as connection:
        lost = asyncio.Event()
        connection.for_unit(1).on_connection_lost(lost.set)
        assert await connection.for_unit(1).read_holding_registers(METER, 2)
        plant.drop(gateway)
        await asyncio.wait_for(lost.wait(), 2)
    async with client(gateway) as connection:
        assert await connection.for_unit(1).read_holding_registers(METER, 2)


async def test_a_connection_dropped_amid_a_request(plant: Plant) -> None:
    gateway = plant.gateways[0]
    gateway.faults.delay = 30
    asyncio.get_running_loop().call_later(0.1, plant.drop, gateway)
    async with client(gateway, timeout=10) as connection:
        with pytest.raises(ModbusConnectionError):
            await connection.for_unit(1).read_holding_registers(METER, 2)
    assert gateway.stats.transactions == 1


async def test_refused_connections(plant: Plant) -> None:
    gateway = plant.gateways[0]
    port = gateway.port
    await plant.refuse(gateway)
    with pytest.raises(ModbusConnectionError):
        async with client(gateway):
            pass
    await plant.refuse(gateway, refuse=False)
    await plant.refuse(gateway, refuse=False)
    assert gateway.port == port
    async with client(gateway) as connection:
        assert await connection.for_unit(1).read_holding_registers(METER, 2)


async def test_a_taken_port_is_an_error(plant: Plant) -> None:
    other = Plant(SMALL, base_port=plant.gateways[0].port, speed=0, catalog=catalog())
    with pytest.raises(OSError, match="cannot listen"):
        await other.__aenter__()


async def test_names(plant: Plant) -> None:
    assert plant.gateway("two") is plant.gateway(1) is plant.gateways[1]
    assert plant.unit("Sun") is plant.gateways[1].units[1]
    with pytest.raises(KeyError):
        plant.unit("Moon")


async def test_scenarios_load_their_own_maps() -> None:
    async with Plant(load_scenario("house"), speed=0, start=MONDAY) as plant:
        assert plant.unit("Gas").sections["Gas"].profile.id == "plant_concentrator_12"


async def wire_time(gateway: Gateway, connection: ModbusConnection, reads: int, words: int) -> float:
    """Read so often and return how long it took, in s."""
    begin = time.monotonic()
    for _ in range(reads):
        await connection.for_unit(1).read_holding_registers(METER, words)
    assert gateway.stats.transactions == reads
    return time.monotonic() - begin


async def test_rtu_takes_the_time_of_its_bytes() -> None:
    timing = Timing(mode=Mode.RTU)
    async with plant_of(timing=timing) as plant, client(plant.gateways[0]) as connection:
        gateway = plant.gateways[0]
        taken = await wire_time(gateway, connection, reads=12, words=60)
        computed = 12 * timing.transaction(8, read_response_bytes(60))
        assert gateway.stats.wire_time == pytest.approx(computed)
        assert (gateway.stats.request_bytes, gateway.stats.response_bytes) == (12 * 8, 12 * 125)
        assert computed == pytest.approx(0.974, abs=0.001)
        assert computed * 0.95 <= taken <= computed * 1.5


async def test_rtu_has_one_transaction_at_a_time() -> None:
    timing = Timing(mode=Mode.RTU, turnaround=0.05)
    async with plant_of(timing=timing) as plant, client(plant.gateways[0]) as one, client(plant.gateways[0]) as two:
        begin = time.monotonic()
        await asyncio.gather(*(link.for_unit(1).read_holding_registers(METER, 2) for link in (one, two)))
        assert time.monotonic() - begin >= 2 * timing.transaction(8, 9) * 0.95


async def test_rtu_waits_for_a_silent_unit() -> None:
    timing = Timing(mode=Mode.RTU, timeout=0.1)
    async with plant_of(timing=timing) as plant, client(plant.gateways[0]) as connection:
        plant.unit("Mains").faults.silent = True
        with pytest.raises(ModbusExceptionError):
            await connection.for_unit(1).read_holding_registers(METER, 2)
        assert plant.gateways[0].stats.wire_time == pytest.approx(0.1 + timing.duration(8))


def of_kind(kind: str) -> Scenario:
    """One meter behind another kind of link."""
    device = DeviceSpec(name="Mains", model="412045", address=1, at="mains")
    return Scenario(name="small", tree=TREE, gateways=(GatewaySpec(name="one", kind=kind, devices=(device,)),))


async def check_serial(plant: Plant, device: str) -> None:
    """Read through a serial client, a silent unit in between."""
    gateway = plant.gateways[0]
    params = ModbusSerialParams(device=device, baudrate=19200, parity="E", stopbits=1)
    connection = ModbusConnection(params, timeout=0.3)
    await connection.connect()
    try:
        words = await connection.for_unit(1).read_holding_registers(METER, 10)
        assert words == gateway.units[1].read(3, METER, 10)
        with pytest.raises(ModbusTimeoutError):
            await connection.for_unit(9).read_holding_registers(METER, 10)
        assert await connection.for_unit(1).read_holding_registers(METER, 10) == words
        gateway.faults.garbage = FOREVER
        assert await connection.for_unit(1).read_holding_registers(METER, 10) != words
    finally:
        await connection.close()


async def test_rtu_frames_over_tcp() -> None:
    async with plant_of(of_kind("rtu_tcp")) as plant:
        await check_serial(plant, f"socket://127.0.0.1:{plant.gateways[0].port}")


async def test_a_serial_line() -> None:
    async with plant_of(of_kind("serial")) as plant:
        assert plant.gateways[0].device.startswith("/dev/")
        await check_serial(plant, plant.gateways[0].device)
        plant.drop(plant.gateways[0])
        await plant.refuse(plant.gateways[0])
        await plant.refuse(plant.gateways[0], refuse=False)
        plant.gateways[0].faults.clear()
        await check_serial(plant, plant.gateways[0].device)


@pytest.mark.parametrize("name", ["house", "office", "charging"])
async def test_every_command_of_a_scenario_is_obeyed(name: str) -> None:
    async with plant_of(name) as plant:
        obeyed = 0
        for gateway in plant.gateways:
            async with client(gateway) as connection:
                for unit in gateway.units.values():
                    for section in unit.sections.values():
                        for command in section.profile.commands.values():
                            if section.met(command.valid_if):
                                await order(connection, unit, command)
                                wanted = OUTCOMES.get((section.mechanism.parts[command.state].kind, command.verb), "on")
                                assert section.mechanism.word(command.state) == wanted
                                obeyed += 1
        assert obeyed >= {"house": 2, "office": 20, "charging": 20}[name]


async def test_a_limit_over_the_wire_moves_the_mains() -> None:
    async with plant_of("charging") as plant, client(plant.gateways[0]) as connection:
        bay = plant.station("Bay 1")
        plant.advance(60)
        assert bay.charge_word() == "charging"
        before = plant.installation.root.power[3]
        await connection.for_unit(11).write_register(0x6100, 60)
        plant.advance(1)
        assert await connection.for_unit(11).read_holding_registers(0x6010, 3) == [600, 600, 600]
        assert before - plant.installation.root.power[3] > 15_000_000
        plant.unit("Bay 1").faults.silent = True
        with pytest.raises(ModbusExceptionError):
            await connection.for_unit(11).write_register(0x6100, 0)
        assert bay.limit == 6
        with pytest.raises(KeyError):
            plant.station("Main meter")


async def order(connection: ModbusConnection, unit: Unit, command: Command) -> None:
    """Send the writes of a command as the map says."""
    of = connection.for_unit(unit.address)
    for write in command.writes:
        if write.space is Space.COIL:
            bits = [bool(value) for value in write.values]
            await (of.write_coil(write.address, bits[0]) if write.single else of.write_coils(write.address, bits))
        elif write.single:
            await of.write_register(write.address, write.values[0])
        else:
            await of.write_registers(write.address, list(write.values))


@pytest.mark.parametrize(("when", "expected"), [("lose_before", "on"), ("lose_after", "off")])
async def test_lost_writes(when: str, expected: str) -> None:
    async with plant_of("house", timing=Timing(timeout=0.01)) as plant:
        unit = plant.unit("Water heater contactor")
        opens = unit.sections["Water heater contactor"].profile.commands["contactor", Verb.OPEN]
        setattr(unit.faults, when, 1)
        async with client(plant.gateways[0]) as connection:
            with pytest.raises(ModbusExceptionError) as unanswered:
                await order(connection, unit, opens)
            assert unanswered.value.exception_code == 0x0B
            assert unit.mechanism.word("contactor") == expected
            await order(connection, unit, opens)
        assert unit.mechanism.word("contactor") == "off"


async def test_refused_writes_change_nothing_and_reads_go_on() -> None:
    async with plant_of("house") as plant:
        unit = plant.unit("Water heater contactor")
        section = unit.sections["Water heater contactor"]
        unit.faults.refusal, unit.faults.refuse_writes = 4, 1
        async with client(plant.gateways[0]) as connection:
            assert await read_all(connection, unit, section) == 2
            with pytest.raises(ModbusExceptionError) as refused:
                await order(connection, unit, section.profile.commands["contactor", Verb.OPEN])
            assert refused.value.exception_code == 4
        assert unit.mechanism.word("contactor") == "on"
