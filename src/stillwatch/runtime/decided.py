"""Decisions of gateways, read from the segments of their spools."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from stillwatch.records import Rejection, TakenDecision

SEGMENTS = "decisions-*.jsonl"  # while a gateway writes one, its name goes on with `.open`
_DECODER = msgspec.json.Decoder(TakenDecision)


def closed_segments(folder: Path) -> list[Path]:
    """Segments to which nothing is added any more, in order of name. The one place that knows how they are told."""
    return sorted(folder.glob(SEGMENTS))


def spools(addresses: Iterable[str]) -> list[Path]:
    """The folders among the addresses that a watch follows: gateways may write decisions there."""
    found = []
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme not in ("", "file"):
            continue
        plain = Path(address)
        path = plain if plain.exists() else Path(unquote(parts.path))
        if path.is_dir():
            found.append(path)
    return list(dict.fromkeys(found))


def read_decisions(
    lines: Iterable[bytes], file: str, first_line: int = 1
) -> tuple[list[TakenDecision], list[Rejection]]:
    """The decisions of some lines, and the lines that hold none."""
    decisions: list[TakenDecision] = []
    rejected: list[Rejection] = []
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            continue
        try:
            decisions.append(_DECODER.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            rejected.append(Rejection(file, number, f"no decision: {error}"))
    return decisions, rejected
