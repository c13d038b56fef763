"""The archive in a world of faults: killed in the middle of writing, several threads, several programs."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from threading import Event
from typing import TYPE_CHECKING, Any, Final, Self

import pytest

from .support import RATES, START, ZONE, all_rows, batch, interval, new_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custom_components.legrand_ews.archive import Archive, IntervalRow, RateRow

    from .support import Opener

CHANGES: Final = 12
"""Ten in a batch whose names are known: rows, parts, roll-ups, marks and figures."""
KILLS: Final = 5
ROOT: Final = Path(__file__).resolve().parents[2]
COMMAND: Final = [sys.executable, "-m", "tests.archive.writing_program"]
EVER = (-(2**40), 2**40)


class Program:
    """A program that writes, and is killed."""

    def __init__(self) -> None:
        self._process = Popen(COMMAND, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True, bufsize=1)  # noqa: S603 -- our own

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate(timeout=30)

    def killed(self, url: str, site: str, first: int, random: Random, changes: int) -> int:
        """Let it write until it is killed, and return the number of the batch it acknowledged last.

        ``changes``: after how many of its changes; 0: at some moment.
        """
        told, said = self._process.stdin, self._process.stdout
        assert told is not None
        assert said is not None
        told.write(f"{url}\t{site}\t{first}\t{changes}\n")
        process = int(said.readline().removeprefix("process "))
        lines: list[str] = []
        if not changes:
            lines = [said.readline() for _ in range(random.randrange(1, 4))]
            Event().wait(random.random() * 0.05)
            os.kill(process, signal.SIGKILL)
        lines += iter(said.readline, "end\n")
        return int(lines[-1]) if lines else first - 1


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    """Return a program that writes over and over; to start it takes seconds."""
    with Program() as program:
        yield program


def test_a_program_killed_while_writing_loses_nothing_and_doubles_nothing(opener: Opener, program: Program) -> None:
    random = Random(4)  # noqa: S311 -- repeatable
    site = new_site()
    opener(site=site)
    acknowledged = -1
    for changes in (*[0] * KILLS, *range(1, CHANGES + 1)):
        acknowledged = program.killed(opener.url, site, acknowledged + 1, random, changes)
        archive = opener(site=site)
        written = {row.start for row in all_rows(archive)}
        assert written == {START + 600 * number for number in range(len(written))}
        assert acknowledged < len(written) <= acknowledged + 2
        check(archive, len(written))
        archive.close()
    assert acknowledged >= KILLS


def check(archive: Archive, numbers: int) -> None:
    """Check that so many batches are there, each whole, in all forms."""
    assert archive.check() is None
    rows = [row for number in range(numbers) for row in batch(number)]
    found = list(all_rows(archive))
    assert len(found) == len(rows)
    assert set(found) == set(rows)
    assert [row.start for row in archive.samples("mains", None, *EVER)] == [
        START + 600 * number for number in range(numbers)
    ]
    assert [row.id for row in archive.alarms(*EVER)] == list(range(numbers))
    end, level = START + 600 * numbers, numbers - 1
    assert archive.marks() == {(row.device, row.quantity): (end, level) for row in rows}
    for period in ("hour", "day", "month", "year"):
        bars = archive.consumption("group", ["east"], period, *EVER)  # type: ignore[arg-type]
        assert sum(bar.amount for bar in bars) == sum(row.amount for row in rows)
        costs: Counter[Any] = Counter()
        for bar in archive.costs("group", ["east"], period, *EVER):  # type: ignore[arg-type]
            costs[bar.rate] += bar.amount
        assert costs == Counter({rate: sum(cut(row, rate) for row in rows) for rate in RATES})
    assert archive.info().intervals == len(rows)


def cut(row: IntervalRow, rate: RateRow) -> int:
    """Return what of an interval is at a rate."""
    return sum(amount for one, amount in row.pieces if one == rate)


def test_threads_and_programs_write_at_once(opener: Opener) -> None:
    site = new_site()
    archives = [opener(site=site, lock_wait=60), opener(site=site, lock_wait=60)]
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(archives[at % 2].write, batch(at // 2)) for at in range(40)]
        asked = [pool.submit(archives[0].consumption, "total", None, "day", *EVER) for _ in range(10)]
        for one in (*done, *asked):
            one.result()
    rows = [row for number in range(20) for row in batch(number)]
    assert archives[1].info().intervals == len(rows)
    (year,) = archives[0].consumption("total", None, "year", *EVER)
    assert year.amount == sum(row.amount for row in rows)


def test_devices_are_numbered_in_the_order_in_which_they_are_asked_for(opener: Opener) -> None:
    archive = opener(site=new_site())
    archive.write([interval(device="old")])
    assert archive.numbers(["ovens", "mains", "ovens"]) == {"ovens": 1, "mains": 2}
    assert archive.numbers(["new", "mains", "old"]) == {"new": 3, "mains": 2, "old": 4}
    assert archive.numbers([]) == {}
    assert archive.numbered() == {"ovens": 1, "mains": 2, "new": 3, "old": 4}
    assert opener(site=archive.site).numbers(["old"]) == {"old": 4}
    assert opener(site=new_site()).numbers(["mains"]) == {"mains": 1}


def test_no_number_is_given_twice_by_several_at_once(opener: Opener) -> None:
    site = new_site()
    archives = [opener(site=site, lock_wait=60), opener(site=site, lock_wait=60)]
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(archives[at % 2].numbers, [f"device {at // 2}"]) for at in range(16)]
        given = {device: number for one in asked for device, number in one.result().items()}
    assert sorted(given.values()) == list(range(1, 9))
    assert archives[0].numbers(given) == given


def test_an_archive_tells_what_it_was_opened_with(archive: Archive) -> None:
    assert (archive.site, archive.zone) == ("home", ZONE)
