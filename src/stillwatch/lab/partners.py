"""A matching group made up for tests and benchmarks: members with real keys that they really dealt, and their evaluators."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from stillwatch.records import StillwatchError
from stillwatch.sharing.matching.membership.dealing import deal, join
from stillwatch.sharing.matching.membership.identity import created
from stillwatch.sharing.matching.membership.roster import DAILY_LIMIT, Member, Roster

HOUR, DAY = 3_600_000_000, 86_400_000_000
LABS = ("lab-a", "lab-b", "lab-c")
EPOCH = "2026q4"
STARTED_WITHIN = 60.0  # seconds
LEFT_WITHIN = 20.0


class Partners:
    """Members by name, with the keys of one epoch; those of `asks` hold no share."""

    def __init__(
        self,
        *,
        threshold: int = 2,
        holders: Sequence[str] = LABS,
        asks: Sequence[str] = (),
        limit: int = DAILY_LIMIT,
    ) -> None:
        self.identities = {name: created(name) for name in (*holders, *asks)}
        self.ports = {name: _free_port() for name in holders}
        numbers = {name: number for number, name in enumerate(holders, 1)}
        members = [
            Member(
                name=name,
                verify_key=identity.verify_key,
                seal_key=identity.seal_key,
                number=numbers.get(name),
                url=f"http://127.0.0.1:{self.ports[name]}" if name in numbers else None,
                daily_limit=limit,
            )
            for name, identity in self.identities.items()
        ]
        self.roster = Roster(group="labs", threshold=threshold, members=members)
        begin = time.time_ns() // 1000 - HOUR
        self.dealings = [
            (name, deal(self.identities[name], self.roster, EPOCH, begin, begin + 30 * DAY))
            for name in holders
        ]
        self.keys = {
            name: join(identity, self.roster, self.dealings) for name, identity in self.identities.items()
        }

    def write(self, folder: Path) -> Path:
        """Write the files that the commands read, a folder a member."""
        lines = [f'group = "{self.roster.group}"', f"threshold = {self.roster.threshold}"]
        for member in self.roster.members:
            lines.append("[[members]]")
            for name, value in msgspec.structs.asdict(member).items():
                if value is not None:
                    lines.append(f"{name} = {json.dumps(value)}")
        for name, identity in self.identities.items():
            (folder / name / "epochs").mkdir(parents=True)
            (folder / name / "roster.toml").write_text("\n".join(lines) + "\n")
            (folder / name / "stillwatch.identity").write_bytes(msgspec.json.encode(identity))
            (folder / name / "epochs" / f"{EPOCH}.epoch").write_bytes(msgspec.json.encode(self.keys[name]))
        return folder

    @staticmethod
    def options(folder: Path, name: str) -> list[str]:
        """What a command needs to know to act as this member."""
        own = folder / name
        return [
            *("--identity", str(own / "stillwatch.identity")),
            *("--roster", str(own / "roster.toml")),
            *("--keys", str(own / "epochs")),
        ]

    @contextlib.contextmanager
    def evaluating(self, folder: Path) -> Iterator[None]:
        """Each holder's evaluator, a process of its own, as `stillwatch share evaluate` starts it."""
        code = "from stillwatch.cli import main; main()"
        running = []
        try:
            for name, port in self.ports.items():
                options = [*self.options(folder, name), "--log", str(folder / name / "evaluator.db")]
                command = [sys.executable, "-c", code, "share", "evaluate", "--port", str(port), *options]
                running.append(subprocess.Popen(command, env=os.environ))  # noqa: S603 - our own
            for port, process in zip(self.ports.values(), running, strict=True):
                _await(port, process)
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(LEFT_WITHIN)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise StillwatchError(f"an evaluator did not start on port {port}")
