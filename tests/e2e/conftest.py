"""The demo that the end-to-end tests look at, started once, and browsers for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .frontend import Frontend, browser
from .support import HOUSE, OFFICE, READY, ROOT, Demo, Place, free_port, left_behind, missing, pictures, run_demo

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A folder of the demo that was made by a check, and what the check said."""

    folder: Path
    place: Place
    code: int
    output: str
    left: list[str]


@dataclass(frozen=True, kw_only=True)
class Interrupted:
    """How a start went that Ctrl-C ended."""

    code: int
    output: str
    left: list[str]


@pytest.fixture(scope="package")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Let the demo make a folder and check itself. Pictures are taken of the office, which newcomers see."""
    folder = tmp_path_factory.mktemp("demo") / "config"
    place = OFFICE if pictures() else HOUSE
    options = ("--scenario", place.scenario, "--timing", "instant", "--config", folder, "--headless-check")
    done = run_demo(*options, "--port", free_port(), "--plant-port", free_port())
    return Checked(folder=folder, place=place, code=done.returncode, output=done.stdout, left=left_behind(folder))


@pytest.fixture(scope="package")
def interrupted(checked: Checked) -> Interrupted:
    """Start the demo in the folder again, and press Ctrl-C while Home Assistant starts."""
    with Demo(checked.folder, checked.place) as demo:
        demo.wait_for("Starting Home Assistant")
        demo.wait_for_child()
        code = demo.interrupt()
        return Interrupted(code=code, output=demo.output, left=demo.left())


@pytest.fixture(scope="package")
def demo(checked: Checked, interrupted: Interrupted) -> Iterator[Demo]:  # noqa: ARG001 -- an interrupted folder is usable
    """Return the running demo. At the end Ctrl-C must end all of it, in good order."""
    with Demo(checked.folder, checked.place) as demo:
        demo.wait_for(READY)
        yield demo
        assert demo.interrupt() == 0, demo.output
        assert demo.left() == []


@pytest.fixture(scope="package")
def chromium() -> str:
    """Return the path of a Chromium."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    return path or missing("no Chromium: install one, or set CHROMIUM to its path")


@pytest.fixture(scope="package")
def profile(chromium: str, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a browser's memory that is signed in and has seen the frontend."""
    folder = tmp_path_factory.mktemp("profile")
    with browser(chromium, folder, demo.url) as frontend:
        frontend.sign_in()
    return folder


@pytest.fixture
def frontend(chromium: str, profile: Path, demo: Demo) -> Iterator[Frontend]:
    """Return a page of a signed-in user. At the end the browser's console must have no error."""
    with browser(chromium, profile, demo.url) as frontend:
        yield frontend
        assert frontend.complaints == []


@pytest.fixture
def other_gateway() -> Iterator[int]:
    """Return the port of a gateway that Home Assistant does not know yet: a second house."""
    command = [sys.executable, "-m", "plant", "--scenario", "house", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            found = re.search(r"127\.0\.0\.1:(\d+)", said)
            assert found is not None, said
            yield int(found[1])
        finally:
            process.terminate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all tests of the demo in one process, where several share the work: they share one Home Assistant."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("demo"))
