"""How charging is managed, as the installation's options have it: read once, in the words of the load manager.

This module owns how the main meter, limits and stations are stored. The forms that ask for them are elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Literal, Self, get_args

from ..const import OPT_GREENUP
from ..greenup import LoadManagerConfig, Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

type Layout = Literal["total", "dedicated"]
type OnStop = Literal["keep", "minimum", "stop"]

LAYOUTS: Final[tuple[Layout, ...]] = get_args(Layout.__value__)
ON_STOP: Final[tuple[OnStop, ...]] = get_args(OnStop.__value__)
INTERVALS: Final = (1.0, 5.0)
"""s between two readings of the main meter: the least and the most."""
DEFAULT_INTERVAL: Final = 2.0
MOST_SENSORS: Final = 3
CONF_CONFIG: Final = "config"
CONF_METER: Final = "meter"
CONF_SENSORS: Final = "sensors"
CONF_LAYOUT: Final = "layout"
CONF_INTERVAL: Final = "interval"
CONF_ON_STOP: Final = "on_stop"
CONF_PRIORITY: Final = "priority"
CONF_UNMANAGED: Final = "unmanaged"


@dataclass(frozen=True, kw_only=True)
class GreenupSettings:
    """How charging is managed. Raises ValueError for what contradicts itself."""

    config: LoadManagerConfig
    meter: str | None = None
    """Id of the device (subentry) that measures the mains; None: the sensors do."""
    sensors: tuple[str, ...] = ()
    """Ids of one to three entities, currents in A of L1, L2, L3; empty where a device is the meter."""
    layout: Layout = "total"
    """What the meter measures: the whole site, or a part that only charges (manual 7.16.5.1, images 1 and 2)."""
    interval: float = DEFAULT_INTERVAL
    """s between two readings of the meter."""
    priority: frozenset[str] = frozenset()
    """Ids of the stations that have priority by default."""
    unmanaged: frozenset[str] = frozenset()
    """Ids of the stations that are left alone."""
    on_stop: OnStop = "minimum"
    """What stations are told when Home Assistant stops."""

    def __post_init__(self) -> None:
        """Refuse what could not be managed; limits and times are checked by the config itself."""
        config = self.config
        if (self.meter is None) == (not self.sensors):
            raise ValueError("the main meter is a device or sensors, one of both")
        if len(set(self.sensors)) < len(self.sensors) or len(self.sensors) > MOST_SENSORS:
            raise ValueError("there is one sensor of current for each phase")
        if self.layout not in LAYOUTS or self.on_stop not in ON_STOP:
            raise ValueError("the layout or what is done at a stop is not known")
        if not INTERVALS[0] <= self.interval <= INTERVALS[1]:
            raise ValueError(f"the meter is read every {INTERVALS[0]:g} to {INTERVALS[1]:g} s")
        if config.margin is not None and not 0 <= config.margin < config.charge_current:
            raise ValueError("the margin is from 0 to the current for charging")
        if config.charging_cap is not None and not (isfinite(config.charging_cap) and config.charging_cap > 0):
            raise ValueError("the limit of all stations together is above 0")

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self | None:
        """Read the options of the installation; None until both meter and limits were given.

        Raises ValueError with the reason where what is stored contradicts itself.
        """
        stored = options.get(OPT_GREENUP, {})
        if not is_complete(stored):
            return None
        try:
            return cls(
                config=read_config(stored[CONF_CONFIG]),
                meter=stored.get(CONF_METER),
                sensors=tuple(stored.get(CONF_SENSORS, ())),
                priority=frozenset(stored.get(CONF_PRIORITY, ())),
                unmanaged=frozenset(stored.get(CONF_UNMANAGED, ())),
                **{key: stored[key] for key in (CONF_LAYOUT, CONF_INTERVAL, CONF_ON_STOP) if key in stored},
            )
        except TypeError as error:
            raise ValueError(str(error)) from error

    def stored(self) -> dict[str, Any]:
        """Return what the options have of it, plain JSON."""
        meter = {CONF_SENSORS: list(self.sensors)} if self.meter is None else {CONF_METER: self.meter}
        return {
            **meter,
            CONF_LAYOUT: self.layout,
            CONF_INTERVAL: self.interval,
            CONF_CONFIG: asdict(self.config) | {"mode": self.config.mode.value},
            CONF_PRIORITY: sorted(self.priority),
            CONF_UNMANAGED: sorted(self.unmanaged),
            CONF_ON_STOP: self.on_stop,
        }


def is_complete(stored: Mapping[str, Any]) -> bool:
    """Tell whether meter and limits are stored, the two without which nothing can be managed."""
    return bool(stored.get(CONF_METER) or stored.get(CONF_SENSORS)) and CONF_CONFIG in stored


def read_config(stored: Mapping[str, Any]) -> LoadManagerConfig:
    """Read limits and times; what is not stored has its default. Raises ValueError or TypeError for what cannot be."""
    known = {field.name: stored[field.name] for field in fields(LoadManagerConfig) if field.name in stored}
    if "mode" in known:
        known["mode"] = Mode(known["mode"])
    return LoadManagerConfig(**known)
