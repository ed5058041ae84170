"""How fast `detect` reads and judges a log, how that grows with the log, and how much memory it takes."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.apart import Cost, Request, run
from stillwatch.lab.benches.canonical import write
from stillwatch.lab.benches.trials import DETECTING, digest

GROWTH = 1.1  # exponent of wall time over exchanges: linear, with a tenth for noise
EXCHANGES_PER_SECOND = 10_000  # 16 M exchanges, the February haul, in under half an hour
PEAK_MEBIBYTES = 2048  # at 4 M exchanges of 200,000 accounts
SEED = 1000


class _Kept(msgspec.Struct):
    code: str
    accounts: int
    cost: Cost


def measure(root: Path, sizes: Sequence[int], tell: Tell) -> Report:
    """Detect once on a log of each size, each in a fresh process; logs are removed as soon as measured."""
    kept = {size: _measured(root, size, tell) for size in sorted(sizes)}
    seconds = [row.cost.seconds for row in kept.values()]
    rate = max(kept) / seconds[-1]
    exponent = growth(list(kept), seconds) if len(kept) > 1 else None
    figures: Figures = {
        "runs": [
            {
                "exchanges": size,
                "accounts": row.accounts,
                "seconds": row.cost.seconds,
                "exchanges_per_second": size / row.cost.seconds,
                "peak_mib": mebibytes(row.cost),
            }
            for size, row in kept.items()
        ],
        "growth_exponent": exponent,
        "exchanges_per_second_at_largest": rate,
    }
    floors = [Floor("exchanges per second at the largest size", rate, EXCHANGES_PER_SECOND)]
    if exponent is not None:
        floors.append(Floor("growth exponent of wall time", exponent, GROWTH, at_least=False))
    peak = mebibytes(kept[max(kept)].cost)
    if peak is not None:
        floors.append(Floor("peak MiB at the largest size", peak, PEAK_MEBIBYTES, at_least=False))
    return Report("speed", figures, floors, [SEED], [_table(kept)])


def growth(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Slope of log seconds over log exchanges, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def mebibytes(cost: Cost) -> int | None:
    return None if cost.peak_bytes is None else round(cost.peak_bytes / 2**20)


def _measured(root: Path, size: int, tell: Tell) -> _Kept:
    folder = root / f"speed-{size}"
    result = root / f"speed-{size}.json"
    code = digest(DETECTING)
    if result.exists():
        before = msgspec.json.decode(result.read_bytes(), type=_Kept)
        if before.code == code:
            return before
    shutil.rmtree(folder, ignore_errors=True)
    tell(f"writing {size:,} exchanges")
    accounts = write(folder / "log", size, SEED)
    tell(f"detecting on {size:,} exchanges")
    cost = run(Request([str(folder / "log")], str(folder / "out")))
    shutil.rmtree(folder)
    kept = _Kept(code, accounts, cost)
    result.write_bytes(msgspec.json.encode(kept))
    return kept


def _table(kept: dict[int, _Kept]) -> Table:
    table = Table(title="Speed of detect on canonical JSON lines, 1 kB of text an exchange")
    for column in ("exchanges", "accounts", "seconds", "exchanges/s", "peak MiB"):
        table.add_column(column, justify="right")
    for size, row in kept.items():
        peak = mebibytes(row.cost)
        table.add_row(
            f"{size:,}",
            f"{row.accounts:,}",
            f"{row.cost.seconds:.1f}",
            f"{size / row.cost.seconds:,.0f}",
            "unknown" if peak is None else f"{peak:,}",
        )
    return table
