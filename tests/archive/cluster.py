"""The PostgreSQL server of the archive's tests."""

from __future__ import annotations

import os
from typing import Final

import pytest

from bench.cluster import Cluster, programs

__all__ = ["Cluster", "private_cluster"]

_SETTINGS: Final = {"max_connections": "40", "fsync": "off", "shared_buffers": "64MB"}
"""Nobody needs these rows after a power cut."""


def private_cluster() -> Cluster:
    """Return a server that is not started; fail a test that cannot run on this machine.

    Where that was asked for, which in CI cannot be, it is skipped.
    """
    if programs() is None:
        what = "no PostgreSQL server"
        if os.environ.get("LEGRAND_EWS_WITHOUT_POSTGRESQL") and not os.environ.get("CI"):
            pytest.skip(what)
        pytest.fail(f"{what}; scripts/setup installs it, LEGRAND_EWS_WITHOUT_POSTGRESQL=1 leaves its tests out")
    return Cluster(_SETTINGS)
