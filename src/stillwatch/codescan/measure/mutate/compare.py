"""Whether a mutant behaves like its original: same answers, and same values at the same sinks, names aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from stillwatch.codescan.measure.running.observe import Ran, Seen

_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
SHOWN = 60  # characters of a difference


@dataclass(frozen=True)
class Renamed:
    """New names and the old ones, in the order in which they are put back."""

    pairs: Sequence[tuple[str, str]]

    def put_back(self, text: str) -> str:
        """Put old names back into a text in small letters, as names of headers come back in any case."""
        for new, old in self.pairs:
            text = text.replace(new.lower(), old.lower())
        return text


def difference(before: Ran, after: Ran, renamed: Renamed) -> str | None:
    """Say what differs, None if nothing does."""
    if after.error is not None:
        return f"the mutant does not run: {after.error}"
    for first, second in zip(before.seen, after.seen, strict=True):
        original, mutant = _plain(first), renamed.put_back(_plain(second))
        if original != mutant:
            place = next(
                (at for at, (one, other) in enumerate(zip(original, mutant, strict=False)) if one != other), 0
            )
            return f"{mutant[place : place + SHOWN]!r} instead of {original[place : place + SHOWN]!r}"
    return None


def _plain(seen: Seen) -> str:
    return _ADDRESS.sub("0x", msgspec.json.encode(seen).decode().lower())
