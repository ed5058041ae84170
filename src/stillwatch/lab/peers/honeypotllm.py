"""honeypotllm 0.1.3 from PyPI: suspicion for each key from rate, alike neighbours, gaps and volume.

The package runs as published, in a virtual environment of its own that is made on first use under the
user's cache directory. Its scorer reads the wall clock, so it is given a clock that replays the log's times
shifted to start a day from now (it takes a key's first `last_seen` from the real clock, and a replay of the
past would count as negative idle time). A key is an account; its score is the highest suspicion it ever
reached, flagged from the package's own .75. The package keeps 10,000 keys in memory and forgets the others.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pyarrow as pa

from stillwatch.lab.logs import open_log
from stillwatch.lab.peers import Missing, Peer, judged

REQUIREMENTS = ("honeypotllm==0.1.3", "greenlet")
FLAGGED_FROM = 0.75
SNIPPET = 400  # characters of a prompt handed over; the package looks at the first 120
BATCH = 50_000
INSTALL_SECONDS = 600
WORKER = """
import json, sys, time
from honeypotllm import scoring
from honeypotllm.config import ScoringConfig

class Clock:
    def __init__(self):
        self.ahead = time.time() + 86400
        self.now = self.ahead
    def time(self):
        return self.now

clock = scoring.time = Clock()
scorer, peak = scoring.SuspicionScorer(ScoringConfig()), {}
for line in sys.stdin:
    key, since_start, prompt = json.loads(line)
    clock.now = clock.ahead + since_start
    reached = scorer.score_request(key, prompt=prompt).score_after
    peak[key] = max(peak.get(key, 0.0), reached)
json.dump(peak, sys.stdout)
"""
CALLS = """
SELECT account_id, (ts - min(ts) OVER ()) / 1e6, left(coalesce(prompt, ''), $snippet)
FROM exchanges ORDER BY ts, exchange_id
"""


def judge(log: Path) -> pa.Table | Missing:
    python = installed(environment())
    if isinstance(python, Missing):
        return python
    peaks = _peaks(python, log)
    if isinstance(peaks, Missing):
        return peaks
    scores = np.array(list(peaks.values()), dtype=float)
    return judged(list(peaks), scores, scores >= FLAGGED_FROM)


def environment() -> Path:
    """Where the package's virtual environment is kept between runs."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "stillwatch" / "peers" / "honeypotllm"


def installed(folder: Path, requirements: tuple[str, ...] = REQUIREMENTS) -> Path | Missing:
    """Give the interpreter of an environment that can import the package, installing it where it cannot yet."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if _imports(python):
        return python
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)  # noqa: S603
    except subprocess.CalledProcessError as failed:
        return Missing(f"pip could not install it: {_last_line(failed.stderr)}")
    except subprocess.TimeoutExpired:
        return Missing(f"pip did not finish in {INSTALL_SECONDS} s")
    return python if _imports(python) else Missing("installed, but it cannot be imported")


def _imports(python: Path) -> bool:
    if not python.exists():
        return False
    command = [str(python), "-c", "import honeypotllm.scoring"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - our own


def _peaks(python: Path, log: Path) -> dict[str, float] | Missing:
    calls = open_log(log).execute(CALLS, {"snippet": SNIPPET})
    try:
        with subprocess.Popen(  # noqa: S603 - our own command
            [python, "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as worker:
            assert worker.stdin is not None
            assert worker.stdout is not None
            while rows := calls.fetchmany(BATCH):
                worker.stdin.writelines(json.dumps(row) + "\n" for row in rows)
            worker.stdin.close()
            said = worker.stdout.read()
    except BrokenPipeError:
        return Missing("its scorer stopped before the end of the log")
    if worker.returncode:
        return Missing(f"its scorer ended with exit code {worker.returncode}")
    peaks: dict[str, float] = json.loads(said)
    return peaks


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no message"


PEER = Peer("honeypotllm", "honeypotllm 0.1.3 (PyPI)", judge)
