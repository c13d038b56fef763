"""Which registers to read in one go.

This module owns the split of wanted registers into blocks. It sends nothing (``client``) and decodes nothing
(``codec``).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..catalog import Space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ..catalog import ReadRules, Register

GROUP_GAP: Final = 48
"""Unused words read rather than asked around, inside a group: at 19200 bit/s with 50 ms between frames a request
costs about as much as these."""

FREE_GAP: Final = 16
"""The same where the map does not say which addresses exist."""

_BITS_PER_READ: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Block:
    """One read: ``count`` words, or bits, from ``address``."""

    space: Space
    address: int
    count: int
    rows: tuple[Register, ...]
    step: int = 1
    """Addresses per word: 2 where addresses count bytes."""

    def words_of(self, row: Register, words: list[int]) -> list[int]:
        """Return the words of one row out of the block's answer."""
        offset = (row.address - self.address) // self.step
        return words[offset : offset + row.words]

    @property
    def seam(self) -> int | None:
        """The address to split the block at when a device refuses it: behind its widest gap, else in its middle.

        None where all rows start at one address.
        """
        best, at, end = 0, None, self.address
        for row in self.rows:
            if row.address - end > best:
                best, at = row.address - end, row.address
            end = max(end, row.address + row.words * self.step)
        if at is None:
            starts = sorted({row.address for row in self.rows})
            at = starts[len(starts) // 2] if len(starts) > 1 else None
        return at


def plan(
    rows: Iterable[Register],
    rules: ReadRules,
    seams: Collection[tuple[Space, int]] = (),
) -> list[Block]:
    """Return the fewest blocks that read all rows within the rules.

    ``seams`` are addresses that no block may contain beyond its first: ``(space, address)``.
    """
    wanted = dict.fromkeys(rows)
    blocks: list[Block] = []
    for space in Space:
        of_space = [row for row in wanted if row.space is space]
        if of_space:
            blocks.extend(_plan_space(space, of_space, rules, sorted(at for where, at in seams if where is space)))
    return blocks


def _plan_space(space: Space, rows: list[Register], rules: ReadRules, seams: list[int]) -> list[Block]:
    """Merge the rows of one space."""
    of_words = space in (Space.HOLDING, Space.INPUT)
    joint = _Joint(
        step=2 if rules.byte_addresses and of_words else 1,
        most=rules.max_words if of_words else _BITS_PER_READ,
        groups=[(start, words) for where, start, words in rules.groups if where is space],
        free=not rules.groups,
        seams=seams,
    )
    step = joint.step
    runs: list[list[Register]] = []
    end = 0
    # Words at odd distances cannot be told apart in one answer of a byte-counted map: first one half, then the other.
    for row in sorted(rows, key=lambda row: (row.address % step, row.address, row.words)):
        if runs and joint.holds(runs[-1][0].address, end, row):
            runs[-1].append(row)
            end = max(end, row.address + row.words * step)
        else:
            runs.append([row])
            end = row.address + row.words * step
    return [_block(run, step) for run in runs]


def _block(rows: list[Register], step: int) -> Block:
    """Return the block that reads some rows, the lowest address first."""
    first = rows[0]
    end = max(row.address + row.words * step for row in rows)
    return Block(
        space=first.space,
        address=first.address,
        count=(end - first.address) // step,
        rows=tuple(rows),
        step=step,
    )


@dataclass(frozen=True, kw_only=True)
class _Joint:
    """What may be read together in one space."""

    step: int
    most: int
    groups: list[tuple[int, int]]
    """Start and words of each."""
    free: bool
    """True where the map names no groups."""
    seams: list[int]

    def holds(self, start: int, end: int, row: Register) -> bool:
        """Tell whether a row may be read together with the run from ``start`` to ``end``."""
        last = max(end, row.address + row.words * self.step)
        if (row.address - start) % self.step or (last - start) // self.step > self.most:
            return False
        if row.address - end > (FREE_GAP if self.free else GROUP_GAP) * self.step:
            return False
        if not self.free and not any(
            first <= start and last <= first + words * self.step for first, words in self.groups
        ):
            return False
        seam = bisect_right(self.seams, start)
        return seam >= len(self.seams) or self.seams[seam] > row.address
