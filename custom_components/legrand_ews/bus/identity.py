"""What a device says of itself: serial number, firmware, product.

This module owns the reading and the form of these texts. Where they lie is in the maps (``Profile.identity``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from modbus_connection.exceptions import ModbusConnectionError, ModbusError

from .codec import decode
from .plan import plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..catalog import Profile, Register
    from .client import UnitClient
    from .link import Priority


async def read_identity(client: UnitClient, profile: Profile, priority: Priority) -> Mapping[str, str]:
    """Return what a device says of itself: ``serial``, ``firmware``, ``product``, as far as it answers.

    Raises ``ModbusConnectionError`` where the gateway cannot be reached.
    """
    words: dict[Register, Sequence[int]] = {}
    for block in plan(profile.identity.values(), profile.read):
        try:
            read = await client.read(priority, block.space, block.address, block.count)
        except ModbusConnectionError:
            raise
        except ModbusError:
            continue
        words.update({row: block.words_of(row, read) for row in block.rows})
    texts = {key: _text(key, row, words[row]) for key, row in profile.identity.items() if row in words}
    return {key: text for key, text in texts.items() if text}


def _text(key: str, row: Register, words: Sequence[int]) -> str:
    """Return a value as people write it: serial numbers of digits in hexadecimal, versions without trailing noughts."""
    value = decode(row, words)
    if isinstance(value, Decimal):
        return f"{int(value):X}" if key == "serial" else f"{value.normalize():f}"
    return "" if value is None else str(value)
