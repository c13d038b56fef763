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
    def seam(self) -> int:
        """The address to split the block at when a device refuses it: behind its widest gap."""
        best, at = -1, self.rows[len(self.rows) // 2].address
        for left, right in zip(self.rows, self.rows[1:], strict=False):
            gap = right.address - left.address - left.words * self.step
            if gap > max(best, 0):
                best, at = gap, right.address
        return at


def plan(
    rows: Iterable[Register],
    rules: ReadRules,
    seams: Collection[tuple[Space, int]] = (),
) -> list[Block]:
    """Return the fewest blocks that read all rows within the rules.

    ``seams`` are addresses that no block may contain beyond its first: ``(space, address)``.
    """
    blocks: list[Block] = []
    for space in Space:
        of_space = sorted({row for row in rows if row.space is space}, key=lambda row: (row.address, row.words))
        blocks.extend(_plan_space(space, of_space, rules, sorted(at for where, at in seams if where is space)))
    return blocks


def _plan_space(space: Space, rows: list[Register], rules: ReadRules, seams: list[int]) -> list[Block]:
    """Merge the sorted rows of one space."""
    step = 2 if rules.byte_addresses and space in (Space.HOLDING, Space.INPUT) else 1
    most = rules.max_words if space in (Space.HOLDING, Space.INPUT) else _BITS_PER_READ
    groups = [(start, start + words) for where, start, words in rules.groups if where is space]
    blocks: list[Block] = []
    run: list[Register] = []
    end = 0

    def close() -> None:
        """Make a block of the run."""
        if run:
            count = (end - run[0].address) // step
            blocks.append(Block(space=space, address=run[0].address, count=count, rows=tuple(run), step=step))

    for row in rows:
        row_end = row.address + row.words * step
        if not run or not _joins(run[0].address, end, row, row_end, step=step, most=most, groups=groups, seams=seams):
            close()
            run, end = [], 0
        run.append(row)
        end = max(end, row_end)
    close()
    return blocks


def _joins(
    start: int,
    end: int,
    row: Register,
    row_end: int,
    *,
    step: int,
    most: int,
    groups: list[tuple[int, int]],
    seams: list[int],
) -> bool:
    """Tell whether a row may be read together with the run from ``start`` to ``end``."""
    last = max(end, row_end)
    if (last - start) // step > most:
        return False
    # Words at odd distances cannot be told apart in one answer of a byte-counted map.
    if (row.address - start) % step:
        return False
    gap = (row.address - end) // step
    group = next((bounds for bounds in groups if bounds[0] <= start < bounds[1]), None)
    if group is not None:
        if last > group[1] or gap > GROUP_GAP:
            return False
    elif gap > FREE_GAP:
        return False
    seam = bisect_right(seams, start)
    return seam >= len(seams) or seams[seam] > row.address
