"""Ruff's security rules (`S`), which follow Bandit's tests.

It names no CWE, so each code is given the weakness that its documentation describes.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from stillwatch.codescan.measure.peers import Missing, Peer, Reported, Setting, below, program, run, version
from stillwatch.codescan.measure.scoring import Hit

XML_PARSERS = (313, 314, 315, 316, 317, 318, 319, 320, 405, 406, 407, 408, 409, 410, 411)
COMMANDS = (404, 601, 602, 603, 604, 605, 606, 607, 609)
WEAKNESSES: Mapping[str, int] = {
    **dict.fromkeys((f"S{code}" for code in XML_PARSERS), 611),
    **dict.fromkeys((f"S{code}" for code in COMMANDS), 78),
    **dict.fromkeys(("S301", "S302", "S403", "S506"), 502),
    **dict.fromkeys(("S102", "S307", "S612"), 94),
    **dict.fromkeys(("S608", "S610", "S611"), 89),
    **dict.fromkeys(("S308", "S701", "S702", "S703", "S704"), 79),
    **dict.fromkeys(("S303", "S324"), 328),
    **dict.fromkeys(("S304", "S305", "S413", "S502", "S503", "S504"), 327),
    **dict.fromkeys(("S105", "S106", "S107"), 259),
    **dict.fromkeys(("S108", "S306"), 377),
    **dict.fromkeys(("S312", "S321", "S401", "S402", "S415", "S508", "S509"), 319),
    **dict.fromkeys(("S323", "S501", "S507"), 295),
    "S103": 732,
    "S104": 605,
    "S113": 400,
    "S201": 94,
    "S202": 22,
    "S310": 918,
    "S311": 330,
    "S412": 284,
    "S505": 326,
}
CHECK = [
    "check",
    "--no-cache",
    "--isolated",
    "--select",
    "S",
    "--target-version",
    "py313",
    "--output-format",
    "json",
]


class _Diagnostic(msgspec.Struct):
    filename: str
    code: str | None = None


def ask(root: Path, setting: Setting) -> Reported | Missing:
    command = program("ruff", setting)
    if command is None:
        return Missing("ruff is not installed")
    done = run([command, *CHECK, str(root)])
    if isinstance(done, Missing):
        return done
    output, seconds = done
    hits, skipped = read(root, output)
    return Reported(version(command), seconds, hits, skipped)


def read(root: Path, output: bytes) -> tuple[list[Hit], int]:
    """Give Ruff's JSON as hits, and how many files it could not parse."""
    said = msgspec.json.decode(output, type=list[_Diagnostic])
    hits = [
        Hit(below(root, item.filename), WEAKNESSES[item.code])
        for item in said
        if item.code is not None and item.code in WEAKNESSES
    ]
    broken = {item.filename for item in said if item.code in {None, "invalid-syntax", "E999"}}
    return hits, len(broken)


PEER = Peer("Ruff S", ask)
