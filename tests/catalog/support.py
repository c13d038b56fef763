"""A small catalogue in a folder, and files of a user beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custom_components.legrand_ews.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

MODELS = """\
families:
  - {id: counters, name: Counters}
  - {id: stations, name: Charging stations}
models:
  - {number: "412045", name: Meter, family: counters, kind: meter, phases: 3, measures: [energy, power],
     profiles: [{id: first, confidence: manufacturer}, {id: second, confidence: third_party}]}
  - {number: "046680", name: Counter, family: counters, kind: counter, profiles: [{id: second, confidence: inferred}]}
  - {number: "059056", name: Kit, family: stations, kind: communication}
"""

FIRST = """\
id: first
name: First
source: a document
confidence: manufacturer
read:
  max_words: 60
  invalid: [0xFFFF, 0x7FFFFFFF]
  groups:
    - {start: 0x1000, words: 100}
    - {start: 0x1200, words: 10}
registers:
  ct: {address: 0x1200, slow: true}
  vt: {address: 0x1201, scale: 0.01, slow: true}
  sign: {address: 0x1010}
scales:
  power: {product: [ct, vt], steps: [[5000, 0.01]], above: 1}
measures:
  voltage_l1: {address: 0x1000, type: u32, scale: 0.001}
  power: {address: 0x1002, type: u32, scale_from: power, sign_from: sign}
  energy_import: {address: 0x1004, type: u32, unit: kWh, scale: 0.1}
"""

SECOND = """\
id: second
name: Second
source: a program
confidence: third_party
measures:
  energy_import: {address: 10, type: u32}
"""

HEAD = """\
id: mine
name: Mine
source: my paper
confidence: manufacturer
"""
"""Four lines: what follows starts in line 5."""

CONTROLS = """\
registers:
  output_type: {address: 0x220A, slow: true}
states:
  breaker: {address: 0x4000, function: 4, values: {0: open, 1: closed, 2: tripped}}
  breaker_2:
    contacts:
      closed: {address: 0, function: 2, type: bit}
      tripped: {address: 1, function: 2, type: bit}
  contactor: {address: 2, function: 2, type: bit, values: {0: on, 1: off}}
  input_12: {address: 0xCB01, type: bit, bit: 11}
  output_1: {address: 0x106F, valid_if: {register: output_type, in: [2, 3]}}
  threshold_alarm: {address: 0x106F, invalid: [9], valid_if: {register: output_type, in: [1]}}
  duplicated: {name: Duplicated function, alarm: configuration, address: 7, type: bit, bit: 4}
  door: {name: Door, address: 7, type: bit, bit: 5, values: {0: on, 1: off}}
  position: {name: Position, address: 8, values: {0: inserted, 1: test, 2: drawn out}}
commands:
  breaker:
    open: {address: 0x4800, write: 6, value: 1}
    close:
      writes:
        - {address: 0x48F0, write: 16, value: [0xA5A5, 1]}
        - {address: 5, write: 5, value: 1}
      within: 10
  output_1:
    on: {address: 0x106F, value: 1, valid_if: {register: output_type, in: [2, 3]}}
    pulse: {address: 0x106F, value: 1}
  output_2:
    off: {address: 9, write: 15, value: [0, 1]}
settings:
  output_1_normal_state: {address: 0x0200, values: {0: no, 1: nc}}
  output_2_mode: {address: 0x0201, function: 1, type: bit, write: 5, values: {0: impulsive, 1: blinking}}
  output_1_on_time: {address: 0x0202, scale: 0.5, unit: min, minimum: 0.5, maximum: 60, write: 6}
clock: {address: 0xE100, fields: [day, month, year, [hour, minute], "-", ["-", weekday]]}
links:
  - {role: event, partner: {address: 0x0300, function: 4}, error: {address: 0x0301, function: 4, type: bit, bit: 0}}
  - {role: action, partner: {address: 0x0302}}
"""
"""Everything beside measures but charging."""

STATION = """\
states:
  charge: {address: 10, values: {0: free, 1: waiting, 2: charging, 3: done, 4: fault}}
charging:
  limit: {address: 100, scale: 0.1, write: 6, minimum: 6, maximum: 32, off: 0}
  allow: {address: 101, write: 6, value: 1}
  forbid:
    writes:
      - {address: 102, value: [7, 8]}
      - {address: 101, write: 6, value: 0}
  refresh: 60
"""
"""A charging station; with the head before, ``charging`` is line 7 and its limit line 8."""


def built_in(tmp_path: Path, models: str = MODELS, **profiles: str) -> Path:
    """Return a folder of built-in files; those of the small catalogue where none are given."""
    folder = tmp_path / "data"
    (folder / "profiles").mkdir(parents=True, exist_ok=True)
    (folder / "models.yaml").write_text(models)
    for name, text in (profiles or {"first": FIRST, "second": SECOND}).items():
        (folder / "profiles" / f"{name}.yaml").write_text(text)
    return folder


def users(tmp_path: Path, **files: str | bytes) -> Path:
    """Return a folder of the user's files."""
    folder = tmp_path / "profiles"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.yaml").write_bytes(data)
    return folder


def load(tmp_path: Path, *, previous: Catalog | None = None, **files: str | bytes) -> Catalog:
    """Return the small catalogue with the user's files."""
    data = tmp_path / "data"
    return Catalog.load(users(tmp_path, **files), previous, data=data if data.exists() else built_in(tmp_path))


def only_error(tmp_path: Path, content: str | bytes) -> tuple[int, str, str]:
    """Return line, key and reason of the one error in a user's file."""
    catalog = load(tmp_path, mine=content)
    (error,) = catalog.errors
    assert error.file == str(tmp_path / "profiles" / "mine.yaml")
    assert "mine" not in catalog.profiles
    return error.line, error.key, error.reason
