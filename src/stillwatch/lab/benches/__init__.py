"""Benchmarks: each measures, holds its floors beside the measurement, and says on which machine and seeds."""

import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from rich.table import Table

Figures = dict[str, object]  # figures nest, and end as JSON
Tell = Callable[[str], None]  # progress, for people


@dataclass(frozen=True)
class Floor:
    """A limit a figure has to keep; `measured` None (there was nothing to measure) does not keep it."""

    name: str
    measured: float | None
    limit: float
    at_least: bool = True

    ROUNDING = 1e-9  # 8 of 9 is not exact in binary

    @property
    def holds(self) -> bool:
        if self.measured is None:
            return False
        if self.at_least:
            return self.measured >= self.limit - self.ROUNDING
        return self.measured <= self.limit + self.ROUNDING

    def in_json(self) -> Figures:
        side = "at_least" if self.at_least else "at_most"
        return {side: self.limit, "measured": self.measured, "holds": self.holds}


@dataclass(frozen=True)
class Report:
    """What a benchmark leaves: figures, floors, and tables for people."""

    bench: str
    figures: Figures
    floors: Sequence[Floor]
    seeds: Sequence[int]
    tables: Sequence[Table] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(floor.holds for floor in self.floors)

    def floor_table(self) -> Table:
        table = Table("floor", "limit", "measured", "holds", title="Floors")
        for floor in self.floors:
            measured = "nothing to measure" if floor.measured is None else f"{floor.measured:.5g}"
            sign = ">=" if floor.at_least else "<="
            table.add_row(floor.name, f"{sign} {floor.limit:.5g}", measured, "yes" if floor.holds else "NO")
        return table

    def write(self, path: Path, command: str) -> None:
        """Write the contract's JSON form of the benchmark."""
        whole = {
            "bench": self.bench,
            "command": command,
            "figures": self.figures,
            "floors": {floor.name: floor.in_json() for floor in self.floors},
            "holds": self.holds,
            "machine": machine(),
            "seeds": list(self.seeds),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n")


def machine() -> Figures:
    """Say what the figures were measured on."""
    memory = None
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": memory,
        "python": sys.version.split()[0],
    }
