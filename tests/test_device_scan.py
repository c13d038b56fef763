"""A scan of a gateway's line, and what the addresses that answer may be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from custom_components.legrand_ews.bus import Looked
from custom_components.legrand_ews.catalog import Catalog
from custom_components.legrand_ews.catalog_store import DATA_CATALOG
from custom_components.legrand_ews.device_list_check import check
from custom_components.legrand_ews.device_scan import DeviceScan, Found, sort_out

from .support import METER, SOCKETS, plain_catalog

if TYPE_CHECKING:
    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel


def found(profile: str, address: int = 5) -> Found:
    (device,), unknown = sort_out(plain_catalog(), [looked(address, profile)])
    assert unknown == []
    return device


def looked(address: int, profile: str | None = None, product: str | None = None, *, answered: bool = True) -> Looked:
    profiles = plain_catalog().profiles
    map_ = None if profile is None else profiles[profile]
    return Looked(address=address, answered=answered, profile=map_, product=product)


def walk(panel: Panel, entry: GatewayConfigEntry, *addresses: int, seen: list[int] | None = None) -> DeviceScan:
    calls: list[int] = [] if seen is None else seen
    scan = DeviceScan(
        panel.hass, entry, panel.hass.data[DATA_CATALOG], addresses, lambda: calls.append(len(scan.looked))
    )
    return scan


def test_the_surest_model_comes_first_and_others_are_named() -> None:
    device = found("ime_nemo_0x1000")
    assert device.models[0].number == "412045"
    assert {model.number for model in device.models} == {
        model.number
        for model in plain_catalog().models.values()
        if "ime_nemo_0x1000" in {candidate.profile for candidate in model.candidates}
    }
    first, more = device.label.split(" (", 1)
    assert first == f"5 · 4 120 45 {device.models[0].name}"
    assert (more.count(","), more[-3:]) == (3, " …)")


def test_models_whose_likeliest_map_it_is_come_before_others() -> None:
    device = found("socomec_diris_a10")
    places = [
        [candidate.profile for candidate in model.candidates].index("socomec_diris_a10") for model in device.models
    ]
    assert places == sorted(places)


def test_a_found_device_is_a_row_that_the_check_takes() -> None:
    for profile in ("ime_nemo_0x1000", "ime_nemo_96hd", "socomec_countis_e14"):
        device = found(profile)
        checked = check(Catalog.load(), [device.row(set(), "Panel")])
        assert checked.problems == ()
        data = checked.devices[0].data
        assert (data["model"], data["address"]) == (device.models[0].number, 5)
        assert plain_catalog().profile_for(data["model"], data.get("profile")) is plain_catalog().profiles[profile]


def test_a_name_of_another_gateway_gets_that_of_this_one() -> None:
    device = found("ime_nemo_0x1000")
    assert device.row(set(), "Panel").cells["name"] == "4 120 45 (5)"
    assert device.row({"4 120 45 (5)"}, "Panel").cells["name"] == "4 120 45 (5) Panel"


def test_what_answers_unrecognised_is_listed_and_silence_is_not() -> None:
    nobodys = replace(plain_catalog().profiles["ime_nemo_0x1000"], id="nobodys", name="Nobody's map")
    looks = [looked(1), looked(2, product="X 5"), looked(3, answered=False)]
    devices, unknown = sort_out(plain_catalog(), [*looks, Looked(address=4, answered=True, profile=nobodys)])
    assert devices == []
    assert unknown == ["1", "2 (X 5)", "4 (Nobody's map)"]


async def test_a_walk_looks_at_each_address_and_tells_how_far_it_is(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=())
    seen: list[int] = []
    scan = walk(panel, entry, 1, 2, 3, seen=seen)
    assert (scan.address, scan.share) == (1, 0)
    await scan.async_run()
    assert scan.error is None
    assert [look.address for look in scan.looked] == [1, 2, 3]
    assert [look.profile and look.profile.id for look in scan.looked] == ["ime_nemo_0x1000", "ime_nemo_0x1000", None]
    assert not scan.looked[2].answered
    assert (scan.address, scan.share, seen) == (3, 1, [1, 2, 3])


async def test_a_walk_shares_the_link_of_the_polls(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=(METER,))
    before = entry.runtime_data.link.statistics.requests
    await walk(panel, entry, 2).async_run()
    assert entry.runtime_data.link.statistics.requests > before


async def test_a_walk_without_a_loaded_gateway_has_a_link_of_its_own(panel: Panel) -> None:
    await panel.serve(METER)
    await panel.load_integration()
    scan = walk(panel, panel.entry(devices=()), 1)
    await scan.async_run()
    assert [look.profile and look.profile.id for look in scan.looked] == ["ime_nemo_0x1000"]


async def test_a_walk_ends_where_the_gateway_is_gone(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    await panel.plant.refuse(panel.gateway())
    scan = walk(panel, entry, 1, 2)
    await scan.async_run()
    assert scan.error
    assert scan.looked == []


async def test_a_walk_that_is_cancelled_leaves_the_link_to_the_polls(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=(METER,))
    asked = panel.hold(2)
    task = asyncio.ensure_future(walk(panel, entry, 2).async_run())
    await asked.wait()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    seen = panel.requests_to(1)
    await panel.wait(10)
    assert seen
