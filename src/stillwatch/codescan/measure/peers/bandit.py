"""Bandit. It parses with the syntax of the Python it runs on, so one on 3.11 skips files that use a newer one.

Where its CWE is a neighbour of what the test looks for, the nearer number is taken, in its favour.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from stillwatch.codescan.measure.peers import Missing, Peer, Reported, Setting, below, program, run, version
from stillwatch.codescan.measure.scoring import Hit

NEARER: Mapping[str, int] = {"B102": 94, "B307": 94, "B506": 502, "B324": 328}


class _Weakness(msgspec.Struct):
    id: int | None = None


class _Issue(msgspec.Struct):
    filename: str
    test_id: str
    issue_cwe: _Weakness = msgspec.field(default_factory=_Weakness)


class _Output(msgspec.Struct):
    results: list[_Issue]
    errors: list[msgspec.Raw]


def ask(root: Path, setting: Setting) -> Reported | Missing:
    command = program("bandit", setting)
    if command is None:
        return Missing("bandit is not installed")
    done = run([command, "-q", "-r", str(root), "-f", "json"])
    if isinstance(done, Missing):
        return done
    output, seconds = done
    hits, skipped = read(root, output)
    return Reported(version(command), seconds, hits, skipped)


def read(root: Path, output: bytes) -> tuple[list[Hit], int]:
    """Give Bandit's JSON as hits, and how many files it could not read."""
    said = msgspec.json.decode(output, type=_Output)
    hits = []
    for issue in said.results:
        cwe = NEARER.get(issue.test_id, issue.issue_cwe.id)
        if cwe is not None:
            hits.append(Hit(below(root, issue.filename), cwe))
    return hits, len(said.errors)


PEER = Peer("Bandit", ask)
