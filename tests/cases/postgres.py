"""A PostgreSQL of its own for a test, from Debian's binaries, in a socket directory that nobody else uses."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEADLINE = 60  # seconds for each of its programs
USER = "postgres"  # the server refuses to run as root


def binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/initdb")
    return found[-1].parent


def _as_somebody() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    try:
        person = pwd.getpwnam(USER)
    except KeyError:
        pytest.skip(f"PostgreSQL refuses to run as root, and there is no user {USER}")
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


@contextmanager
def running() -> Iterator[str]:
    """The URL of an empty database; the server ends with the test."""
    here, who = binaries(), _as_somebody()
    root = Path(tempfile.mkdtemp(prefix="stillwatch-pg-"))
    if who:
        os.chown(root, who["user"], who["group"])
    data, log = root / "data", root / "log"

    def run(*command: str) -> None:
        done = subprocess.run(
            [str(here / command[0]), *command[1:]],
            check=False,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            cwd=root,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **who,
        )
        assert done.returncode == 0, done.stderr

    try:
        run("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-N", "-E", "UTF8")
        with log.open("wb") as said:
            server = subprocess.Popen(
                [here / "postgres", "-D", data, "-k", root, "-c", "listen_addresses=", "-c", "fsync=off"],
                stdout=subprocess.DEVNULL,
                stderr=said,
                cwd=root,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                **who,
            )
        try:
            _wait(here, root)
            yield f"postgresql+psycopg://{USER}@/postgres?host={root}"
        finally:
            server.terminate()
            server.wait(DEADLINE)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _wait(here: Path, root: Path) -> None:
    for _ in range(DEADLINE * 10):
        ready = subprocess.run(
            [here / "pg_isready", "-q", "-h", root, "-U", USER], check=False, timeout=DEADLINE
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {(root / 'log').read_text()[-500:]}")
