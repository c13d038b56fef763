"""What a device's memory is made of: rows that take up addresses, and refusals.

This module owns these two shapes. Rows are made by ``image`` and ``controls``, addresses are ``image``'s matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from custom_components.legrand_ews.catalog.profile import Register

ILLEGAL_FUNCTION: Final = 1
ILLEGAL_ADDRESS: Final = 2
ILLEGAL_VALUE: Final = 3
FAILURE: Final = 4

type Words = tuple[int, ...]


class Refused(Exception):  # noqa: N818
    """The device answers with an exception code."""

    def __init__(self, code: int) -> None:
        """Refuse with this code."""
        super().__init__(f"exception {code}")
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something that takes up addresses: a measure, a state, a setting, a named register, a probe's answer."""

    name: str
    parts: tuple[Register, ...]
    encode: Callable[[], list[Words]]
    """The words of each part, made anew."""
    writable: bool = False
    take: Callable[[list[Words]], None] | None = None
    """Takes the words of each part as they are after a write, or raises ``Refused``. None: written words just stay."""
    single: bool | None = None
    """Written with functions 5 and 6 only, or with 15 and 16 only; None: with either."""
