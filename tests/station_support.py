"""A charging station of plain registers, with a map of a user's own, for what Home Assistant makes of its states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from plant.scenario import DeviceSpec

from .support import COUNTER, install_profiles, subentry_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

LEFT = DeviceSpec(name="Left", model="059032", address=COUNTER.address, side="left", phase="l2", at="mains")
RIGHT = DeviceSpec(name="Right", model="059032", address=COUNTER.address, side="right", phase="l3", at="mains")
MAP = """
id: mine
name: My own
source: my own measurements
confidence: inferred
models: ["059032"]
read: {function: 3, max_words: 32}
sides: {stride: 256}
measures:
  session_energy: {address: 0, type: u32, scale: 0.01, unit: kWh}
  session_charge: {address: 2, type: u16, scale: 0.1, unit: Ah}
  rated_current: {address: 3, unit: A, slow: true}
  card: {address: 4, type: text, words: 4}
  current_l1: {address: 8, scale: 0.1, unit: A}
states:
  charge: {address: 10, values: {0: free, 1: waiting, 2: charging, 3: done, 4: fault}}
  station: {address: 11, values: {0: "off", 1: "on", 2: managed, 3: fault}}
  ev_socket: {address: 12}
  domestic_socket: {address: 14}
  lock: {address: 13, type: bit, bit: 0, alarm: station, name: Lock}
  diode: {address: 13, type: bit, bit: 1, alarm: charge, name: Diode}
commands:
  ev_socket:
    "on": {address: 12, value: 1, write: 6}
    "off": {address: 12, value: 0, write: 6}
"""
CHARGE, STATION, EV_SOCKET, ERRORS, DOMESTIC_SOCKET = range(10, 15)
"""Where the states are."""
STRIDE = 256


class Bank:
    """The registers of both sides."""

    def __init__(self) -> None:
        """Begin with a managed station whose car socket is on, without cars."""
        self.words: dict[int, int] = {}
        for first in (0, STRIDE):
            self.words |= {first + STATION: 2, first + EV_SOCKET: 1}

    def read(self, function: int, address: int, count: int) -> list[int]:  # noqa: ARG002 -- holding registers only
        """Return words; those that nobody wrote are 0."""
        return [self.words.get(address + step, 0) for step in range(count)]

    def write(self, function: int, address: int, values: list[int]) -> None:  # noqa: ARG002
        """Take words."""
        self.words |= {address + step: value for step, value in enumerate(values)}


async def start(
    hass: HomeAssistant, panel: Panel, *stations: DeviceSpec, words: Mapping[int, int] | None = None, **settings: Any
) -> tuple[GatewayConfigEntry, Bank]:
    """Set up sides of a station with these words, polled every 10 s."""
    (install_profiles(hass) / "mine.yaml").write_text(MAP, encoding="utf-8")
    await panel.serve(COUNTER)
    bank, unit = Bank(), panel.unit(COUNTER.address)
    bank.words |= words or {}
    unit.read, unit.write = bank.read, bank.write  # type: ignore[method-assign]
    # Tests need not wait for the quiet time of stations.
    with patch("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0):
        entry = await panel.set_up(devices=stations, settings=settings, status_poll_time=10)
    assert set(entry.subentries) == {subentry_id(station.name) for station in stations}
    return entry, bank
