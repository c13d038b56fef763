"""Names and defaults that several modules of the integration share."""

from __future__ import annotations

import logging
from typing import Final

DOMAIN: Final = "legrand_ews"
LOGGER: Final = logging.getLogger(__package__)
DOCUMENTATION: Final = "https://github.com/legrand-ews/legrand_ews/blob/main/docs"

CONF_KIND: Final = "kind"
KIND_GATEWAY: Final = "gateway"
KIND_INSTALLATION: Final = "installation"

SUBENTRY_DEVICE: Final = "device"
SUBENTRY_LOAD: Final = "load"
SUBENTRY_GROUP: Final = "group"
SUBENTRY_CHARGER: Final = "charger"

CONF_CONNECTION: Final = "connection"
CONNECTION_TCP: Final = "tcp"
CONNECTION_RTU_TCP: Final = "rtu_tcp"
CONNECTION_SERIAL: Final = "serial"

CONF_AREA: Final = "area"
CONF_BAUDRATE: Final = "baudrate"
CONF_PARITY: Final = "parity"
CONF_STOPBITS: Final = "stopbits"
DEFAULT_PORT: Final = 502
DEFAULT_BAUDRATE: Final = 19200
DEFAULT_PARITY: Final = "E"
DEFAULT_STOPBITS: Final = 1
BAUDRATES: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)

OPT_RS485_TIMEOUT: Final = "rs485_timeout"
OPT_FRAME_INTERVAL: Final = "frame_interval"
OPT_STATUS_POLL_TIME: Final = "status_poll_time"
OPT_MEASURE_INTERVAL: Final = "measure_interval"
OPT_DEVICE_LIMIT: Final = "device_limit"
OPT_SYNC_CLOCK: Final = "sync_clock"
OPT_CODE: Final = "code"
OPT_LOADS_OFF: Final = "loads_off"
OPT_SAMPLE_RATE: Final = "sample_rate"
OPT_ARCHIVE_URL: Final = "archive_url"
OPT_KEEP_INTERVALS: Final = "keep_intervals"
OPT_KEEP_SAMPLES: Final = "keep_samples"
OPT_KEEP_ALARMS: Final = "keep_alarms"
OPT_KEEP_SESSIONS: Final = "keep_sessions"
OPT_CSV: Final = "csv"
OPT_CSV_DECIMAL: Final = "csv_decimal"
OPT_CSV_SEPARATOR: Final = "csv_separator"
OPT_GAS_FACTORS: Final = "gas_factors"
OPT_GREENUP: Final = "greenup"
DEFAULT_RS485_TIMEOUT: Final = 300
DEFAULT_FRAME_INTERVAL: Final = 50
DEFAULT_STATUS_POLL_TIME: Final = 60
DEFAULT_MEASURE_INTERVAL: Final = 10
DEFAULT_SAMPLE_RATE: Final = 10
SAMPLE_RATES: Final = (1, 5, 10, 15, 30, 60)
"""Minutes (manual 7.16.4)."""
STATUS_POLL_TIMES: Final = (3, 5, 10, 15, 30, 45, 60, 90, 120)
DEVICE_LIMITS: Final = (0, 10, 32, 255)
"""Addresses a gateway may have, as the web server's versions; 0: no limit of ours."""

CONF_FAMILY: Final = "family"
CONF_MODEL: Final = "model"
CONF_ADDRESS: Final = "address"
CONF_INTERFACE: Final = "interface"
CONF_POSITION: Final = "position"
CONF_CONCENTRATOR: Final = "concentrator"
CONF_SIDE: Final = "side"
CONF_PHASE: Final = "phase"
CONF_RATED_CURRENT: Final = "rated_current"
CONF_SUPPLY: Final = "supply"
CONF_PROFILE: Final = "profile"
CONF_LOAD: Final = "load"
CONF_EXCLUDE_FROM_TOTALS: Final = "exclude_from_totals"
CONF_EXCLUDE_ALERTS: Final = "exclude_alerts"
CONF_ALLOW_COMMANDS: Final = "allow_commands"
CONF_LABELS: Final = "labels"
CONF_GROUPS: Final = "groups"
CONF_IN_USE: Final = "in_use"
CONF_PULSE_WEIGHT: Final = "pulse_weight"
CONF_PULSE_UNIT: Final = "pulse_unit"
CONF_FUNCTION: Final = "function"
CONF_REGISTER: Final = "register"
CONF_WORDS: Final = "words"
CONF_FACTOR: Final = "factor"
CONF_TYPE: Final = "type"
CONF_WORD_ORDER: Final = "word_order"

SUPPLY_UPSTREAM: Final = "upstream"
SUPPLY_DOWNSTREAM: Final = "downstream"
PHASES: Final = ("l1", "l2", "l3")
SIDES: Final = ("left", "right")
LOADS: Final = ("heating", "cooling", "hot_water", "lighting", "sockets", "ventilation", "others")
"""The load types of RT 2012 and the rest (manual 7.16.2.2)."""
OTHERS: Final = LOADS[-1]
"""The load of electricity that has none."""

PROFILES_FOLDER: Final = "profiles"
