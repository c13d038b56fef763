"""The door to the integration's rooms where Home Assistant is not installed.

Importing ``custom_components.legrand_ews.catalog`` runs the integration's ``__init__`` first, which needs Home
Assistant. Where that is missing, an empty package of the same name and folder stands in for it.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGE = "custom_components.legrand_ews"
FOLDER = Path(__file__).parent.parent / "custom_components" / "legrand_ews"


def open_rooms(*, alone: bool = False) -> bool:
    """Make the rooms importable; return True where an empty package now stands in for the integration.

    ``alone``: also where Home Assistant is installed, for a process that will not run the integration.
    """
    if PACKAGE in sys.modules or not (alone or importlib.util.find_spec("homeassistant") is None):
        return False
    package = ModuleType(PACKAGE)
    package.__path__ = [str(FOLDER)]
    sys.modules[PACKAGE] = package
    return True
