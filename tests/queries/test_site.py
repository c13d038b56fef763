"""What the site consists of, in the words of Home Assistant too."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr

from custom_components.legrand_ews.colors import PALETTES, STANDARD
from custom_components.legrand_ews.queries.site import async_site

from ..support import METER, SOCKETS
from ..test_loads import site

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..support import Panel


async def test_devices_have_their_place_and_loads_their_colour(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER, SOCKETS)
    factors = [["2020-01-01", "10.94"], ["2999-01-01", None]]
    await site(hass, ("load", "l1", "Lift"), ("group", "g1", "West"), colors={"others": "#000001"}, gas_factors=factors)
    registry, areas = dr.async_get(hass), ar.async_get(hass)
    cellar, office = (areas.async_create(name).id for name in ("Cellar", "Office"))
    mains, sockets, box = (panel.device(gateway, *name) for name in (["Mains"], ["Sockets"], []))
    registry.async_update_device(mains.id, area_id=None)
    registry.async_update_device(sockets.id, area_id=None)
    registry.async_update_device(box.id, area_id=None)
    found = (await async_site(hass, {}))["devices"]
    assert [(one["name"], one["device_id"], one["area"]) for one in found] == [
        ("Mains", mains.id, None),
        ("Sockets", sockets.id, None),
    ]
    registry.async_update_device(box.id, area_id=cellar)
    registry.async_update_device(sockets.id, area_id=office)
    answer = await async_site(hass, {})
    assert [one["area"] for one in answer["devices"]] == [cellar, office]
    assert answer["gas_factor"] == 10.94
    assert answer["colors"] == dict(STANDARD) | {
        "others": "#000001",
        "l1": PALETTES["load"][0],
        "g1": PALETTES["group"][0],
    }
    assert set(answer["loads"]) | set(answer["groups"]) == set(answer["colors"])


async def test_what_home_assistant_does_not_know_is_nowhere(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(METER)
    await site(hass)
    dr.async_get(hass).async_remove_device(panel.device(gateway, "Mains").id)
    answer = await async_site(hass, {})
    assert [(one["device_id"], one["area"]) for one in answer["devices"]] == [(None, None)]
    assert answer["gas_factor"] is None


@pytest.mark.parametrize(("since", "factor"), [(date(1990, 1, 1), 9.5), (date(2990, 1, 1), None)])
async def test_the_factor_is_that_of_today(
    hass: HomeAssistant, panel: Panel, since: date, factor: float | None
) -> None:
    await panel.load_integration()
    await site(hass, gas_factors=[[since.isoformat(), "9.5"]])
    assert (await async_site(hass, {}))["gas_factor"] == factor


async def test_without_an_installation_there_is_no_site(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    with pytest.raises(ServiceValidationError):
        await async_site(hass, {})
