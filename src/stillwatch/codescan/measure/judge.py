"""Scanners on one suite, one after the other in the same run, each with its score and wall time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillwatch.codescan.measure import peers
from stillwatch.codescan.measure.scoring import Hit, Score, hit_names, score
from stillwatch.codescan.measure.suite import Case, Suite

Scanner = Callable[[Path], Sequence[Hit]]


@dataclass(frozen=True)
class Judged:
    """One scanner on one suite; `flagged` names the cases that it hit."""

    name: str
    version: str
    seconds: float
    skipped: int
    flagged: frozenset[str]
    score: Score


def measure(suite: Suite, name: str, scanner: Scanner) -> Judged:
    """Score one scanner."""
    started = time.monotonic()
    hits = scanner(suite.root)
    seconds = time.monotonic() - started
    flagged = frozenset(hit_names(suite, hits))
    return Judged(name, "", seconds, 0, flagged, score(suite.cases, flagged))


def measure_peer(suite: Suite, peer: peers.Peer, setting: peers.Setting) -> Judged | peers.Missing:
    said = peer.ask(suite.root, setting)
    if isinstance(said, peers.Missing):
        return said
    flagged = frozenset(hit_names(suite, said.hits))
    return Judged(peer.name, said.version, said.seconds, said.skipped, flagged, score(suite.cases, flagged))


def drop(suite: Suite, original: Judged, copy: Judged, cases: Sequence[Case], names: dict[str, str]) -> float:
    """How much less a scanner's macro J is on a copy than on the same cases of the original.

    `cases` are those of the copy, `names` gives the name of each one's original.
    """
    before = {names[case.name] for case in cases}
    same = score([case for case in suite.cases if case.name in before], original.flagged)
    return same.macro - score(cases, copy.flagged).macro
