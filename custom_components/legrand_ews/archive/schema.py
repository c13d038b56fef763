"""The tables. Owns their layout; ``migration`` brings a database to it, ``naming`` gives out the ids.

Names are stored once and told by small numbers. What a row belongs to is a *place*: commodity, load, groups, and
whether it is counted. A row keeps its place for ever, so moving a device changes nothing of the past, and the amounts
of loads, groups and totals are sums over the roll-ups of the devices. All rows lead to a site: by their device, or
directly.

Intervals are laid down in the order of time, so that the file grows at its end and the oldest go from its beginning;
roll-ups and samples are laid down by device, which is how they are read.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

VERSION: Final = 1

METADATA: Final = MetaData()

SCHEMA: Final = Table("ews_schema", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))

SITE: Final = Table(
    "ews_site",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("zone", Text, nullable=False),
    Column("intervals", BigInteger, nullable=False, server_default="0"),
    Column("samples", BigInteger, nullable=False, server_default="0"),
    Column("last_interval", BigInteger),
    Column("kept_since", BigInteger),
    Column("zone_since", BigInteger),
)
"""Roll-ups of intervals before ``zone_since`` are of an earlier time zone; NULL: none are."""

DEVICE: Final = Table(
    "ews_device",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("number", Integer),
    UniqueConstraint("site", "key"),
    UniqueConstraint("site", "number"),
)
"""The number is what people see, from 1 on; NULL before somebody asked for it."""

METER: Final = Table(
    "ews_meter",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("device", Integer, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("until", BigInteger),
    Column("level", BigInteger),
    UniqueConstraint("device", "quantity"),
)
"""Until and level are the mark: the end of the newest interval, and what the counter stood at then."""

PLACE: Final = Table(
    "ews_place",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("commodity", Text, nullable=False),
    Column("load", Text, nullable=False),
    Column("groups", Text, nullable=False),
    Column("counted", Boolean, nullable=False),
    UniqueConstraint("site", "commodity", "load", "groups", "counted"),
)
"""No load is an empty text; groups are a JSON list in order."""

PLACE_GROUP: Final = Table(
    "ews_place_group",
    METADATA,
    Column("place", Integer, nullable=False),
    Column("key", Text, nullable=False),
    PrimaryKeyConstraint("place", "key"),
    sqlite_with_rowid=False,
)

LAYOUT: Final = Table(
    "ews_layout",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("names", Text, nullable=False, unique=True),
)
"""Names of quantities in the order of a sample's values, a JSON list."""

INTERVAL: Final = Table(
    "ews_interval",
    METADATA,
    Column("start", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("meter", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("estimated", Boolean, nullable=False),
    PrimaryKeyConstraint("start", "meter"),
    sqlite_with_rowid=False,
)

SAMPLE: Final = Table(
    "ews_sample",
    METADATA,
    Column("start", BigInteger, nullable=False),
    Column("device", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("layout", Integer, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("device", "start"),
    sqlite_with_rowid=False,
)

ALARM: Final = Table(
    "ews_alarm",
    METADATA,
    Column("site", Integer, nullable=False),
    Column("id", BigInteger, nullable=False),
    Column("at", Double, nullable=False, index=True),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("site", "id"),
    sqlite_with_rowid=False,
)


def _roll_up(name: str) -> Table:
    """Return a table of amounts; ``start`` is the first instant of the local hour, day or month."""
    return Table(
        name,
        METADATA,
        Column("start", BigInteger, nullable=False),
        Column("amount", BigInteger, nullable=False),
        Column("estimated", BigInteger, nullable=False),
        Column("meter", Integer, nullable=False),
        Column("place", Integer, nullable=False),
        PrimaryKeyConstraint("meter", "start", "place"),
        sqlite_with_rowid=False,
    )


HOUR: Final = _roll_up("ews_hour")
DAY: Final = _roll_up("ews_day")
MONTH: Final = _roll_up("ews_month")
ROLL_UPS: Final = (HOUR, DAY, MONTH)
"""In the order of ``LocalTime.floors``."""

VIEWS: Final = (
    """CREATE VIEW ews_intervals AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           i.start, i.seconds, i.amount, i.estimated
    FROM ews_interval i
    JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site""",
    *(
        f"""CREATE VIEW {name}s AS
    SELECT s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted,
           r.start, r.amount, r.estimated
    FROM {name} r
    JOIN ews_meter m ON m.id = r.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = r.place JOIN ews_site s ON s.id = d.site"""  # noqa: S608 -- our own names
        for name in ("ews_hour", "ews_day", "ews_month")
    ),
)
"""For other programs: names instead of numbers."""

HYPERTABLES: Final = ((INTERVAL, 7 * 86400), (SAMPLE, 86400))
"""Tables that TimescaleDB cuts by time, with the seconds of a piece."""
