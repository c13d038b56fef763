"""``python -m plant``: the plant by itself, where starting the integration would only cost time."""

from __future__ import annotations

import sys

from .rooms import open_rooms


def main() -> int:
    """Run the command line; return the exit code."""
    open_rooms(alone=True)
    from .command import run  # noqa: PLC0415 -- what it imports needs the rooms open

    return run()


if __name__ == "__main__":
    sys.exit(main())
