"""Tests of the split of registers into reads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.bus import Block, plan
from custom_components.legrand_ews.bus.plan import FREE_GAP, GROUP_GAP
from custom_components.legrand_ews.catalog import DataType, ReadRules, Register, Space

from .support import register

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACES = (Space.HOLDING, Space.INPUT)
KINDS = (DataType.U16, DataType.S16, DataType.U32, DataType.U64, DataType.F32)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Rows and the rules they are read by."""

    rows: tuple[Register, ...]
    rules: ReadRules
    seams: frozenset[tuple[Space, int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Rows that lie as the loader lets them: inside a group where there are groups, on a word of it."""
    step = draw(st.sampled_from([1, 2]))
    groups = draw(
        st.lists(st.tuples(st.sampled_from(SPACES), st.integers(0, 400), st.integers(1, 80)), max_size=6, unique=True)
    )
    rules = ReadRules(max_words=draw(st.integers(4, 60)), groups=tuple(groups), byte_addresses=step == 2)
    rows = []
    for _ in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(KINDS))
        words = kind.words or 1
        if groups:
            space, start, size = draw(st.sampled_from(groups))
            if size < words:
                continue
            address = start + step * draw(st.integers(0, size - words))
        else:
            space, address = draw(st.sampled_from(SPACES)), draw(st.integers(0, 500))
        rows.append(register(address, kind, space=space))
    seams = draw(st.frozensets(st.tuples(st.sampled_from(SPACES), st.integers(0, 500)), max_size=8))
    return Case(rows=tuple(rows), rules=rules, seams=seams)


def step_of(rules: ReadRules) -> int:
    """Return the addresses per word."""
    return 2 if rules.byte_addresses else 1


def addresses(block: Block) -> range:
    """Return the addresses that a block reads, of bytes where addresses count them."""
    return range(block.address, block.address + block.count * block.step)


@given(case=cases())
def test_every_row_is_in_exactly_one_block_of_its_space(case: Case) -> None:
    blocks = plan(case.rows, case.rules, case.seams)
    planned = [row for block in blocks for row in block.rows]
    assert len(planned) == len(set(planned))
    assert set(planned) == set(case.rows)
    assert all(row.space is block.space for block in blocks for row in block.rows)
    assert len(blocks) <= len(set(case.rows))


@given(case=cases())
def test_rows_may_come_one_by_one(case: Case) -> None:
    assert plan(iter(case.rows), case.rules, case.seams) == plan(case.rows, case.rules, case.seams)


@given(case=cases())
def test_blocks_hold_their_rows_and_nothing_around_them(case: Case) -> None:
    step = step_of(case.rules)
    for block in plan(case.rows, case.rules, case.seams):
        assert block.step == step
        ends = {row.address + row.words * step for row in block.rows}
        assert block.address == min(row.address for row in block.rows)
        assert block.address + block.count * step == max(ends)
        assert block.count <= case.rules.max_words


@given(case=cases())
def test_a_block_stays_inside_one_group(case: Case) -> None:
    step = step_of(case.rules)
    for block in plan(case.rows, case.rules, case.seams):
        inside = [
            start <= block.address and addresses(block).stop <= start + words * step
            for space, start, words in case.rules.groups
            if space is block.space
        ]
        assert any(inside) or not case.rules.groups


@given(case=cases())
def test_no_row_of_a_block_starts_at_a_seam_but_the_first(case: Case) -> None:
    for block in plan(case.rows, case.rules, case.seams):
        for space, at in case.seams:
            if space is block.space:
                assert not any(block.address < at <= row.address for row in block.rows)


def gaps(block: Block) -> Iterator[int]:
    """Yield the unused words between the rows of a block."""
    step = block.step
    words = (range(row.address, row.address + row.words * step, step) for row in block.rows)
    for left, right in pairwise(sorted({address for used in words for address in used})):
        yield (right - left) // step - 1


@given(case=cases())
def test_no_more_unused_words_are_read_than_a_request_costs(case: Case) -> None:
    for block in plan(case.rows, case.rules, case.seams):
        assert max(gaps(block), default=0) <= (GROUP_GAP if case.rules.groups else FREE_GAP)


@given(case=cases(), data=st.data())
def test_each_row_finds_its_words_in_the_answer(case: Case, data: st.DataObject) -> None:
    """A memory of words, one per address; of bytes where addresses count those."""
    salt = data.draw(st.integers(0, 0xFFFF))

    def word(space: Space, address: int) -> int:
        return (salt + 31 * address + 7 * SPACES.index(space)) & 0xFFFF

    step = step_of(case.rules)
    for block in plan(case.rows, case.rules, case.seams):
        answer = [word(block.space, address) for address in addresses(block)[::step]]
        assert len(answer) == block.count
        for row in block.rows:
            expected = [word(row.space, row.address + index * step) for index in range(row.words)]
            assert block.words_of(row, answer) == expected


@given(case=cases())
def test_the_seam_of_a_block_splits_it(case: Case) -> None:
    for block in plan(case.rows, case.rules):
        if block.seam is None:
            assert len({row.address for row in block.rows}) == 1
        else:
            halves = plan(block.rows, case.rules, {(block.space, block.seam)})
            assert len(halves) > 1
            assert {row for half in halves for row in half.rows} == set(block.rows)


@pytest.mark.parametrize(("gap", "blocks"), [(GROUP_GAP, 1), (GROUP_GAP + 1, 2)])
def test_inside_a_group_a_gap_is_read_that_costs_less_than_a_request(gap: int, blocks: int) -> None:
    rows = [register(100), register(101 + gap)]
    assert len(plan(rows, ReadRules(max_words=125, groups=((Space.HOLDING, 100, 125),)))) == blocks


@pytest.mark.parametrize(("gap", "blocks"), [(FREE_GAP, 1), (FREE_GAP + 1, 2)])
def test_where_nobody_knows_what_lies_between_a_gap_is_read_only_if_short(gap: int, blocks: int) -> None:
    assert len(plan([register(100), register(101 + gap)], ReadRules(max_words=125))) == blocks


@pytest.mark.parametrize(("gap", "blocks"), [(GROUP_GAP, 1), (GROUP_GAP + 1, 2)])
def test_where_addresses_count_bytes_a_gap_is_measured_in_words_all_the_same(gap: int, blocks: int) -> None:
    rules = ReadRules(max_words=125, byte_addresses=True, groups=((Space.HOLDING, 101, 125),))
    assert len(plan([register(101), register(103 + 2 * gap)], rules)) == blocks


def test_a_gap_starts_behind_the_longest_row_not_the_last() -> None:
    rows = [register(0, DataType.U64), register(1), register(4 + FREE_GAP)]
    assert len(plan(rows, ReadRules())) == 1


@pytest.mark.parametrize(("most", "counts"), [(8, [8]), (7, [6, 2]), (4, [4, 4]), (3, [2, 2, 2, 2])])
def test_a_block_is_as_long_as_the_device_allows(most: int, counts: list[int]) -> None:
    rows = [register(address, DataType.U32) for address in (0, 2, 4, 6)]
    assert [block.count for block in plan(rows, ReadRules(max_words=most))] == counts


def test_neighbouring_groups_are_not_read_together() -> None:
    rules = ReadRules(groups=((Space.HOLDING, 0, 4), (Space.HOLDING, 4, 4)))
    blocks = plan([register(address) for address in (2, 3, 4, 5)], rules)
    assert [(block.address, block.count) for block in blocks] == [(2, 2), (4, 2)]


def test_groups_of_another_space_do_not_count() -> None:
    rules = ReadRules(groups=((Space.INPUT, 0, 4), (Space.HOLDING, 0, 8)))
    assert len(plan([register(0), register(7)], rules)) == 1


def test_where_addresses_count_bytes_a_group_is_twice_as_long() -> None:
    rules = ReadRules(max_words=60, byte_addresses=True, groups=((Space.HOLDING, 0x301, 31),))
    blocks = plan([register(address, DataType.U32) for address in (0x301, 0x305, 0x339, 0x33B)], rules)
    assert [(block.address, block.count) for block in blocks] == [(0x301, 31)]


def test_where_addresses_count_bytes_words_at_odd_distances_are_read_apart() -> None:
    rows = [register(address) for address in (10, 11, 12, 13)]
    blocks = plan(rows, ReadRules(byte_addresses=True))
    assert [(block.address, block.count) for block in blocks] == [(10, 2), (11, 2)]


def test_bits_are_read_apart_from_words_and_many_at_a_time() -> None:
    rows = [register(address, DataType.BIT, space=Space.COIL) for address in range(0, 1600, 8)]
    rows += [register(address, DataType.BIT, space=Space.DISCRETE) for address in (0, 5)]
    blocks = plan(rows, ReadRules(max_words=8))
    assert [(block.space, block.address, block.count) for block in blocks] == [
        (Space.COIL, 0, 1593),
        (Space.DISCRETE, 0, 6),
    ]


def test_bits_of_one_word_share_its_read_and_cannot_be_split() -> None:
    rows = [register(7, DataType.BIT, bit=bit) for bit in range(4)]
    [block] = plan(rows, ReadRules())
    assert (block.address, block.count) == (7, 1)
    assert block.seam is None


def test_the_seam_is_behind_the_widest_gap() -> None:
    rows = [register(0, DataType.U64), register(1), register(6), register(12), register(14)]
    [block] = plan(rows, ReadRules())
    assert block.seam == 12


def test_without_gaps_the_seam_is_in_the_middle() -> None:
    [block] = plan([register(address) for address in range(10)], ReadRules())
    assert block.seam == 5


def test_nothing_wanted_is_nothing_read() -> None:
    assert plan([], ReadRules()) == []
