"""What the tests of the CSV folders share: a site, and the files as people see them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from custom_components.legrand_ews.archive import CsvStyle, Folders, Site, SiteDevice

from .support import ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from custom_components.legrand_ews.archive import Archive

POINT: Final = CsvStyle(decimal=".", separator=",")
OURS: Final = re.compile(
    r"devices/\d+/\d+_(energy|gas|water|stat|thd|harmonics|state)_\d{4}-\d\d\.csv"
    r"|(energy|gas|water)/(devices|groups|loads)_\d{4}-\d\d_\d+\.csv"
    r"|overallTotal/(values|costs)_\d{4}-\d\d\.csv|Charging/sessions_\d{4}-\d\d\.csv|settings/(devices|system)\.csv"
)
ROOTS: Final = count(1)


def device(number: int | None, key: str, commodity: Any = "electricity", **more: Any) -> SiteDevice:
    """Return a device of a site."""
    given_values: dict[str, Any] = {
        "name": key,
        "gateway": "Main",
        "host": "192.0.2.1:502",
        "address": f"{number}",
        "model": "412045",
        "family": "Meters",
        "load": "heating" if commodity == "electricity" else None,
        "groups": ("east",),
        "counted": True,
        **more,
    }
    return SiteDevice(id=key, number=number, commodity=commodity, **given_values)


def site(*devices: SiteDevice, suffix: str = "", **more: Any) -> Site:
    """Return a site; the suffix is part of all names."""
    given_devices = devices or (
        device(1, "mains"),
        device(2, "ovens"),
        device(3, "gas", "gas"),
        device(4, "tap", "water"),
    )
    named = {
        "loads": {"heating": f"Heating{suffix}", "sockets": f"Sockets{suffix}"},
        "groups": {"east": f"East{suffix}", "west": f"West{suffix}"},
        **more,
    }
    return Site(name="Home", devices=tuple(replace(one, name=one.name + suffix) for one in given_devices), **named)


def tree(root: Path) -> dict[str, bytes]:
    """Return the files that people see."""
    paths = (path for path in root.rglob("*") if path.is_file() and ".index" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def text(root: Path, path: str) -> list[str]:
    """Return the lines of a file, which begins with a mark."""
    lines = (root / path).read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines.pop() == ""
    return lines


def fresh(archive: Archive, root: Path, of: Site, now: int, style: CsvStyle | None = None) -> dict[str, bytes]:
    """Return the tree that is built from nothing."""
    folder = root / f"fresh {next(ROOTS)}"
    Folders(folder, style or CsvStyle(), ZONE).update(archive, of, now=now, since=None)
    return tree(folder)
