"""How fast the owners of a million entities are followed, how much memory that takes, and whether both readings are right.

The large graph is composed: an entity is held by up to nine that are numbered before it, a tenth of the holdings lead
back and make cycles, and there are rings whose members hold nearly the whole of each other. A hand-checked set has
its answers beside it.
"""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from rich.table import Table

from stillwatch.access.ownership import build, decide, load, read_facts, read_holdings
from stillwatch.lab.benches import Figures, Floor, Tell
from stillwatch.lab.benches.access_apart import Apart, run
from stillwatch.lab.benches.access_by_hand import wrong_answers

ENTITIES, QUICK_ENTITIES = 1_000_000, 50_000
HOLDINGS_EACH = 5
SECONDS, PEAK_GIB = 30.0, 4.0
LISTED = 0.002  # of entities: two thousand in a million
FOUNDERS = 0.2  # of entities: nobody holds them
BACKWARDS = 0.1  # of holdings
RING, RINGS, RING_SHARE = 6, 0.01, 0.999
NOT_SERVED = "XA"  # countries here are codes that anyone may use, and mean none
SHARE_OF_NOT_SERVED = 0.05
DAY = date(2026, 11, 20)  # all shipped rules hold


def measure_owners(tell: Tell, *, seed: int, quick: bool) -> tuple[Figures, Sequence[Floor], Sequence[Table]]:
    """Decide the composed graph from Parquet and from CSV, each in a process of its own, and the hand-checked set."""
    size = QUICK_ENTITIES if quick else ENTITIES
    with TemporaryDirectory(prefix="stillwatch-owners-") as name:
        room = Path(name)
        tell(f"composing {size:,} entities with {size * HOLDINGS_EACH:,} holdings")
        compose(room, size, seed)
        kept: dict[str, Apart] = {}
        for form in ("parquet", "csv"):
            tell(f"deciding on {size:,} entities from {form}")
            (room / "form").write_text(form)
            kept[form] = run("access_owners", room, size)
    wrong, asked = wrong_answers()
    runs: Figures = {form: {**one.figures, "peak_gib": _gib(one)} for form, one in kept.items()}
    figures: Figures = {
        "entities": size,
        "holdings": size * HOLDINGS_EACH,
        "hand_checked": asked,
        "hand_checked_wrong": wrong,
        "runs": runs,
    }
    floors = [Floor("owners: hand-checked answers that are wrong", len(wrong), 0, at_least=False)]
    for form, one in kept.items():
        floors += [
            Floor(
                f"owners: seconds from {form} to verdicts", one.figures["seconds"], SECONDS, at_least=False
            ),
            Floor(f"owners: peak GiB from {form}", _gib(one), PEAK_GIB, at_least=False),
        ]
    return figures, floors, [_table(size, kept)]


def work(room: Path, size: int) -> dict[str, float]:
    """Read, build and decide, in the process that is measured."""
    form = (room / "form").read_text()
    start, busy = time.perf_counter(), time.process_time()
    holdings = read_holdings(room / f"holdings.{form}", DAY)
    facts = read_facts(room / f"facts.{form}")
    listed = (room / "listed").read_text().split()
    read = time.perf_counter()
    graph = build(holdings, facts)
    built = time.perf_counter()
    outcomes = decide(graph, load(), DAY, listed=listed, not_served=[NOT_SERVED])
    decided = time.perf_counter()
    assert graph.size == size
    return {
        "seconds": decided - start,
        "processor_seconds": time.process_time() - busy,
        "read_seconds": read - start,
        "build_seconds": built - read,
        "decide_seconds": decided - built,
        "rules": len(outcomes),
        "met_by_product": sum(float((one.product.answer == 2).sum()) for one in outcomes),
        "met_by_control": sum(float((one.control.answer == 2).sum()) for one in outcomes),
        "readings_differ": sum(float(one.differ.sum()) for one in outcomes),
        "largest_error": max(one.remainder for one in outcomes),
    }


def compose(room: Path, size: int, seed: int) -> None:
    """Write holdings, facts and listed ids."""
    rng = np.random.default_rng(seed)
    owner, owned, share = _holdings(rng, size)
    ids = pa.array(np.char.add("entity-", rng.permutation(size).astype(str)))
    mixed = rng.permutation(len(owner))
    holdings = pa.table(
        {
            "owner": ids.take(pa.array(owner[mixed])),
            "owned": ids.take(pa.array(owned[mixed])),
            "share": np.round(share[mixed], 6),
        }
    )
    country = np.where(
        rng.random(size) < SHARE_OF_NOT_SERVED, NOT_SERVED, rng.choice(["XB", "XC", "XD"], size=size)
    )
    facts = pa.table({"id": ids, "name": ids, "country": pa.array(country)})
    for name, table in (("holdings", holdings), ("facts", facts)):
        pq.write_table(table, room / f"{name}.parquet")
        arrow_csv.write_csv(table, room / f"{name}.csv")
    chosen = rng.choice(size, size=max(1, int(size * LISTED)), replace=False)
    (room / "listed").write_text("\n".join(ids.take(pa.array(chosen)).to_pylist()))


def _holdings(rng: np.random.Generator, size: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    founders, count = int(size * FOUNDERS), size * HOLDINGS_EACH
    rings = int(size * RINGS) // RING * RING
    ring = np.arange(size - rings, size)  # the last entities, in rings
    following = ring - rings % RING + np.where((ring - ring[0]) % RING == RING - 1, 1 - RING, 1)
    left = count - rings
    owned = founders + rng.integers(size - founders - rings, size=left)
    owner = (rng.random(left) * owned).astype(np.int64)
    backwards = rng.random(left) < BACKWARDS
    owner[backwards] = rng.integers(size, size=int(backwards.sum()))
    raw = rng.exponential(size=left)
    total = np.bincount(owned, raw, minlength=size)
    known = rng.uniform(0.6, 1.0, size=size)  # of each entity: the rest has no recorded owner
    share = np.maximum(raw / total[owned] * known[owned], 1e-5)
    rest = np.full(rings, 1 - RING_SHARE)
    outside = rng.integers(founders, size=rings)
    return (
        np.concatenate([owner[: left - rings], outside, ring]),
        np.concatenate([owned[: left - rings], ring, following]),
        np.concatenate([share[: left - rings], rest, np.full(rings, RING_SHARE)]),
    )


def _gib(one: Apart) -> float | None:
    return None if one.peak_bytes is None else one.peak_bytes / 2**30


def _table(size: int, kept: dict[str, Apart]) -> Table:
    table = Table(title=f"Owners of {size:,} entities, {size * HOLDINGS_EACH:,} holdings")
    for column in (
        "from",
        "read s",
        "build s",
        "decide s",
        "in all s",
        "processor s",
        "peak GiB",
        "met",
        "readings differ",
    ):
        table.add_column(column, justify="right")
    for form, one in kept.items():
        row = one.figures
        peak = _gib(one)
        table.add_row(
            form,
            *(
                f"{row[name]:.1f}"
                for name in (
                    "read_seconds",
                    "build_seconds",
                    "decide_seconds",
                    "seconds",
                    "processor_seconds",
                )
            ),
            "unknown" if peak is None else f"{peak:.2f}",
            f"{row['met_by_product']:,.0f} / {row['met_by_control']:,.0f}",
            f"{row['readings_differ']:,.0f}",
        )
    return table
