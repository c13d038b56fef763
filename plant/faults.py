"""What can be wrong with a device or a gateway, on demand.

This module owns the state of faults; ``gateway`` obeys it, ``control`` sets it by words. Faults of a gateway apply to
all of its devices. Frozen values, resets and rollovers are the device's own matter (``unit``); closed doors and dropped
connections the server's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FOREVER = -1
"""A count of answers that never runs out."""


@dataclass(frozen=True, kw_only=True)
class ExceptionOn:
    """Reads and writes that touch these addresses are answered with an exception."""

    code: int
    first: int = 0
    last: int = 0xFFFF


@dataclass(kw_only=True)
class Faults:
    """The faults of one device, or of all behind a gateway."""

    silent: bool = False
    delay: float = 0.0
    """s that answers take longer."""
    busy_until: float = 0.0
    """Loop time until which everything is answered with exception 06."""
    exceptions: list[ExceptionOn] = field(default_factory=list)
    wrong_length: int = 0
    """Answers still to come that lack their last word."""
    wrong_transaction: int = 0
    """Answers still to come that carry another transaction's number."""
    garbage: int = 0
    """Answers still to come with words that mean nothing."""
    refuse_writes: int = 0
    """Writes still to come that are refused; reads are not."""
    refusal: int = 4
    """The exception code of these."""
    lose_before: int = 0
    """Writes still to come that are lost before they are done."""
    lose_after: int = 0
    """Writes still to come that are done, but whose answer is lost."""
    stuck: bool = False
    """Commands are taken and do nothing."""
    mechanism_delay: float = 0.0
    """s of the installation's time that states follow late."""

    def code(self, now: float, address: int, count: int) -> int | None:
        """Return the exception code for a request of these addresses, None where it is served."""
        if now < self.busy_until:
            return 6
        for row in self.exceptions:
            if row.first < address + count and address <= row.last:
                return row.code
        return None

    def take(self, kind: str) -> bool:
        """Return True where the next answer has this fault (a field that counts), and count it."""
        left: int = getattr(self, kind)
        if left > 0:
            setattr(self, kind, left - 1)
        return left != 0

    def clear(self) -> None:
        """Be well again."""
        self.__init__()  # type: ignore[misc]
