"""``python -m simulation``: starts the command line, where starting the integration too would only cost time."""

from __future__ import annotations

from plant.rooms import open_rooms


def main() -> int:
    """Run the command; return the exit code."""
    open_rooms(alone=True)
    try:
        from .command import main as run  # noqa: PLC0415 -- what it imports needs the rooms open

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
