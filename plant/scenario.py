"""What is installed: gateways, devices and the electrical tree behind them, as data.

This module owns the shape of a scenario and its files (``scenarios/*.yaml``). It builds nothing (``devices``); a set-up
that wants the same devices in Home Assistant reads it too, so the fields of a device are named as in the integration's
forms.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from .electrical import FlowSpec, NodeSpec
from .largest import largest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER: Final = Path(__file__).parent / "scenarios"
TCP: Final = "tcp"
RTU_TCP: Final = "rtu_tcp"
SERIAL: Final = "serial"
KINDS: Final = (TCP, RTU_TCP, SERIAL)
PULSE_UNITS: Final[Mapping[str, int]] = {"Wh": 1, "kWh": 1000, "L": 1, "m³": 1000}
PHASES: Final = ("l1", "l2", "l3")


@dataclass(frozen=True, kw_only=True)
class GenericSpec:
    """The form of a "Generic Modbus meter"."""

    function: int = 3
    register: str = "0x0000"
    """Hexadecimal, counted from 0."""
    words: int = 2
    factor: Decimal = Decimal(1)
    """Turns the raw number into kWh."""
    type: str = "u32"
    word_order: Literal["big", "little"] = "big"


@dataclass(frozen=True, kw_only=True)
class DeviceSpec:
    """A device as its form asks for it, and where in the installation it is fitted."""

    name: str
    model: str
    """Catalogue number without spaces."""
    address: int
    at: str
    """Name of the place in the tree, or of the pipe, that it measures."""
    position: int | None = None
    concentrator: str | None = None
    """Model of the concentrator at ``address``, for a pulse meter at ``position``."""
    pulse_weight: Decimal | None = None
    pulse_unit: str | None = None
    """Wh, kWh, L or m³."""
    phase: str | None = None
    """``l1``, ``l2`` or ``l3`` of the mains behind the terminals of a single-phase device; None: its place's own."""
    supply: str | None = None
    """``upstream`` (default) or ``downstream``: where its supply is. A load's is fitted backwards then."""
    interface: int | None = None
    """Number of the EMS interface in remote addressing."""
    side: str | None = None
    """``left`` or ``right``, of a station that has both sides at one address."""
    rated_current: float | None = None
    """A, of a charging station."""
    generic: GenericSpec | None = None
    profile: str | None = None
    """Register map to serve instead of the likeliest."""
    load: str | None = None
    exclude_from_totals: bool = False
    exclude_alerts: bool = False
    registers: Mapping[str, int] = field(default_factory=dict)
    """Raw numbers of the map's named registers: transformer ratio, wiring, energy mode. Partners of links by their
    keys."""
    values: Mapping[str, float | str] = field(default_factory=dict)
    """Quantities that stand at a fixed value."""
    states: Mapping[str, str] = field(default_factory=dict)
    """How things stand at the start where not at rest: ``{breaker: open, input_1: on}``."""
    settings: Mapping[str, str | float] = field(default_factory=dict)
    """Settings of outputs at the start: ``{output_1_on_time: 5}``."""

    @property
    def per_pulse(self) -> Decimal:
        """What one pulse stands for, in Wh or L."""
        return (self.pulse_weight or Decimal(1)) * PULSE_UNITS[self.pulse_unit or "Wh"]


@dataclass(frozen=True, kw_only=True)
class GatewaySpec:
    """A gateway with its bus."""

    name: str
    area: str | None = None
    kind: str = TCP
    """``tcp``, ``rtu_tcp`` (RTU frames over TCP, no gateway that answers for silent devices) or ``serial`` (a pty)."""
    port: int = 0
    """Added to the plant's base port."""
    devices: tuple[DeviceSpec, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A whole installation."""

    name: str
    gateways: tuple[GatewaySpec, ...]
    tree: NodeSpec
    flows: tuple[FlowSpec, ...] = ()
    description: str = ""

    @property
    def devices(self) -> tuple[DeviceSpec, ...]:
        """All devices of all gateways."""
        return tuple(device for gateway in self.gateways for device in gateway.devices)


def scenario_names() -> list[str]:
    """Return the names of the scenarios there are."""
    return sorted({*(path.stem for path in FOLDER.glob("*.yaml")), *_MADE})


def load_scenario(name: str) -> Scenario:
    """Return a scenario by name, or the one of a YAML file; blocking, may read a file.

    Raises ``ValueError`` where there is none of that name or the file has an error.
    """
    if (make := _MADE.get(name)) is not None:
        return read_scenario(name, make())
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise ValueError(f"there is no scenario {name}; there are {', '.join(scenario_names())}")
    with path.open(encoding="utf-8") as file:
        return read_scenario(path.stem, yaml.safe_load(file))


def read_scenario(name: str, data: Mapping[str, Any]) -> Scenario:
    """Return the scenario that plain data describes; raises ``ValueError`` for what does not fit together."""
    try:
        scenario = Scenario(
            name=name,
            description=str(data.get("description", "")).strip(),
            tree=_node(data["tree"]),
            flows=tuple(_made(FlowSpec, row) for row in data.get("flows", ())),
            gateways=tuple(_gateway(place, row) for place, row in enumerate(data["gateways"])),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"scenario {name}: {error}") from error
    _check(scenario)
    return scenario


def _made[T](kind: Callable[..., T], row: Mapping[str, Any], **more: Any) -> T:
    """Build a specification from a row, the fields of numbers that must be exact as ``Decimal``."""
    exact = {spec.name for spec in fields(kind) if "Decimal" in str(spec.type)}  # type: ignore[arg-type]
    values = {key: Decimal(str(value)) if key in exact else value for key, value in row.items()}
    return kind(**{**values, **more})


def _node(row: Mapping[str, Any]) -> NodeSpec:
    """Build a branch of the tree."""
    return _made(
        NodeSpec,
        {key: value for key, value in row.items() if key not in ("children", "phases")},
        children=tuple(_node(child) for child in row.get("children", ())),
        phases=tuple(row.get("phases", (1, 2, 3))),
    )


def _gateway(place: int, row: Mapping[str, Any]) -> GatewaySpec:
    """Build a gateway; its port follows its place in the list unless the row says so."""
    devices = []
    for device in row.get("devices", ()):
        generic = device.get("generic")
        rest = {key: value for key, value in device.items() if key not in ("generic", "model")}
        made = None if generic is None else _made(GenericSpec, generic)
        devices.append(_made(DeviceSpec, rest, generic=made, model=str(device["model"])))
    rest = {key: value for key, value in row.items() if key != "devices"}
    return _made(GatewaySpec, {"port": place, **rest}, devices=tuple(devices))


def _places(node: NodeSpec) -> list[str]:
    """Return the names of a branch."""
    return [node.name, *(name for child in node.children for name in _places(child))]


def _twice(names: list[str]) -> list[str]:
    """Return the names that occur more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def _check(scenario: Scenario) -> None:
    """Refuse what no installation can be; raises ``ValueError``."""
    places = [*_places(scenario.tree), *(flow.name for flow in scenario.flows)]
    faults = [f"{name} is twice in the installation" for name in _twice(places)]
    faults += [f"two devices are named {name}" for name in _twice([device.name for device in scenario.devices])]
    faults += [f"two gateways are named {name}" for name in _twice([gateway.name for gateway in scenario.gateways])]
    known = set(places)
    faults += [
        f"{device.name} is at {device.at}, which is nowhere" for device in scenario.devices if device.at not in known
    ]
    for gateway in scenario.gateways:
        if gateway.kind not in KINDS:
            faults.append(f"{gateway.name} is of no known kind: {gateway.kind}")
        taken = [
            f"{device.address}/{device.position}/{device.model}{f'/{device.side}' if device.side else ''}"
            for device in gateway.devices
        ]
        faults += [f"{gateway.name}: address {place} is used twice" for place in _twice(taken)]
    if faults:
        raise ValueError(f"scenario {scenario.name}: {'; '.join(faults)}")


_MADE: Final[Mapping[str, Callable[[], Mapping[str, Any]]]] = {"max": largest}
"""Scenarios made by a function."""
