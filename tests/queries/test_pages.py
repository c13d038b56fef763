"""Where entities of a device are shown: each on one page, in the order of the map."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.device import Device, DeviceConfig, resolve
from custom_components.legrand_ews.queries.pages import PAGES, pages_of, row_of

from ..support import plant_catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

METER, BREAKER, CONTACTOR, OUTPUTS, STATION = "412045", "414930", "414931", "028812", "059014"
MODELS = (METER, BREAKER, CONTACTOR, OUTPUTS, STATION)
PLATFORMS = ("sensor", "binary_sensor", "switch", "button", "select", "number", "event")


def device(model: str) -> Device:
    """Return a device of the plant."""
    return resolve(plant_catalog(), DeviceConfig(id="one", name="One", model=model, address=1))


def named(*places: tuple[str, str]) -> Mapping[tuple[str, str], str]:
    """Return entities that are called by platform and key."""
    return {(platform, key): f"{platform}.{key}" for platform, key in places}


@pytest.mark.parametrize(
    ("model", "platform", "key", "page"),
    [
        (METER, "sensor", "energy_import", "energy"),
        (METER, "sensor", "reactive_energy_import", "energy"),
        (METER, "sensor", "cost_total", "cost"),
        (METER, "sensor", "credit_today", "cost"),
        (METER, "sensor", "power_l2", "power"),
        (METER, "sensor", "power_factor", "power"),
        (METER, "sensor", "voltage_l1_l2", "voltage"),
        (METER, "sensor", "current_n", "voltage"),
        (METER, "sensor", "frequency", "voltage"),
        (METER, "sensor", "thd_current_l3", "distortion"),
        (METER, "sensor", "current_transformer_ratio", "other"),
        (METER, "sensor", "of_nobody", "other"),
        (BREAKER, "sensor", "breaker", "state"),
        (BREAKER, "binary_sensor", "breaker_trip", "state"),
        (BREAKER, "sensor", "links", "state"),
        (BREAKER, "button", "breaker_open", "command"),
        (CONTACTOR, "binary_sensor", "contactor", "state"),
        (CONTACTOR, "switch", "contactor", "command"),
        (OUTPUTS, "button", "output_1_blink", "command"),
        (OUTPUTS, "select", "output_1_mode", "settings"),
        (OUTPUTS, "number", "output_1_on_time", "settings"),
        (METER, "button", "sync_clock", "clock"),
        (STATION, "sensor", "charge", "charge"),
        (STATION, "sensor", "session_energy", "charge"),
        (STATION, "sensor", "greenup_state", "charge"),
        (STATION, "button", "greenup_hold", "command"),
        (STATION, "switch", "greenup_priority", "command"),
        (STATION, "switch", "greenup_default_priority", "settings"),
    ],
)
def test_what_is_on_which_page(model: str, platform: str, key: str, page: str) -> None:
    assert pages_of(device(model), named((platform, key))) == {page: [f"{platform}.{key}"]}


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
def test_each_entity_is_on_one_page_or_in_the_row_only(model: str, data: st.DataObject) -> None:
    one = device(model)
    known = [*one.keys, *one.states, "links", "answers", "alarm", "greenup_state", "cost_total", "sync_clock"]
    keys = st.sampled_from(known) | st.text(max_size=8)
    rows = named(*data.draw(st.sets(st.tuples(st.sampled_from(PLATFORMS), keys))))
    pages = pages_of(one, rows)
    on_pages = list(chain.from_iterable(pages.values()))
    assert len(on_pages) == len(set(on_pages))
    left = {rows.get(place) for place in (("binary_sensor", "answers"), ("event", "alarm"))} - {None}
    assert {*on_pages, *left} == set(rows.values())
    assert left <= set(row_of(one, rows).values()) <= set(rows.values())
    assert list(pages) == [page for page in PAGES if page in pages]
    assert all(pages.values())


def test_pages_are_in_the_order_of_the_map() -> None:
    one = device(METER)
    rows = named(*(("sensor", key) for key in reversed(list(one.keys))))
    places = {f"sensor.{key}": place for place, key in enumerate(one.keys)}
    for page, entities in pages_of(one, rows).items():
        assert [places[entity] for entity in entities] == sorted(places[entity] for entity in entities), page


def test_a_trip_follows_its_breaker_and_outputs_come_one_by_one() -> None:
    found = pages_of(device(BREAKER), named(("binary_sensor", "breaker_trip"), ("sensor", "breaker")))
    assert found["state"] == ["sensor.breaker", "binary_sensor.breaker_trip"]
    keys = ("output_2_on", "output_1_blink", "output_1_off", "output_1_on")
    found = pages_of(device(OUTPUTS), named(*(("button", key) for key in keys)))
    assert found["command"] == [
        f"button.{key}" for key in ("output_1_on", "output_1_off", "output_1_blink", "output_2_on")
    ]


def test_the_row_shows_the_position_of_a_breaker_or_contactor_whatever_platform_shows_it() -> None:
    rows = named(("sensor", "breaker"), ("binary_sensor", "breaker_trip"), ("binary_sensor", "answers"))
    assert row_of(device(BREAKER), rows) == {
        "state": "sensor.breaker",
        "trip": "binary_sensor.breaker_trip",
        "communication": "binary_sensor.answers",
    }
    for platform in ("switch", "binary_sensor"):
        assert row_of(device(CONTACTOR), named((platform, "contactor"))) == {"state": f"{platform}.contactor"}


def test_the_row_of_many_outputs_has_no_position() -> None:
    assert row_of(device(OUTPUTS), named(("switch", "output_1"), ("switch", "output_2"))) == {}


def test_what_the_load_manager_tells_of_a_station_goes_before_what_it_says_itself() -> None:
    own, managed = ("sensor", "charge"), ("sensor", "greenup_state")
    assert row_of(device(STATION), named(own)) == {"charge": "sensor.charge"}
    assert row_of(device(STATION), named(own, managed)) == {"charge": "sensor.greenup_state"}
