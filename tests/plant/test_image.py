"""Reads return what maps say, and are refused where maps say nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import QUANTITIES, DataType, Profile, Space
from plant.image import Image, Section
from plant.instrument import Fixed, PulseInput, Unconnected
from plant.meter import Meter
from plant.row import ILLEGAL_ADDRESS, ILLEGAL_VALUE, Refused
from plant.terminals import Terminals

from .support import MONDAY, catalog, decoded, installation, profile_of

if TYPE_CHECKING:
    from custom_components.legrand_ews.catalog import Measure, Register
    from plant.instrument import Source, Value

BUILT_IN = sorted(name for name, profile in catalog().profiles.items() if profile.measures)
HOLDING = Space.HOLDING


def fixed(**values: Value) -> Source:
    """A source of these values only."""
    return Fixed(values, Unconnected())


def image_of(source: Source, raw: dict[str, int] | None = None, **fields: Any) -> Image:
    """The memory of a device with this map."""
    return Image([Section(profile=profile_of(**fields), source=source, raw=raw or {})])


def refusal(image: Image, *read: Any) -> int:
    """The code a read is refused with."""
    with pytest.raises(Refused) as refused:
        image.read(*read, 0)
    return refused.value.code


def step_of(measure: Measure, factor: Decimal) -> Decimal:
    """The finest difference a measure can show."""
    return min(part.scale for part in measure.parts) * factor


def check_measure(section: Section, image: Image, measure: Measure, version: object) -> None:
    """A measure read over the wire is the value within the register's resolution."""

    def read(register: Register) -> list[int]:
        return image.read(register.space, register.address, register.words, version)

    shown, value = decoded(section.profile, measure, read), section.value(measure.key)
    factor = section.factor(measure)
    assert factor is not None
    first, step = measure.parts[0], step_of(measure, factor)
    if measure.values or first.type is DataType.BIT:
        assert shown is not None
    elif value is None:
        assert shown in (None, 0, "")
    elif isinstance(value, Decimal):
        wrapped = value if measure.modulus is None else value % (measure.modulus * factor)
        assert isinstance(shown, Decimal)
        assert 0 <= wrapped - shown < step, measure.key
    else:
        assert isinstance(shown, Decimal)
        assert isinstance(value, float)
        expected = value
        if not first.type.signed and measure.sign is None:
            expected = abs(value) if "factor" in measure.key else max(0.0, value)
        floats = first.type in (DataType.F32, DataType.F64)
        slack = abs(expected) * 1e-6 if floats else float(step) * (1.001 if len(measure.parts) > 1 else 0.501)
        assert float(shown) == pytest.approx(expected, abs=slack), measure.key


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("place", ["sockets", "mains"])
def test_every_measure_of_every_map_comes_back(name: str, place: str) -> None:
    profile = replace(catalog().profiles[name], inputs=None)
    plant = installation(start=MONDAY.replace(hour=13))
    meter = Meter(Terminals(plant, plant.nodes[place]), profile.measures)
    section = Section(profile=profile, source=meter)
    image = Image([section])
    for seconds in (0, 1000):
        plant.advance(seconds)
        for measure in profile.measures.values():
            if measure.valid_if is None or section.holds(measure):
                check_measure(section, image, measure, plant.version)


@pytest.mark.parametrize("name", sorted(name for name, profile in catalog().profiles.items() if profile.inputs))
def test_every_input_of_every_concentrator_comes_back(name: str) -> None:
    profile = catalog().profiles[name]
    assert profile.inputs is not None
    plant = installation()
    sections = []
    for position in range(1, profile.inputs.count + 1):
        count = plant.flows["gas"].index + position * 10**15
        source = PulseInput(lambda count=count: count, key="volume", weight=Decimal(10))  # type: ignore[misc]
        sections.append(Section(profile=profile.at_position(position), source=source))
    image = Image(sections)
    for section in sections:
        for measure in section.profile.measures.values():
            check_measure(section, image, measure, 0)


@pytest.mark.parametrize(
    "name", BUILT_IN + sorted(name for name, profile in catalog().profiles.items() if profile.inputs)
)
def test_long_reads_give_the_same_words_as_short_ones(name: str) -> None:
    profile = catalog().profiles[name]
    plant = installation()
    meter = Meter(Terminals(plant, plant.nodes["panel"]), profile.measures)
    sections = [Section(profile=replace(profile, inputs=None), source=meter)]
    if profile.inputs is not None:
        sections += [
            Section(profile=profile.at_position(place), source=meter) for place in range(1, profile.inputs.count + 1)
        ]
    image = Image(sections)
    for space, start, words in profile.read.groups:
        step = 2 if profile.read.byte_addresses else 1
        for begin in range(0, words, profile.read.max_words):
            count = min(profile.read.max_words, words - begin)
            address = start + begin * step
            together = image.read(space, address, count, 0)
            assert together == [image.read(space, address + place * step, 1, 0)[0] for place in range(count)]


@pytest.mark.parametrize("name", BUILT_IN)
def test_probes_are_answered(name: str) -> None:
    profile = catalog().profiles[name]
    image = Image([Section(profile=replace(profile, inputs=None), source=Unconnected())])
    for probe in profile.probes:
        register = probe.register
        words = image.read(register.space, register.address, register.words, 0)
        if probe.equals is not None:
            assert int.from_bytes(b"".join(word.to_bytes(2) for word in words)) == probe.equals
        if probe.starts_with is not None:
            text = b"".join(word.to_bytes(2) for word in words).decode().lower()
            assert text.startswith(probe.starts_with)


def test_byte_addresses_count_bytes() -> None:
    image = image_of(
        fixed(voltage_l1=230.0, voltage_l2=231.5, power=-7.0),
        read={"addresses": "byte", "groups": [{"start": 769, "words": 6}, {"start": 790, "words": 1}]},
        registers={"sign": {"address": 790}},
        measures={
            "voltage_l1": {"address": 769, "type": "u32", "scale": Decimal("0.001")},
            "voltage_l2": {"address": 773, "type": "u32", "scale": Decimal("0.001")},
            "power": {"address": 777, "type": "u32", "sign_from": "sign"},
        },
    )
    assert image.read(HOLDING, 769, 6, 0) == [3, 230000 - 3 * 65536, 3, 231500 - 3 * 65536, 0, 7]
    assert image.read(HOLDING, 773, 2, 0) == [3, 231500 - 3 * 65536]
    assert image.read(HOLDING, 790, 1, 0) == [1]
    assert refusal(image, HOLDING, 770, 2) == ILLEGAL_ADDRESS
    assert refusal(image, HOLDING, 769, 7) == ILLEGAL_ADDRESS


MEASURES = {"power": {"address": 16, "type": "s32"}, "frequency": {"address": 20, "scale": Decimal("0.01")}}
VALUES: dict[str, Value] = {"power": -2.0, "frequency": 50.01}


def test_groups_answer_zero_between_rows_and_nothing_beyond() -> None:
    image = image_of(
        fixed(**VALUES),
        read={"max_words": 8, "groups": [{"start": 16, "words": 8}, {"start": 24, "words": 8}]},
        measures=MEASURES,
    )
    assert image.read(HOLDING, 16, 8, 0) == [0xFFFF, 0xFFFE, 0, 0, 5001, 0, 0, 0]
    assert image.read(HOLDING, 24, 8, 0) == [0] * 8
    assert refusal(image, HOLDING, 20, 8) == ILLEGAL_ADDRESS
    assert refusal(image, HOLDING, 15, 2) == ILLEGAL_ADDRESS
    assert refusal(image, HOLDING, 31, 2) == ILLEGAL_ADDRESS
    assert refusal(image, Space.INPUT, 16, 2) == ILLEGAL_ADDRESS


def test_without_groups_only_rows_are_there() -> None:
    image = image_of(fixed(**VALUES), measures=MEASURES)
    assert image.read(HOLDING, 16, 2, 0) == [0xFFFF, 0xFFFE]
    assert image.read(HOLDING, 17, 1, 0) == [0xFFFE]
    assert refusal(image, HOLDING, 16, 5) == ILLEGAL_ADDRESS
    assert refusal(image, HOLDING, 18, 1) == ILLEGAL_ADDRESS


def test_too_much_at_once_is_refused() -> None:
    image = image_of(fixed(**VALUES), read={"max_words": 4, "groups": [{"start": 16, "words": 8}]}, measures=MEASURES)
    assert refusal(image, HOLDING, 16, 5) == ILLEGAL_VALUE
    assert refusal(image, HOLDING, 16, 0) == ILLEGAL_VALUE
    assert len(image.read(HOLDING, 16, 4, 0)) == 4


def test_bits_share_a_word_and_coils_stand_alone() -> None:
    image = image_of(
        fixed(tripped=1.0, closed=1.0, ready=0.0, lamp=1.0),
        measures={
            "tripped": {"address": 3, "type": "bit", "bit": 0, "name": "Tripped"},
            "closed": {"address": 3, "type": "bit", "bit": 7, "name": "Closed"},
            "ready": {"address": 3, "type": "bit", "bit": 2, "name": "Ready"},
            "lamp": {"address": 3, "type": "bit", "function": 1, "name": "Lamp"},
        },
    )
    assert image.read(HOLDING, 3, 1, 0) == [0x81]
    assert image.read(Space.COIL, 3, 1, 0) == [1]


def test_values_change_with_the_version_only() -> None:
    values = dict(VALUES)
    image = image_of(fixed(**VALUES), measures=MEASURES)
    image = Image([Section(profile=image.sections[0].profile, source=Fixed(values, Unconnected()))])
    assert image.read(HOLDING, 20, 1, 1) == [5001]
    values["frequency"] = 49.0
    assert image.read(HOLDING, 20, 1, 1) == [5001]
    assert image.read(HOLDING, 20, 1, 2) == [4900]
    image.freeze(3)
    values["frequency"] = 48.0
    assert image.read(HOLDING, 20, 1, 3) == [4900]


def test_conditions_choose_among_rows_of_one_address() -> None:
    fields: dict[str, Any] = {
        "registers": {"mode": {"address": 1}},
        "measures": {
            "energy_import_tariff_1": {"address": 4, "type": "u32", "valid_if": {"register": "mode", "in": [2]}},
            "energy_import_partial": {"address": 4, "type": "u32", "valid_if": {"register": "mode", "in": [0, 1]}},
        },
    }
    source = fixed(energy_import_tariff_1=Decimal(11), energy_import_partial=Decimal(22))
    assert image_of(source, **fields).read(HOLDING, 4, 2, 0) == [0, 22]
    assert image_of(source, {"mode": 2}, **fields).read(HOLDING, 4, 2, 0) == [0, 11]


def test_a_condition_not_met_leaves_no_value() -> None:
    fields: dict[str, Any] = {
        "read": {"invalid": [0xFFFF]},
        "registers": {"wiring": {"address": 1}},
        "measures": {"voltage_l1": {"address": 2, "valid_if": {"register": "wiring", "in": [0, 3]}}},
    }
    assert image_of(fixed(voltage_l1=230.0), **fields).read(HOLDING, 1, 2, 0) == [0, 230]
    assert image_of(fixed(voltage_l1=230.0), {"wiring": 1}, **fields).read(HOLDING, 1, 2, 0) == [1, 0xFFFF]


def test_ratios_change_the_step() -> None:
    fields: dict[str, Any] = {
        "registers": {"ct": {"address": 1}},
        "scales": {"energy": {"product": ["ct"], "steps": [[10, 10]], "above": 1000}},
        "measures": {"energy_import": {"address": 2, "type": "u32", "scale_from": "energy"}},
    }
    source = fixed(energy_import=Decimal(123456))
    assert image_of(source, **fields).read(HOLDING, 1, 3, 0) == [1, 0, 12345]
    assert image_of(source, {"ct": 40}, **fields).read(HOLDING, 1, 3, 0) == [40, 0, 123]


def test_an_unlisted_code_leaves_no_value() -> None:
    fields: dict[str, Any] = {
        "registers": {"code": {"address": 1}},
        "scales": {"weight": {"code": "code", "values": {0: Decimal("0.1"), 1: 1}}},
        "measures": {"pulses": {"address": 2, "type": "u32", "scale_from": "weight"}},
    }
    assert image_of(fixed(pulses=Decimal(9)), **fields).read(HOLDING, 1, 3, 0) == [1, 0, 9]
    assert image_of(fixed(pulses=Decimal(9)), {"code": 0}, **fields).read(HOLDING, 1, 3, 0) == [0, 0, 90]
    assert image_of(fixed(pulses=Decimal(9)), {"code": 7}, **fields).read(HOLDING, 1, 3, 0) == [7, 0, 0]


def test_a_shared_sign_never_lies() -> None:
    image = image_of(
        fixed(power=-5.0, power_demand=8.0),
        registers={"sign": {"address": 1}},
        measures={
            "power": {"address": 2, "sign_from": "sign"},
            "power_demand": {"address": 3, "sign_from": "sign"},
        },
    )
    assert image.read(HOLDING, 1, 3, 0) == [1, 5, 0]


def test_identity_is_there() -> None:
    profile = profile_of(
        identity={"serial": {"address": 1, "type": "u32"}, "product": {"address": 3, "type": "text", "words": 6}},
        measures=MEASURES,
    )
    image = Image([Section(profile=profile, source=fixed(**VALUES), serial=70000)])
    assert image.read(HOLDING, 1, 2, 0) == [1, 70000 - 65536]
    assert b"".join(word.to_bytes(2) for word in image.read(HOLDING, 3, 6, 0)).startswith(b"PLANT 70000")


def test_written_words_stay_and_measured_ones_cannot_be_written() -> None:
    image = image_of(
        fixed(power=3.0, output_states=0.0),
        read={"groups": [{"start": 0, "words": 8}]},
        registers={"ct": {"address": 4}},
        measures={"power": {"address": 1}, "output_states": {"address": 2}},
    )
    image.write(HOLDING, 2, [1])
    image.write(HOLDING, 4, [40, 7])
    assert image.read(HOLDING, 0, 8, 1) == [0, 3, 1, 0, 40, 7, 0, 0]
    for address, values in ((1, [5]), (0, [1, 2]), (9, [1])):
        with pytest.raises(Refused):
            image.write(HOLDING, address, values)


@settings(max_examples=40)
@given(address=st.integers(0, 40), count=st.integers(1, 20))
def test_a_read_is_answered_in_full_or_refused(address: int, count: int) -> None:
    image = image_of(fixed(**VALUES), read={"max_words": 12, "groups": [{"start": 14, "words": 12}]}, measures=MEASURES)
    inside = address >= 14 and address + count <= 26
    if count > 12:
        assert refusal(image, HOLDING, address, count) == ILLEGAL_VALUE
    elif inside:
        assert len(image.read(HOLDING, address, count, 0)) == count
    else:
        assert refusal(image, HOLDING, address, count) == ILLEGAL_ADDRESS


def test_any_number_of_different_reads_is_answered() -> None:
    image = image_of(fixed(**VALUES), read={"max_words": 40, "groups": [{"start": 0, "words": 60}]}, measures=MEASURES)
    whole = [word for start in (0, 30) for word in image.read(HOLDING, start, 30, 0)]
    for address in range(30):
        for count in range(1, 31):
            assert image.read(HOLDING, address, count, 0) == whole[address : address + count]
    for address in range(30, 59):
        for count in range(1, 61 - address):
            assert image.read(HOLDING, address, count, 0) == whole[address : address + count]
    assert image.read(HOLDING, 16, 2, 0) == [0xFFFF, 0xFFFE]


def test_all_counting_quantities_of_all_maps_roll_over() -> None:
    for profile in catalog().profiles.values():
        rows = [*profile.measures.values(), *(profile.inputs.measures.values() if profile.inputs else ())]
        for measure in rows:
            quantity = QUANTITIES.get(measure.key)
            if quantity is not None and quantity.kind.counts and measure.parts[0].modulus is not None:
                assert measure.modulus is not None, f"{profile.id} {measure.key}"


def test_every_plant_map_is_named_as_the_plants() -> None:
    own = [profile for profile in catalog().profiles.values() if profile.user]
    assert len(own) >= 6
    for profile in own:
        assert isinstance(profile, Profile)
        assert profile.id.startswith("plant_")
        assert profile.name.startswith("Plant's own map of ")
        assert profile.name.endswith("(not the product's)")
        assert profile.source == "the plant"
        assert profile.confidence.value == "inferred"
        assert profile.models
