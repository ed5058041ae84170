"""Semgrep, with the rules the user points to: it ships none, and those it would fetch may not be shipped by others."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from stillwatch.codescan.measure.peers import Missing, Peer, Reported, Setting, below, program, run, version
from stillwatch.codescan.measure.scoring import Hit

QUIET: Mapping[str, str] = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
SCAN = [
    "scan",
    "--metrics",
    "off",
    "--disable-version-check",
    "--no-git-ignore",
    "-j",
    "1",
    "--json",
    "--quiet",
]
_CWE = re.compile(r"CWE-(\d+)")


class _Metadata(msgspec.Struct):
    cwe: list[str] | str | None = None


class _Extra(msgspec.Struct):
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Result(msgspec.Struct):
    path: str
    extra: _Extra = msgspec.field(default_factory=_Extra)


class _Output(msgspec.Struct):
    results: list[_Result]
    errors: list[dict[str, msgspec.Raw]] = []


def ask(root: Path, setting: Setting) -> Reported | Missing:
    command = program("semgrep", setting)
    if command is None:
        return Missing("semgrep is not installed")
    if setting.rules is None:
        return Missing("it has no rules of its own; --semgrep-rules points to some")
    done = run(
        [command, *SCAN, "--config", str(setting.rules), str(root)],
        extra=QUIET,
    )
    if isinstance(done, Missing):
        return done
    output, seconds = done
    hits, skipped = read(root, output)
    return Reported(version(command, extra=QUIET), seconds, hits, skipped)


def read(root: Path, output: bytes) -> tuple[list[Hit], int]:
    """Give Semgrep's JSON as hits, and in how many files it met an error."""
    said = msgspec.json.decode(output, type=_Output)
    hits = [
        Hit(below(root, result.path), cwe)
        for result in said.results
        for cwe in _numbers(result.extra.metadata.cwe)
    ]
    return hits, len({bytes(error["path"]) for error in said.errors if "path" in error})


def _numbers(named: list[str] | str | None) -> Iterator[int]:
    for text in [named] if isinstance(named, str) else named or []:
        if found := _CWE.search(text):
            yield int(found[1])


PEER = Peer("Semgrep", ask)
