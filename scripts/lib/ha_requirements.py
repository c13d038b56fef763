"""Print what Home Assistant wants installed for its default integrations and for those named: one requirement a line.

Run with the interpreter of the environment that has Home Assistant: ``ha_requirements.py energy history ...``.
Installed beforehand, the first start needs no network.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import homeassistant
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS

COMPONENTS = Path(homeassistant.__file__).parent / "components"


def collect(domains: list[str]) -> list[str]:
    """Return the requirements of integrations and of all they depend on, sorted."""
    requirements: set[str] = set()
    seen: set[str] = set()
    todo = list(domains)
    while todo:
        domain = todo.pop()
        if domain in seen:
            continue
        seen.add(domain)
        manifest = json.loads((COMPONENTS / domain / "manifest.json").read_text(encoding="utf-8"))
        requirements.update(manifest.get("requirements", []))
        todo.extend(manifest.get("dependencies", []))
    return sorted(requirements)


if __name__ == "__main__":
    print("\n".join(collect([*DEFAULT_INTEGRATIONS, *sys.argv[1:]])))
