"""Values as tokens: what members publish and compare, made by the quorum and cut to 16 bytes.

Of 24,000 tokens against two million, two that differ are alike with a chance below 1e-27.
"""

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context

import msgspec

from stillwatch.sharing.finding.model import MatchToken
from stillwatch.sharing.matching.crypto.oprf import SUITE
from stillwatch.sharing.matching.exchange.asking import Asker, Http, Trouble
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.membership.identity import Identity
from stillwatch.sharing.matching.membership.roster import Roster

TOKEN_BYTES = 16
CHUNK = 1024  # values that a process works on at a time
ALONE_BELOW = 4 * CHUNK  # values under which starting processes takes longer than it saves
_LEFT = {signal.SIGINT, signal.SIGTERM}  # to the process that started a worker


class Tokens(msgspec.Struct, frozen=True):
    """Tokens in the order of the values, and the members that were left out on the way."""

    values: list[bytes]
    troubles: list[Trouble]


def value_of(kind: str, content: str | bytes) -> bytes:
    """What goes into the function: a value with its kind, so that no two kinds are ever alike."""
    return b"\0".join(
        (b"stillwatch-1", kind.encode(), content if isinstance(content, bytes) else content.encode())
    )


def match_token(key: EpochKey, token: bytes) -> MatchToken:
    """A token as a shared finding carries it."""
    return MatchToken(SUITE, key.key_id, token.hex())


def tokens(
    values: Sequence[bytes], identity: Identity, roster: Roster, key: EpochKey, *, workers: int | None = None
) -> Tokens:
    """The token of each value, asked of the quorum over HTTP. Raises NoQuorum where too few members answer."""
    workers = workers or os.cpu_count() or 1
    if workers == 1 or len(values) < ALONE_BELOW:
        with closing(Http()) as post:
            asker = Asker(identity, roster, key, post)
            return Tokens(shortened(asker.outputs(values)), asker.troubles)
    found: list[bytes] = []
    troubles: dict[str, Trouble] = {}
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(identity, roster, key)
    ) as pool:
        for part, met in pool.map(_part, _chunks(values)):
            found += part
            troubles |= {trouble.member: trouble for trouble in met}
    return Tokens(found, list(troubles.values()))


class Asking:
    """Who asks whom under which key; remembers the members that had to be left out."""

    def __init__(self, identity: Identity, roster: Roster, key: EpochKey, workers: int | None = None) -> None:
        self.identity = identity
        self.roster = roster
        self.key = key
        self._workers = workers
        self._troubles: dict[str, Trouble] = {}

    @property
    def left_out(self) -> list[str]:
        return [f"{trouble.member}: {trouble.reason}" for trouble in self._troubles.values()]

    def evaluate(self, values: Sequence[bytes]) -> list[bytes]:
        made = tokens(values, self.identity, self.roster, self.key, workers=self._workers)
        self._troubles |= {trouble.member: trouble for trouble in made.troubles}
        return made.values


def shortened(outputs: Iterable[bytes]) -> list[bytes]:
    return [output[:TOKEN_BYTES] for output in outputs]


def _chunks(values: Sequence[bytes]) -> Iterator[list[bytes]]:
    return (list(values[at : at + CHUNK]) for at in range(0, len(values), CHUNK))


_asker: Asker | None = None  # of a worker


def _start(identity: Identity, roster: Roster, key: EpochKey) -> None:
    global _asker  # noqa: PLW0603 - a worker serves one run
    signal.pthread_sigmask(signal.SIG_BLOCK, _LEFT)
    _asker = Asker(identity, roster, key, Http())


def _part(values: list[bytes]) -> tuple[list[bytes], list[Trouble]]:
    assert _asker is not None
    return shortened(_asker.outputs(values)), _asker.troubles
