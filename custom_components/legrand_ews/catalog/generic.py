"""The map of any meter whose owner knows one register: the manual's "Generic Modbus meter" (7.16.1.2).

This module owns the way from the figures of a form to a ``Profile``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .profile import Confidence, DataType, Measure, Profile, Register, Space

if TYPE_CHECKING:
    from decimal import Decimal

    from .profile import WordOrder

TYPES: Final = (
    DataType.U16,
    DataType.S16,
    DataType.U32,
    DataType.S32,
    DataType.U64,
    DataType.S64,
    DataType.F32,
    DataType.F64,
)
"""The types that a generic meter's register may have."""

_KILO: Final = 1000
_ADDRESSES: Final = 0x10000


def generic_profile(
    function: int,
    address: int,
    words: int,
    factor: Decimal,
    type: DataType | str,  # noqa: A002 -- the name of the field in profile files
    word_order: WordOrder = "big",
) -> Profile:
    """Return a map of one measure, the positive active energy.

    ``function`` 3 or 4; ``address`` on the wire; ``words`` as the type has; ``factor`` turns the raw number into kWh.
    Raises ``ValueError`` for figures that no register can have.
    """
    kind = DataType(type)
    if function not in (3, 4):
        raise ValueError(f"function {function} is neither 3 nor 4")
    if kind not in TYPES:
        raise ValueError(f"{kind} is no number")
    if words != kind.words:
        raise ValueError(f"{kind} takes {kind.words} words, not {words}")
    if not 0 <= address <= _ADDRESSES - words:
        raise ValueError(f"address {address} is not between 0 and {_ADDRESSES - words}")
    if not factor.is_finite() or factor <= 0:
        raise ValueError(f"factor {factor} is not above 0")
    if word_order not in ("big", "little"):
        raise ValueError(f"word order {word_order} is neither big nor little")
    register = Register(
        address=address,
        type=kind,
        words=words,
        space=Space.from_function(function),
        word_order=word_order,
        scale=factor * _KILO,
    )
    energy = Measure(
        key="energy_import",
        parts=(register,),
        modulus=None if register.modulus is None else register.modulus * register.scale,
    )
    return Profile(
        id="generic",
        name="Generic Modbus meter",
        source="the user",
        confidence=Confidence.THIRD_PARTY,
        measures={energy.key: energy},
        user=True,
    )
