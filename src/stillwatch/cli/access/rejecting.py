"""What was not taken from an operator's table, with the lines."""

from pathlib import Path

from stillwatch.access.tabular import Rejected
from stillwatch.cli.cases.printing import tell
from stillwatch.reports import many

PLACES = 5  # lines that are named for each reason


def tell_rejected(path: Path, rejected: Rejected) -> None:
    """One sentence for each reason, the most frequent first."""
    called = "row" if path.suffix == ".parquet" else "line"
    for reason, count in rejected.counts.most_common():
        places = rejected.places(reason)[:PLACES]
        where = f" ({called}{'s' if count > 1 else ''} {', '.join(map(str, places))}" if places else ""
        more = f" and {count - len(places):,} more" if places and count > len(places) else ""
        tell(f"{path}: {many(count, 'row')} rejected: {reason}{where}{more}{')' if places else ''}")
