"""Sets up Green'Up where a scenario has charging stations: main meter, limits, a charger of another make; plugs cars.

This module owns the demo's limits and cars. The forms are the integration's, the stations the plant's.
"""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final

from custom_components.legrand_ews.catalog import Kind
from plant.cars import Car

from .charger import add_charger
from .client import RefusedError, until
from .menus import DOMAIN, Menus, choices, installation_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from custom_components.legrand_ews.catalog import Catalog
    from plant.scenario import Scenario
    from plant.site import Plant

    from .client import Client

_METER_EVERY: Final = 2.0
"""s."""
_LIMITS: Final = {"max_current": 100, "charge_current": 95}
"""A."""
_CARS: Final = (
    Car(need=45_000, current=32.0, card="04A1B2C3"),
    Car(need=30_000, current=16.0, card="04D4E5F6"),
    Car(need=25_000, current=32.0, phases=1, card="04778899"),
)
"""What comes, in turn, where cars are asked for."""
_SETTLED: Final = 60.0
"""s until what was set up has to be at work."""


def stations_of(scenario: Scenario, catalog: Catalog) -> list[str]:
    """Return the names of the charging stations, a side of one each, in their order."""
    return [device.name for device in scenario.devices if catalog.models[device.model].kind is Kind.STATION]


async def set_up_charging(
    client: Client, scenario: Scenario, stations: Sequence[str], tell: Callable[[str], None] = print
) -> None:
    """Add the charger and fill in the forms of Green'Up where that was not done, and wait until it is at work.

    Raises ``RefusedError`` where it does not get to work.
    """
    if not stations:
        return
    entry_id = await installation_id(client)
    added = await add_charger(client, entry_id)
    await _wait_until_loaded(client)
    menus = await Menus.open(client)
    # The menu has the times once there are limits.
    if "greenup_times" in (await menus.go("greenup"))["menu_options"]:
        await menus.leave()
    else:
        await _fill(menus, scenario)
    await _wait_until_at_work(client, f"{entry_id}_greenup_zone")
    tell(f"Green'Up: {len(stations) + 1} plugs, a charger of another make {'added' if added else 'among them'}")


async def _fill(menus: Menus, scenario: Scenario) -> None:
    """Say which meter there is, and what it may carry; all else stays as proposed."""
    names = {device.name for device in scenario.devices if device.at == scenario.tree.name}
    offered = choices(await menus.go("greenup_meter"), "meter")
    meter = next((value for label, value in offered.items() if label.split(" · ")[0] in names), None)
    if meter is None:
        await menus.leave()
        raise RefusedError(f"no device at {scenario.tree.name} measures its currents")
    await menus.fill({"meter": meter, "interval": _METER_EVERY})
    await menus.go("greenup_limits")
    await menus.fill(_LIMITS)
    await menus.close("greenup_finish")


def plug_cars(plant: Plant, stations: Sequence[str], number: int) -> list[str]:
    """Put some cars to the first stations that are free; return those stations."""
    free = [name for name in stations if plant.station(name).car is None][:number]
    for name, car in zip(free, cycle(_CARS), strict=False):
        plant.station(name).plug(car)
    return free


async def _wait_until_loaded(client: Client) -> None:
    """Wait until all entries have taken over what was set up. Raises ``RefusedError`` past a limit."""

    async def loaded() -> bool | None:
        """Tell whether it is so; None: not yet."""
        rows = await client.command("config_entries/get", domain=DOMAIN)
        return all(row["state"] == "loaded" for row in rows) or None

    await until(loaded, _SETTLED, "all entries loaded")


async def _wait_until_at_work(client: Client, unique_id: str) -> None:
    """Wait until the load manager tells the zone of the mains. Raises ``RefusedError`` past a limit."""

    async def zone() -> str | None:
        """Return the zone; None while there is none."""
        _, state = await client.state_of(DOMAIN, unique_id) or ("", "unknown")
        return None if state in ("unknown", "unavailable") else state

    await until(zone, _SETTLED, "Green'Up at work")
