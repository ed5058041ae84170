"""The calls of a log before it is written: a column for each field, and what is true of each call."""

from collections.abc import Callable, Mapping
from itertools import compress
from typing import Any, NamedTuple

from stillwatch.records import EXCHANGES


class Truth(NamedTuple):
    """Whose call it is, and what an operator takes by it; None where it is innocent."""

    exchange_id: str
    account_id: str
    operator: str | None
    capability: str | None


class Calls:
    """Columns by field name; `ts` holds seconds into the log until it is written."""

    def __init__(self) -> None:
        self.columns: dict[str, list[Any]] = {name: [] for name in EXCHANGES.names}
        self.truth: list[Truth] = []

    def __len__(self) -> int:
        return len(self.truth)

    def add(self, record: Mapping[str, object], truth: Truth) -> None:
        """Keep one call; a field that `record` lacks is null."""
        for name, column in self.columns.items():
            column.append(record.get(name))
        self.truth.append(truth)

    def keep(self, wanted: Callable[[str, float], bool]) -> None:
        """Drop the calls whose account and time are not wanted."""
        pairs = zip(self.columns["account_id"], self.columns["ts"], strict=True)
        kept = [wanted(account, at) for account, at in pairs]
        for name, column in self.columns.items():
            self.columns[name] = list(compress(column, kept))
        self.truth = list(compress(self.truth, kept))
