"""The register map of a pulse meter: one input of the concentrator it is wired to.

This module owns the step from pulses to energy or volume.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from .profile import Profile


def pulse_meter_profile(carrier: Profile, position: int, key: str, per_pulse: Decimal) -> Profile:
    """Return the map of the meter at an input (1 based), its pulses counted as quantity ``key``.

    ``per_pulse`` is in the base unit of that quantity. A concentrator whose map already gives the quantity is taken
    as it is. Raises ``ValueError`` where the concentrator has no such input.
    """
    profile = carrier.at_position(position)
    pulses = profile.measures.get("pulses")
    if key in profile.measures or pulses is None:
        return replace(profile, measures={key: profile.measures[key]} if key in profile.measures else {})
    counted = replace(
        pulses,
        key=key,
        parts=tuple(replace(part, scale=part.scale * per_pulse) for part in pulses.parts),
        modulus=None if pulses.modulus is None else pulses.modulus * per_pulse,
    )
    return replace(profile, measures={key: counted})
