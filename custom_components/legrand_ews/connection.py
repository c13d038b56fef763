"""How a gateway is reached: from entry data to the parameters of Home Assistant's shared Modbus connection.

The connection itself is Home Assistant's (``homeassistant.components.modbus``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.const import CONF_DEVICE, CONF_HOST, CONF_PORT
from homeassistant.exceptions import HomeAssistantError
from modbus_connection import ModbusSerialParams, ModbusTcpParams
from modbus_connection.exceptions import ModbusConnectionError, ModbusError, ModbusTimeoutError

from .const import (
    CONF_BAUDRATE,
    CONF_CONNECTION,
    CONF_PARITY,
    CONF_STOPBITS,
    CONNECTION_RTU_TCP,
    CONNECTION_TCP,
    DEFAULT_BAUDRATE,
    DEFAULT_PARITY,
    DEFAULT_STOPBITS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant
    from modbus_connection import ModbusUnit

# Behind a Modbus TCP gateway the line's speed is not known: allow for a slow one.
_UNKNOWN_BAUDRATE: Final = 9600
_TEST_TIMEOUT: Final = 1.5


def modbus_params(data: Mapping[str, Any]) -> ModbusTcpParams | ModbusSerialParams:
    """Return the connection parameters that a gateway's entry data describe."""
    if data[CONF_CONNECTION] == CONNECTION_TCP:
        return ModbusTcpParams(host=data[CONF_HOST], port=data[CONF_PORT])
    if data[CONF_CONNECTION] == CONNECTION_RTU_TCP:
        device = f"socket://{_host(data).lower()}:{data[CONF_PORT]}"
        return ModbusSerialParams(device=device, baudrate=line_speed(data))
    return ModbusSerialParams(
        device=data[CONF_DEVICE],
        baudrate=line_speed(data),
        parity=data.get(CONF_PARITY, DEFAULT_PARITY),
        stopbits=int(data.get(CONF_STOPBITS, DEFAULT_STOPBITS)),  # type: ignore[arg-type]
    )


def _host(data: Mapping[str, Any]) -> str:
    """Return the host as it stands before a port: an IPv6 address in brackets."""
    host: str = data[CONF_HOST]
    return f"[{host}]" if ":" in host else host


def line_speed(data: Mapping[str, Any]) -> int:
    """Return the speed of the RS485 line in bit/s, as far as it is known."""
    if data[CONF_CONNECTION] == CONNECTION_TCP:
        return _UNKNOWN_BAUDRATE
    return int(data.get(CONF_BAUDRATE, DEFAULT_BAUDRATE))


def endpoint_name(data: Mapping[str, Any]) -> str:
    """Return the address as people write it: ``192.168.1.20:502`` or ``/dev/ttyUSB0``."""
    return f"{_host(data)}:{data[CONF_PORT]}" if CONF_HOST in data else str(data[CONF_DEVICE])


async def async_test_gateway(hass: HomeAssistant, data: Mapping[str, Any]) -> str | None:
    """Try to reach a gateway; return the reason where it cannot be reached.

    An answer of any kind counts, and so does silence: there may be no device behind the gateway yet.
    """
    try:
        async with async_get_temporary_unit(hass, modbus_params(data), 1) as unit:
            return await _try(unit)
    except (HomeAssistantError, OSError) as err:
        return str(err)


async def _try(unit: ModbusUnit) -> str | None:
    """Read something of a unit; return the reason where there is no connection."""
    unit.require_timeout(_TEST_TIMEOUT)
    try:
        await unit.read_holding_registers(0, 1)
    except ModbusConnectionError as err:
        return str(err)
    except ModbusTimeoutError as err:
        # A host that is not there can be silent too.
        return None if unit.connected else str(err)
    except ModbusError:
        return None
    return None
