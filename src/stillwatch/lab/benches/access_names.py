"""How well names of lists are found among customers' on a labelled sample, and how fast a million are among a million.

The sample is composed by another composer than those that the weights are fitted on. The crowd is composed as well;
its names have five kinds and three scripts besides Latin, and one customer in a hundred is a changed name of the list.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.table import Table

from stillwatch.access.names import Found, Screen
from stillwatch.lab.benches import Figures, Floor, Tell
from stillwatch.lab.benches.access_apart import Apart, run
from stillwatch.lab.names import third
from stillwatch.lab.names.crowd import World, crowd, customers
from stillwatch.lab.names.sample import compose
from stillwatch.lab.names.score import Score, score

PRECISION, RECALL = 0.95, 0.9
SAMPLES, SAMPLE_SIZE, QUICK_SAMPLES = 8, 600, 4
NAMES, QUICK_NAMES = 1_000_000, 30_000
SECONDS, PEAK_GIB = 600.0, 8.0


def measure_names(tell: Tell, *, seed: int, quick: bool) -> tuple[Figures, Sequence[Floor], Sequence[Table]]:
    """Score samples, each screened on its own, then screen the crowd in a process of its own."""
    scores = []
    for number in range(QUICK_SAMPLES if quick else SAMPLES):
        tell(f"screening labelled sample {number + 1}")
        scores.append(score(compose(third.COMPOSER, seed + number, SAMPLE_SIZE)))
    right = sum(one.precision * one.told for one in scores)
    precision = right / max(1, sum(one.told for one in scores))
    recall = sum(one.recall * one.true for one in scores) / sum(one.true for one in scores)
    size = QUICK_NAMES if quick else NAMES
    with TemporaryDirectory(prefix="stillwatch-names-") as name:
        room = Path(name)
        tell(f"composing {size:,} names and {size:,} customers")
        write_crowd(room, size, seed)
        tell(f"screening {size:,} customers against {size:,} names")
        cost = run("access_names", room, size)
    peak = None if cost.peak_bytes is None else cost.peak_bytes / 2**30
    figures: Figures = {
        "sample_customers": SAMPLE_SIZE * len(scores),
        "sample_true": sum(one.true for one in scores),
        "precision": precision,
        "recall": recall,
        "recall_of_keys": sum(one.keyed * one.true for one in scores) / sum(one.true for one in scores),
        "said_and_true": calibration(scores),
        "names": size,
        "crowd": cost.figures | {"peak_gib": peak},
    }
    floors = [
        Floor("names: precision on the labelled sample", precision, PRECISION),
        Floor("names: recall on the labelled sample", recall, RECALL),
        Floor("names: seconds for the crowd", cost.figures["seconds"], SECONDS, at_least=False),
        Floor("names: peak GiB for the crowd", peak, PEAK_GIB, at_least=False),
    ]
    return figures, floors, [_quality(scores, precision, recall), _speed(size, cost, peak)]


def work(room: Path, size: int) -> dict[str, float]:
    """Read and screen, in the process that is measured."""
    start, busy = time.perf_counter(), time.process_time()
    listed, asked = (pq.read_table(room / f"{name}.parquet")["name"] for name in ("listed", "asked"))
    assert len(listed) == len(asked) == size
    screen = Screen(listed.to_pylist(), asked.to_pylist())
    spelled = time.perf_counter()
    found = screen.spellings()
    done = time.perf_counter()
    return {
        "seconds": done - start,
        "processor_seconds": time.process_time() - busy,
        "spelling_seconds": spelled - start,
        "distinct_listed": float(len(screen.listed.words)),
        "distinct_asked": float(len(screen.asked.words)),
        "words": float(len(screen.lexicon.words)),
        "compared": float(screen.compared),
        "told": float(len(found.listed)),
        "changed_found": _found(room, screen, found),
    }


def write_crowd(room: Path, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    world = World(rng, size)
    listed = crowd(rng, size, world)
    asked = customers(rng, size, world, listed)
    for name, columns in (
        ("listed", {"name": pa.array(listed, pa.string())}),
        ("asked", {"name": pa.array(asked.names, pa.string())}),
        ("truth", {"listed": asked.source, "asked": asked.changed}),
    ):
        pq.write_table(pa.table(columns), room / f"{name}.parquet")


def _found(room: Path, screen: Screen, found: Found) -> float:
    """Share of the changed names that were told with the name they were made from."""
    truth = pq.read_table(room / "truth.parquet")
    made = (
        screen.asked.row[truth["asked"].to_numpy()].astype(np.int64) << 32
        | screen.listed.row[truth["listed"].to_numpy()]
    )
    return float(np.isin(made, found.asked.astype(np.int64) << 32 | found.listed).mean())


def calibration(scores: Sequence[Score]) -> list[dict[str, float]]:
    """Probabilities in bins: what was said on average, and how many were true."""
    bins: dict[int, list[tuple[float, float, int]]] = {}
    for one in scores:
        for said, true, count in one.bins:
            bins.setdefault(round(said * 10), []).append((said, true, count))
    return [
        {
            "said": sum(said * count for said, _, count in rows) / sum(row[2] for row in rows),
            "true": sum(true * count for _, true, count in rows) / sum(row[2] for row in rows),
            "pairs": sum(row[2] for row in rows),
        }
        for _, rows in sorted(bins.items())
    ]


def _quality(scores: Sequence[Score], precision: float, recall: float) -> Table:
    table = Table(title=f"Labelled sample: precision {precision:.3f}, recall {recall:.3f}")
    for column in ("probability said", "true", "pairs"):
        table.add_column(column, justify="right")
    for row in calibration(scores):
        table.add_row(f"{row['said']:.2f}", f"{row['true']:.2f}", f"{row['pairs']:.0f}")
    return table


def _speed(size: int, cost: Apart, peak: float | None) -> Table:
    table = Table(title=f"{size:,} names of a list, {size:,} customers")
    for column in (
        "seconds",
        "of processors",
        "of it spelling",
        "pairs compared",
        "pairs told",
        "changed names found",
        "peak GiB",
    ):
        table.add_column(column, justify="right")
    row = cost.figures
    table.add_row(
        f"{row['seconds']:.0f}",
        f"{row['processor_seconds']:.0f}",
        f"{row['spelling_seconds']:.0f}",
        f"{row['compared']:,.0f}",
        f"{row['told']:,.0f}",
        f"{row['changed_found']:.3f}",
        "unknown" if peak is None else f"{peak:.2f}",
    )
    return table
