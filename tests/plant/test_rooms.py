"""The plant works where Home Assistant is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WITHOUT = "import sys; sys.modules['homeassistant'] = None; "


def run(code: str) -> str:
    """Run code in a process of its own and return what it printed."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_the_catalogue_loads_without_home_assistant() -> None:
    code = "from plant.site import PROFILES, Catalog; print(len(Catalog.load(PROFILES).models) > 100)"
    assert run(WITHOUT + code) == "True"


def test_a_process_of_its_own_does_not_start_the_integration() -> None:
    code = (
        "import sys; from plant.rooms import open_rooms; done = open_rooms(alone=True); import plant.site; "
        "print(done, open_rooms(alone=True), 'homeassistant.core' in sys.modules)"
    )
    assert run(code) == "True False False"


def test_the_integration_stays_itself_where_home_assistant_is() -> None:
    code = "import sys, plant; print('custom_components.legrand_ews' in sys.modules)"
    assert run(code) == "False"
