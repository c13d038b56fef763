"""The loads and groups to choose from, as forms and lists take them. Knows names and keys, not where they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .const import LOADS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Loads and groups that a device can be given: their names by their keys."""

    loads: Mapping[str, str] = field(default_factory=lambda: {key: key for key in LOADS})
    groups: Mapping[str, str] = field(default_factory=dict)

    def load(self, given: str) -> str:
        """Return the key of a load, given by key or name; what is given where there is none."""
        return _key(self.loads, given) or given

    def group(self, given: str) -> str | None:
        """Return the key of a group, given by key or name; None where there is none."""
        return _key(self.groups, given)


def _key(names: Mapping[str, str], given: str) -> str | None:
    """Return the key that has a name, or is it."""
    if given in names:
        return given
    wanted = given.strip().casefold()
    return next((key for key, name in names.items() if name.casefold() == wanted), None)
