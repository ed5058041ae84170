"""Cases run in another interpreter, in a copy of their folder, and what was seen of each."""

import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from stillwatch.codescan.measure.errors import CannotRun
from stillwatch.codescan.measure.running.payloads import Request, requests
from stillwatch.codescan.measure.suite import Suite

NEEDED = ("flask", "lxml.etree", "ldap3", "elementpath", "yaml")
PACKAGES = "flask lxml ldap3 elementpath pyyaml"
PROBE = Path(__file__).with_name("probe.py")
LEFT_OUT = frozenset(
    {"templates", "static", "results", "scripts", "__pycache__"}
)  # nothing that a case reads
SECONDS_A_CASE = 10.0  # on average over a suite
DEATHS = 20  # of the interpreter, each costing the case it was at


class Seen(msgspec.Struct, frozen=True):
    """One answer, and what reached the sinks on the way to it."""

    status: int
    content_type: str
    location: str | None
    cookies: list[str]
    session: list[str]
    body: str
    events: list[tuple[str, str]]


class Ran(msgspec.Struct, frozen=True):
    """One case: an answer to each request, or the error that kept it from running."""

    name: str
    error: str | None
    seen: list[Seen]


class _Order(msgspec.Struct):
    name: str
    module: str
    requests: list[Request]


@dataclass(frozen=True)
class Interpreter:
    """A Python that has what the cases import."""

    path: Path

    @classmethod
    def checked(cls, path: Path | None) -> "Interpreter":
        """Take the given interpreter, or this one, if the imports are there."""
        found = path or Path(sys.executable)
        asks = "import importlib.util as u, sys\nfor n in sys.argv[1:]:\n if not u.find_spec(n.split('.')[0]): print(n)"
        try:
            # An interpreter that the user names, asked about fixed names.
            said = subprocess.run(  # noqa: S603
                [found, "-c", asks, *NEEDED], capture_output=True, text=True, timeout=60, check=False
            )
        except OSError as cause:
            raise CannotRun(f"{found}: {cause.strerror}") from cause
        if said.returncode:
            raise CannotRun(f"{found}: it is no Python that runs")
        if lacking := said.stdout.split():
            names = ", ".join(name.split(".")[0] for name in lacking)
            raise CannotRun(
                f"cases cannot be run: {found} has no {names}; `{found} -m pip install {PACKAGES}`, "
                "or name another interpreter with --python"
            )
        return cls(found)


def observe(suite: Suite, names: Sequence[str], python: Interpreter) -> dict[str, Ran]:
    """Run the named cases; the parameter that each reads is called like the case."""
    wanted = set(names)
    orders = [
        _Order(
            case.name,
            f"{suite.folder.replace('/', '.')}.{case.name}",
            requests(case.category, case.name),
        )
        for case in suite.cases
        if case.name in wanted
    ]
    with TemporaryDirectory(prefix="stillwatch-cases-") as scratch:
        room = Path(scratch) / "suite"
        copied(suite, room, wanted)
        ran = _all(orders, room, Path(scratch), python)
    _see_syntax(ran, python)
    return ran


def copied(suite: Suite, room: Path, names: Collection[str]) -> None:
    """Copy what the named cases need to run: themselves and all beside them but pages and old results."""

    def left_out(folder: str, entries: list[str]) -> list[str]:
        if Path(folder) == suite.root / suite.folder:
            return [
                entry
                for entry in entries
                if entry.removesuffix(".py") not in names or not entry.endswith(".py")
            ]
        return [entry for entry in entries if entry in LEFT_OUT or entry.startswith(".")]

    shutil.copytree(suite.root, room, ignore=left_out)


def _all(orders: Sequence[_Order], room: Path, scratch: Path, python: Interpreter) -> dict[str, Ran]:
    out = scratch / "seen.jsonl"
    ran: dict[str, Ran] = {}
    for _ in range(DEATHS):
        left = [order for order in orders if order.name not in ran]
        if not left:
            break
        last = _once(left, room, scratch, python, out)
        for line in out.read_bytes().splitlines() if out.exists() else ():
            case = msgspec.json.decode(line, type=Ran)
            ran[case.name] = case
        if last is not None and last not in ran:
            ran[last] = Ran(last, "it ended the interpreter", [])
    for order in orders:
        ran.setdefault(order.name, Ran(order.name, "not run: the interpreter ended too often", []))
    return ran


def _once(orders: Sequence[_Order], room: Path, scratch: Path, python: Interpreter, out: Path) -> str | None:
    """Run as far as it goes; give the last case that was begun."""
    order = scratch / "order.json"
    order.write_bytes(msgspec.json.encode(orders))
    command = [str(python.path), "-B", "-W", "ignore", str(PROBE), str(order), str(out)]
    try:
        # The interpreter that was checked, with our own program.
        done = subprocess.run(  # noqa: S603
            command,
            cwd=room,
            env={**environ, "PYTHONHASHSEED": "0"},  # sets in the same order each time
            capture_output=True,
            text=True,
            timeout=60 + SECONDS_A_CASE * len(orders),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        begun = (late.stdout or b"").decode().split()
        return begun[-1] if begun else orders[0].name
    begun = done.stdout.split()
    if not begun:
        said = done.stderr.strip().splitlines()
        raise CannotRun(f"{python.path}: {said[-1] if said else 'it ended without a word'}")
    return begun[-1] if done.returncode else None


def _see_syntax(ran: dict[str, Ran], python: Interpreter) -> None:
    broken = [case.name for case in ran.values() if case.error and case.error.startswith("SyntaxError")]
    if len(broken) * 2 > len(ran):
        raise CannotRun(
            f"{len(broken)} of {len(ran)} cases use a syntax newer than {python.path} knows; "
            "name a newer interpreter with --python"
        )
