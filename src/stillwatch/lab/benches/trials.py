"""Simulated logs and detections on them, kept in a directory so that finished ones are not done again.

A log is kept with a digest of the code that simulated it, a detection also with a digest of the code that
detected and scored: figures of two states of the code never mix.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

import stillwatch
from stillwatch.lab.benches import Tell
from stillwatch.lab.benches.apart import Cost, Request, run
from stillwatch.lab.scoring import Score, score
from stillwatch.records import StillwatchError, UsageError

JUDGING = ("lab/benches", "lab/duel", "lab/peers", "lab/scoring.py", "lab/answers.py", "lab/logs.py")
DETECTING = ("campaigns", "detectors", "features", "linking", "records", "runtime", "sources")
GROUPS = {
    "payments": ("payment_fp", "payment_kind", "payment_country", "payment_bin"),
    "network": (
        "client_ip",
        "asn",
        "country",
        "user_agent",
        "ja4",
        "accept_language",
        "signup_ip",
        "signup_asn",
        "signup_country",
        "signup_ja4",
    ),
    "text": ("system", "prompt", "messages", "response"),
}


@dataclass(frozen=True)
class Traffic:
    """What to simulate: arguments of `stillwatch simulate`."""

    scenario: str
    scale: float
    seed: int
    evasions: tuple[str, ...] = ()
    weeks: int = 4

    @property
    def folder(self) -> str:
        evaded = "".join(f"-{evasion}" for evasion in sorted(self.evasions))
        return f"{self.scenario}{evaded}-{self.scale:g}-{self.weeks}w-{self.seed}"

    def arguments(self, out: Path) -> list[str]:
        evaded = [word for evasion in self.evasions for word in ("--evasion", evasion)]
        return [
            "simulate",
            self.scenario,
            *("--scale", f"{self.scale:g}"),
            *("--seed", str(self.seed)),
            *("--weeks", str(self.weeks)),
            *evaded,
            *("--out", str(out)),
        ]


class Trial(msgspec.Struct, frozen=True):
    """One detection on one simulated log."""

    score: Score
    cost: Cost


class Kept(msgspec.Struct):
    """A finished trial, and the state of the code that made it."""

    code: str
    trial: Trial


def simulated(root: Path, traffic: Traffic, tell: Tell) -> Path:
    """Give the directory of the simulated log under `root`, simulating it where it is not there yet."""
    log = root / traffic.folder / "log"
    finished = root / traffic.folder / "simulated"
    code = log_code()
    if finished.exists() and finished.read_text() == code:
        return log
    shutil.rmtree(root / traffic.folder, ignore_errors=True)
    log.parent.mkdir(parents=True)
    tell(f"simulating {traffic.folder}")
    command = [sys.executable, "-c", "from stillwatch.cli import main; main()", *traffic.arguments(log)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    if ran.returncode:
        raise StillwatchError(f"simulating {traffic.folder} failed: {ran.stderr.strip()[-500:]}")
    finished.write_text(code)
    return log


def tried(
    root: Path, traffic: Traffic, tell: Tell, *, fdr: float = 0.01, groups: frozenset[str] = frozenset()
) -> Trial:
    """Detect on a simulated log and score it, with whole groups of fields left out of the log."""
    log = simulated(root, traffic, tell)
    out = detection_folder(root, traffic, fdr=fdr, groups=groups)
    kept = out.with_name(out.name + ".json")
    code = trial_code()
    if kept.exists():
        before = msgspec.json.decode(kept.read_bytes(), type=Kept)
        if before.code == code:
            return before.trial
    shutil.rmtree(out, ignore_errors=True)
    tell(f"detecting on {traffic.folder} ({out.name})")
    dropped = sorted(field for group in groups for field in GROUPS[group])
    cost = run(Request([str(log)], str(out), fdr, dropped))
    trial = Trial(score(log, out), cost)
    kept.write_bytes(msgspec.json.encode(Kept(code, trial)))
    return trial


def detection_folder(
    root: Path, traffic: Traffic, *, fdr: float = 0.01, groups: frozenset[str] = frozenset()
) -> Path:
    """Where a detection's output files are kept."""
    without = "".join(f"-without-{group}" for group in sorted(groups))
    return root / traffic.folder / f"out-{fdr:g}{without}"


def groups_named(text: str) -> frozenset[str]:
    """Parse `payments,network`; UsageError for a group that does not exist."""
    named = frozenset(part.strip() for part in text.split(",") if part.strip())
    if unknown := sorted(named - GROUPS.keys()):
        raise UsageError(f"no such group of fields: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    return named


def log_code() -> str:
    """Name the state of what a simulated log follows from, besides its arguments."""
    return digest(["lab", "records"], without=JUDGING) + f" data={os.environ.get('STILLWATCH_DATA', '')}"


def trial_code() -> str:
    """Name the state of everything that a trial follows from, besides its arguments."""
    return log_code() + " " + digest([*DETECTING, "lab"], without=("lab/benches", "lab/duel", "lab/peers"))


def digest(rooms: Iterable[str], without: tuple[str, ...] = ()) -> str:
    """Digest the files of some rooms of the package."""
    package = Path(stillwatch.__file__).parent
    hashed = hashlib.sha256()
    for room in rooms:
        for path in sorted((package / room).rglob("*")):
            name = path.relative_to(package).as_posix()
            if path.is_file() and path.suffix != ".pyc" and not name.startswith(without):
                hashed.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()
