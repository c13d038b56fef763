"""A private PostgreSQL server for tests and benchmarks: made in a folder of its own, gone at the end.

This module owns the server. What to do where its programs are missing is up to who wants one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_UNPRIVILEGED: Final[Mapping[str, Any]] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
"""Whom the server runs as where we are root, which it refuses to."""


def programs() -> Path | None:
    """Return the folder of the server's programs: named by the environment, on the PATH, or Debian's newest.

    None where there are none.
    """
    named = os.environ.get("POSTGRESQL_BIN")
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = [Path(named)] if named else [Path(on_path).resolve().parent] if on_path else debian
    return next((one for one in found if (one / "initdb").exists()), None)


class Cluster:
    """A server that listens on a socket in its folder, and nowhere else."""

    def __init__(self, settings: Mapping[str, str], *, parent: Path | None = None) -> None:
        """Make the cluster with lines of ``postgresql.conf``, in a folder of its own below ``parent``.

        ``parent``: where others may enter, as the server does not run as root; by default the one for temporary files.
        Raises FileNotFoundError without the server's programs, RuntimeError with what was said if it does not work.
        """
        found = programs()
        if found is None:
            raise FileNotFoundError("no PostgreSQL server")
        self._programs = found
        self._as = dict(_UNPRIVILEGED) if os.geteuid() == 0 else {}
        # The name of a socket must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="ews-pg-", dir=parent))
        if self._as:
            shutil.chown(self._folder, self._as["user"], self._as["group"])
        self._data = self._folder / "data"
        self._run("initdb", "-D", self._data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        private = {"listen_addresses": "", "unix_socket_directories": str(self._folder)}
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in {**settings, **private}.items())

    def __enter__(self) -> Self:
        """Start the server."""
        try:
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the server and remove all that it wrote."""
        try:
            self.stop()
        finally:
            self._remove()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", self._data, "-l", self._folder / "log")

    def stop(self) -> None:
        """Stop the server as if it had crashed: connections are cut."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-t", "60", "-D", self._data)

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://test@/{database}?host={self._folder}"

    def create(self, database: str) -> str:
        """Make a database and return its URL."""
        self._run("createdb", "-h", self._folder, "-U", "test", database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever uses it."""
        self._run("dropdb", "-h", self._folder, "-U", "test", "--force", database)

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the server's programs as the server's user; what it leaves running must not inherit a pipe."""
        said = self._folder / "said"
        command = [str(self._programs / program), *map(str, arguments)]
        with said.open("w") as file:
            done = subprocess.run(command, cwd=self._folder, stdout=file, stderr=file, check=False, **self._as)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"{program}: {said.read_text()}")

    def _remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)
