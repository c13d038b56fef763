"""Print the page of supported devices (``docs/supported-devices.md``) from the catalogue.

``.venv/bin/python -m scripts.lib.supported_devices > docs/supported-devices.md``. This module owns the page's text.
What products and maps there are is the catalogue's matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from custom_components.legrand_ews.catalog import (
    QUANTITIES,
    AlarmGroup,
    Catalog,
    Commodity,
    Kind,
    Option,
    QuantityKind,
    StateKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from custom_components.legrand_ews.catalog import Model, Profile

HEAD: Final = """\
# Supported devices

<!-- Made by scripts/lib/supported_devices.py from the catalogue. Do not edit by hand. -->

**No map was tried on hardware.** The maps come from documents and from other people's programs. Compare the first
values of each device with its display before you trust them. [Troubleshooting](troubleshooting.md) says how to report
what you find.

The integration knows {all} products:

| products | |
|---:|---|
| {mapped} | have a register map. The maps of {energy} of them give energy, the others only part of the values. |
| {pulse} | are counters with a pulse output. They are read through the concentrator they are wired to. |
| {generic} | is the generic Modbus meter, whose register you enter. |
| {none} | have no published map. They can be set up, but show nothing until [you give them a map](profiles.md). |
| {carrier} | are concentrators, interfaces and communication modules. They carry others. |

## How sure a map is

| word | meaning |
|---|---|
| `manufacturer` | The map is from the manufacturer's document of this very product. |
| `third_party` | The map is from somebody else's table or program. |
| `inferred` | The map is from a sister product that is believed to be the same inside. |
| `none` | No map is published. |

Some maps are known in part only. The column *Gives* says what you get. Where it says *no energy*, the product counts
energy, but the register is not known.

Where several maps are named, the integration tries to recognise the right one, and takes the first one if it cannot.
You can choose another in the device's form, under *More*.

*States* are what is on or off, open, closed or tripped: see [States](states.md). *Commands* stands only where the map
is sure enough to command by: see [Commands](commands.md). *Clock* is a clock that can be [set](clock.md).

Breakers, state and control modules, inputs and outputs, and charging stations have no published map. With a map of your
own their states can be shown and their commands given.
"""

FAMILY_HEAD: Final = """\
| Number | Product | Register map | Confidence | Gives |
|---|---|---|---|---|
"""

MAPS_HEAD: Final = """\
## Register maps

The confidence here is that of the map itself, for the product it was written for. *Recognised* says whether a device
can tell that it has this map. A map that no product above names can be given to one: put its id and the product's
number under `models` in [a file of your own](profiles.md).

| Map | Name | Confidence | Values | Recognised | Source |
|---|---|---|---:|---|---|
"""

CARRIERS: Final = frozenset({Kind.CONCENTRATOR, Kind.INTERFACE, Kind.COMMUNICATION})
GROUPS: Final[Mapping[QuantityKind, str]] = {
    QuantityKind.ENERGY: "energy",
    QuantityKind.POWER: "power",
    QuantityKind.VOLTAGE: "voltage",
    QuantityKind.CURRENT: "current",
    QuantityKind.FREQUENCY: "frequency",
    QuantityKind.POWER_FACTOR: "power factor",
    QuantityKind.DISTORTION: "distortion",
}
"""What the column says of a map, in this order; other kinds are left out."""
COUNTED: Final[Mapping[StateKind, str]] = {
    StateKind.BREAKER: "breaker",
    StateKind.CONTACTOR: "contactor",
    StateKind.INPUT: "input",
    StateKind.OUTPUT: "output",
    StateKind.CONTACT: "contact",
    StateKind.CHOICE: "position",
}
ALARMS: Final[Mapping[AlarmGroup, str]] = {
    AlarmGroup.THRESHOLD: "threshold alarm",
    AlarmGroup.CONFIGURATION: "configuration error",
}


class Row(NamedTuple):
    """What a line says of a product beside its number."""

    product: str
    maps: str
    confidence: str
    gives: str


def page(catalog: Catalog) -> str:
    """Return the whole page, Markdown."""
    sorts = Counter(_sort(model) for model in catalog.models.values())
    energy = sum(_has_energy(catalog, model) for model in catalog.models.values())
    head = HEAD.format(all=sorts.total(), energy=energy, **sorts)
    return "\n".join([head, *_families(catalog), _maps(catalog.profiles.values())])


def _sort(model: Model) -> str:
    """Return which line of the introduction counts a product."""
    if model.kind in CARRIERS:
        return "carrier"
    if model.kind is Kind.PULSE_METER:
        return "pulse"
    if Option.GENERIC in model.options:
        return "generic"
    return "mapped" if model.candidates else "none"


def _has_energy(catalog: Catalog, model: Model) -> bool:
    """Tell whether one of a product's maps gives energy."""
    return any(QuantityKind.ENERGY in _kinds(catalog.profiles[row.profile]) for row in model.candidates)


def _kinds(profile: Profile) -> set[QuantityKind]:
    """Return the kinds of quantities that a map gives, settings left out."""
    known = [QUANTITIES[key] for key in profile.measures if key in QUANTITIES]
    return {quantity.kind for quantity in known if not quantity.diagnostic}


def _families(catalog: Catalog) -> Iterator[str]:
    """Give a section per family; products that differ in their number only share a line."""
    for family in catalog.families.values():
        numbers: dict[Row, list[str]] = defaultdict(list)
        for model in catalog.models.values():
            if model.family == family.id:
                numbers[_row(catalog, model)].append(_number(model))
        lines = [f"| {', '.join(same)} | {' | '.join(row)} |\n" for row, same in numbers.items()]
        yield f"## {family.name}\n\n{FAMILY_HEAD}{''.join(lines)}"


def _number(model: Model) -> str:
    """Return the number as printed; a dash for products that have none."""
    return "—" if "_" in model.number else model.display_number


def _row(catalog: Catalog, model: Model) -> Row:
    """Return what is known of a product."""
    sort = _sort(model)
    if sort == "pulse":
        gives = "energy" if model.commodity in (None, Commodity.ELECTRICITY) else "volume"
        return Row(model.name, "its concentrator's", "its concentrator's", gives)
    if sort == "generic":
        return Row(model.name, "what you enter", "—", "energy")
    if not model.candidates:
        return Row(model.name, "—", "—" if sort == "carrier" else "none", "—")
    profiles = [catalog.profiles[candidate.profile] for candidate in model.candidates]
    return Row(
        model.name,
        " or ".join(f"`{profile.id}`" for profile in profiles),
        " or ".join(dict.fromkeys(candidate.confidence.value for candidate in model.candidates)),
        "; or ".join(dict.fromkeys(_gives(catalog, model, profile) for profile in profiles)),
    )


def _gives(catalog: Catalog, model: Model, profile: Profile) -> str:
    """Return what a map gives of a product, in words."""
    if profile.inputs is not None:
        return f"pulses of {profile.inputs.count} inputs"
    kinds = _kinds(profile)
    words = [word for kind, word in GROUPS.items() if kind in kinds]
    if "energy" in model.measures and QuantityKind.ENERGY not in kinds:
        words.append("*no energy*")
    words += _states(profile)
    if (profile.commands or profile.settings) and catalog.may_command(model.number, profile):
        words.append("commands")
    if profile.clock is not None:
        words.append("clock")
    return ", ".join(words)


def _states(profile: Profile) -> Iterator[str]:
    """Give what a map tells of states: how many of each kind, and alarms."""
    kinds = Counter(state.kind for state in profile.states.values())
    counts = {word: kinds[kind] for kind, word in COUNTED.items() if kinds[kind]}
    if counts:
        told = " and ".join(f"{count} {word}{_plural(count)}" for word, count in counts.items())
        yield f"state{_plural(sum(counts.values()))} of {told}"
    groups = Counter(state.alarm for state in profile.states.values())
    for group, word in ALARMS.items():
        if groups[group]:
            yield f"{word}{_plural(groups[group])}"


def _plural(count: int) -> str:
    """Return the letter that several of something have."""
    return "" if count == 1 else "s"


def _maps(profiles: Iterable[Profile]) -> str:
    """Return the table of maps."""
    lines = [
        f"| `{profile.id}` | {profile.name} | {profile.confidence.value} | {_count(profile)} "
        f"| {'yes' if profile.probes else 'no'} | {profile.source} |\n"
        for profile in profiles
    ]
    return MAPS_HEAD + "".join(lines)


def _count(profile: Profile) -> int:
    """Return how many values a map gives, states included; per input where it has pulse inputs."""
    return len(profile.measures) + len(profile.states) if profile.inputs is None else len(profile.inputs.measures)


if __name__ == "__main__":
    print(page(Catalog.load()), end="")
