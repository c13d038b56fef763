"""What a site consists of, as tables and downloads show it. Owns the shape; who fills it is the root's matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .rows import Commodity


@dataclass(frozen=True, kw_only=True)
class SiteDevice:
    """A device with the names that people know it by."""

    id: str
    name: str
    gateway: str
    host: str
    """Where the gateway is: IP address and port, or the serial port."""
    address: str
    """Modbus address, with position or side."""
    model: str
    family: str
    commodity: Commodity | None
    """None: it counts nothing, as a breaker."""
    load: str | None
    groups: tuple[str, ...]
    counted: bool
    """False: excluded from totals."""
    number: int | None = None
    """As the folders show it; None before the archive gave one."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The devices of a site, and what they are sorted by."""

    name: str
    devices: tuple[SiteDevice, ...]
    loads: Mapping[str, str]
    """Names by key."""
    groups: Mapping[str, str]
    """Names by key."""
