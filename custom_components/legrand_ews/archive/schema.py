"""The tables. Owns their layout; ``migration`` brings a database to it, ``naming`` gives out the ids.

Names are stored once and told by small numbers. What a row belongs to is a *place*: commodity, load, groups, and
whether it is counted. A row keeps its place for ever, so moving a device changes nothing of the past, and the amounts
of loads, groups and totals are sums over the roll-ups of the devices. All rows lead to a site: by their device, or
directly.

A row has a *rate*, too: what a kWh or a m3 cost then. An interval of several rates has parts; roll-ups are kept by
rate. Prices and costs are exact decimals, as text.

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
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

VERSION: Final = 1

UNPRICED: Final = 0
PARTED: Final = -1
"""Instead of the number of a rate: there is none; the parts have theirs."""

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

RATE: Final = Table(
    "ews_rate",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("tariff", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("price", Text, nullable=False),
    Column("currency", Text, nullable=False),
    UniqueConstraint("site", "tariff", "name", "price", "currency"),
)
"""The price is a decimal without zeros that say nothing, so that each is there once."""

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
    Column("rate", Integer, nullable=False),
    PrimaryKeyConstraint("start", "meter"),
    sqlite_with_rowid=False,
)

PART: Final = Table(
    "ews_part",
    METADATA,
    Column("start", BigInteger, nullable=False),
    Column("meter", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("rate", Integer, nullable=False),
    PrimaryKeyConstraint("start", "meter", "at"),
    sqlite_with_rowid=False,
)
"""Start is that of the interval, ``at`` that of the part."""

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

CHARGE: Final = Table(
    "ews_charge",
    METADATA,
    Column("site", Integer, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("charge", Text, nullable=False),
    Column("commodity", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cost", Text, nullable=False),
    Column("currency", Text, nullable=False),
    PrimaryKeyConstraint("site", "day", "charge"),
    sqlite_with_rowid=False,
)


SESSION: Final = Table(
    "ews_session",
    METADATA,
    Column("site", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("energy", BigInteger),
    Column("charge", BigInteger),
    Column("card", Text),
    Column("priority", Boolean, nullable=False),
    Column("breaks", Text, nullable=False),
    PrimaryKeyConstraint("site", "id"),
    Index("ews_session_start", "site", "start"),
    sqlite_with_rowid=False,
)
"""Until is the end, NULL while the car is there; breaks are a JSON list."""

SESSION_PART: Final = Table(
    "ews_session_part",
    METADATA,
    Column("site", Integer, nullable=False),
    Column("session", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("rate", Integer, nullable=False),
    PrimaryKeyConstraint("site", "session", "position"),
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
        Column("rate", Integer, nullable=False),
        PrimaryKeyConstraint("meter", "start", "place", "rate"),
        sqlite_with_rowid=False,
    )


HOUR: Final = _roll_up("ews_hour")
DAY: Final = _roll_up("ews_day")
MONTH: Final = _roll_up("ews_month")
ROLL_UPS: Final = (HOUR, DAY, MONTH)
"""In the order of ``LocalTime.floors``."""

_OWNER: Final = (
    "s.key AS site, d.key AS device, m.quantity, p.commodity, NULLIF(p.load, '') AS load, p.groups, p.counted"
)
_OWNERS: Final = """JOIN ews_meter m ON m.id = i.meter JOIN ews_device d ON d.id = m.device
    JOIN ews_place p ON p.id = i.place JOIN ews_site s ON s.id = d.site"""
_RATE: Final = "r.tariff, r.name AS tariff_name, r.price, r.currency"

VIEWS: Final = (
    f"""CREATE VIEW ews_intervals AS
    SELECT {_OWNER},
           i.start, i.seconds, i.amount, i.estimated
    FROM ews_interval i
    {_OWNERS}""",  # noqa: S608 -- our own names
    f"""CREATE VIEW ews_costs AS
    SELECT {_OWNER},
           i.start, COALESCE(c.at, i.start) AS part_start, COALESCE(c.amount, i.amount) AS amount, i.estimated,
           {_RATE}
    FROM ews_interval i
    {_OWNERS}
    LEFT JOIN ews_part c ON c.start = i.start AND c.meter = i.meter
    LEFT JOIN ews_rate r ON r.id = COALESCE(c.rate, i.rate)""",  # noqa: S608 -- our own names
    *(
        f"""CREATE VIEW {name}s AS
    SELECT {_OWNER},
           i.start, i.amount, i.estimated,
           {_RATE}
    FROM {name} i
    {_OWNERS}
    LEFT JOIN ews_rate r ON r.id = i.rate"""  # noqa: S608 -- our own names
        for name in ("ews_hour", "ews_day", "ews_month")
    ),
)
"""For other programs: names instead of numbers."""

HYPERTABLES: Final = ((INTERVAL, 7 * 86400), (SAMPLE, 86400))
"""Tables that TimescaleDB cuts by time, with the seconds of a piece."""
