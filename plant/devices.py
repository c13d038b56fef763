"""From the devices of a scenario to the units of a bus.

This module owns the choice of a device's register map and of what it measures, and where a station is fitted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from custom_components.legrand_ews.catalog import Commodity, generic_profile
from custom_components.legrand_ews.catalog.charging import LIMIT

from .electrical import TOTAL, Load
from .image import Section
from .instrument import Fixed, PulseInput, Unconnected
from .meter import Meter
from .scenario import PHASES
from .shapes import Manner
from .station import Place, Station
from .terminals import Terminals
from .unit import RIGHT, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custom_components.legrand_ews.catalog import Catalog, Charging, Model, Profile

    from .electrical import Installation, Node
    from .instrument import Source
    from .scenario import DeviceSpec, GatewaySpec

SERIALS = 1_000_000


def build_units(gateway: GatewaySpec, catalog: Catalog, installation: Installation) -> dict[int, Unit]:
    """Return the units of a gateway by their address.

    Raises ``ValueError`` for a device that no map is known for, or that does not fit its place.
    """
    at: dict[int, list[DeviceSpec]] = defaultdict(list)
    for device in gateway.devices:
        at[device.address].append(device)
    return {address: _unit(address, devices, catalog, installation) for address, devices in at.items()}


def _unit(address: int, devices: Sequence[DeviceSpec], catalog: Catalog, installation: Installation) -> Unit:
    """Return the unit of the devices at one address."""
    sections = _sections(devices, catalog, installation)
    try:
        return Unit(address, sections, installation)
    except ValueError as error:
        raise ValueError(f"{', '.join(device.name for device in devices)}: {error}") from error


def _sections(devices: Sequence[DeviceSpec], catalog: Catalog, installation: Installation) -> dict[str, Section]:
    """Return the sections of one address: its devices, and the inputs of a concentrator that nothing is wired to."""
    sections: dict[str, Section] = {}
    wired = {device.position: device for device in devices if device.position is not None}
    for device in devices:
        if device.position is None:
            profile = replace(_profile(device, catalog), inputs=None)
            model = catalog.models[device.model]
            if profile.charging is not None:
                sections[device.name] = _side(device, model, profile, profile.charging, installation)
            else:
                sections[device.name] = _section(device, profile, _meter(device, model, profile, installation))
    if wired:
        first = next(iter(wired.values()))
        carrier = _profile(first, catalog)
        for position in range(1, (carrier.inputs.count if carrier.inputs else 0) + 1):
            profile = carrier.at_position(position)
            if (on := wired.get(position)) is not None:
                sections[on.name] = _section(on, profile, _pulses(on, catalog, installation))
            else:
                sections[f"{first.address}-{position}"] = Section(profile=profile, source=Unconnected())
        if missing := [device.name for device in wired.values() if device.name not in sections]:
            raise ValueError(f"{carrier.id} has no input for {', '.join(missing)}")
    return sections


def _section(device: DeviceSpec, profile: Profile, source: Source) -> Section:
    """Return the section of a device."""
    if device.values:
        source = Fixed(device.values, source)
    serial = crc32(device.name.encode()) % SERIALS
    return Section(
        profile=profile,
        source=source,
        raw=dict(device.registers),
        serial=serial,
        states=device.states,
        settings=device.settings,
        place=None if device.position else device.at,
    )


def _side(
    device: DeviceSpec, model: Model, profile: Profile, charging: Charging, installation: Installation
) -> Section:
    """Return the section of a charging station, or of one of its sides."""
    place = _bay(device, model, installation)
    wires = Terminals(installation, place.load, phases=place.phases)
    raw = device.registers.get(LIMIT)
    station = Station(
        place,
        charging,
        Meter(wires, profile.measures),
        rated=device.rated_current,
        limit=None if raw is None or charging.limit is None else float(raw * charging.limit.scale),
    )
    section = _section(device, profile.on_side(right=device.side == RIGHT), station)
    return replace(section, station=station, side=None if profile.stride is None else device.side)


def _bay(device: DeviceSpec, model: Model, installation: Installation) -> Place:
    """Return where a station is fitted, its plug's L1 on the first of the phases; raises ``ValueError`` for no bay."""
    load = installation.nodes.get(device.at)
    if not isinstance(load, Load) or load.shape.manner is not Manner.CAR:
        raise ValueError(f"{device.name}: {device.at} is no place of a car")
    own = load.spec.phases
    first = own[0] - 1 if device.phase is None else PHASES.index(device.phase)
    phases = tuple((first + terminal) % 3 + 1 for terminal in range(model.phases or len(own)))
    if not {*phases[: len(own)]} <= {*own}:
        raise ValueError(f"{device.name}: {device.at} is on other phases")
    return Place(installation=installation, load=load, phases=phases)


def _profile(device: DeviceSpec, catalog: Catalog) -> Profile:
    """Return the register map of a device, or of the concentrator that carries it."""
    if (form := device.generic) is not None:
        return generic_profile(
            function=form.function,
            address=int(form.register, 16),
            words=form.words,
            factor=form.factor,
            type=form.type,
            word_order=form.word_order,
        )
    number = device.concentrator or device.model
    profile = catalog.profile_for(number, device.profile)
    if device.model not in catalog.models or profile is None:
        raise ValueError(f"{device.name}: no register map is known of {number}")
    return profile


def _meter(device: DeviceSpec, model: Model, profile: Profile, installation: Installation) -> Meter:
    """Fit a meter to its place."""
    return Meter(wires_of(device, model, installation), profile.measures)


def wires_of(device: DeviceSpec, model: Model, installation: Installation) -> Terminals:
    """Return how a meter is wired to its place; raises ``ValueError`` for a place that is none of the tree.

    Supplied from downstream, a meter of a load is fitted backwards; one of the sun is as all others, for what feeds it
    is behind it.
    """
    if device.at not in installation.nodes:
        raise ValueError(f"{device.name} cannot measure {device.at}")
    node = installation.nodes[device.at]
    own = node.spec.phases if isinstance(node, Load) else (1, 2, 3)
    phases: tuple[int, ...] = (1, 2, 3)
    if device.phase is not None:
        phases = (PHASES.index(device.phase) + 1,)
    elif model.phases == 1 or (model.phases is None and len(own) == 1):
        phases = own[:1]
    backwards = device.supply == "downstream" and not _feeds(node)
    return Terminals(installation, node, phases=phases, downstream=backwards)


def _feeds(node: Node) -> bool:
    """Tell whether a place supplies the others."""
    return isinstance(node, Load) and node.shape.manner is Manner.SUN


def _pulses(device: DeviceSpec, catalog: Catalog, installation: Installation) -> PulseInput:
    """Wire the pulse output of a counter to an input."""
    commodity = catalog.models[device.model].commodity
    if commodity in (Commodity.GAS, Commodity.WATER):
        if (flow := installation.flows.get(device.at)) is None:
            raise ValueError(f"{device.name}: {device.at} is no pipe")
        return PulseInput(lambda: flow.index, key="volume", weight=device.per_pulse)
    if (node := installation.nodes.get(device.at)) is None:
        raise ValueError(f"{device.name}: {device.at} is no electrical place")
    return PulseInput(lambda: node.index.imported[TOTAL], key="energy_import", weight=device.per_pulse)
