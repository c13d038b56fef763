"""What the load manager needs of a station, however it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from decimal import Decimal

    from ..greenup import StationConfig, StationReading


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One look at a station."""

    reading: StationReading
    energy: Decimal | None = None
    """Wh: an index, or a counter that starts anew with each car; None: it does not count."""
    card: str | None = None
    """What the driver identified himself with."""
    told: float | None = None
    """A: the order as the station has it; None: it does not tell."""


class OrderError(Exception):
    """A station could not be told its order; the text says why."""


class Port(Protocol):
    """A station under the load manager."""

    config: StationConfig
    name: str
    patience: float
    """s that a station may take until what it tells of its order is the newest one."""

    @property
    def there(self) -> bool:
        """False while it cannot be looked at yet: Home Assistant is still starting."""

    @property
    def line(self) -> str:
        """What it shares with other stations: looked at in turn, so that the meter gets between."""

    @property
    def refresh(self) -> float | None:
        """How often an order has to be repeated, s; None: it stays."""

    def settable(self, limit: float) -> float:
        """Return the highest limit that the station can be told and that is not above ``limit``, A; 0.0: none."""

    async def async_look(self) -> Sight | None:
        """Look at the station; None where it does not answer."""

    async def async_order(self, limit: float) -> None:
        """Tell the station its limit, A; 0.0: not authorised. Raises ``OrderError``."""
