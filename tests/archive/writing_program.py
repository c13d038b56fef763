"""A program that writes until it is killed, over and over: ``python -m tests.archive.writing_program``.

Takes lines of URL, site, first batch, and after how many changes it kills itself (0: it does not), separated by tabs.
Says which process writes, then the number of each batch
that is written, and ``end`` when the process is gone.
"""

from __future__ import annotations

import os
import sys
from functools import partial

from .support import write_until_killed


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        url, site, first, changes = line.rstrip("\n").split("\t")
        process = os.fork()
        if not process:
            print(f"process {os.getpid()}", flush=True)  # noqa: T201 -- is read by the test
            acknowledge = partial(print, flush=True)
            write_until_killed(url, site, int(first), int(changes), acknowledge)
        os.waitpid(process, 0)
        print("end", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
