"""The load manager at work, with real Modbus to a simulated car park."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .park import Park


async def test_a_car_is_granted_what_it_takes(park: Park) -> None:
    park.plug("Bay 1", need=20_000, current=16)
    await park.wait(10)
    assert park.shown("Bay 1", "state").state == "waiting"
    await park.wait(50)
    assert park.shown("Bay 1", "state").state == "charging"
    print(park.control.plan, park.station("Bay 1").limit, park.managed("sensor", "zone").state)
    for key in ("limit", "reason", "energy", "charge", "start", "cost"):
        print(key, park.shown("Bay 1", key))
    for n in (1,2,3):
        print(park.managed("sensor", f"headroom_l{n}").state)
    assert 0
