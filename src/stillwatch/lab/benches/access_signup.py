"""Whom sign-up checks ask for a higher level, on logs of two simulators: operators' accounts and everybody else's.

Simulated accounts have no mail address and no number, so checks that need the request see nothing here. There are
three settings: no list beside the packaged one; a list that knows every other throw-away host that the simulators
have, as lists lag behind; and the same where the operator takes abuse to be three times as common.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.table import Table

from stillwatch import sources
from stillwatch.access.signup import LEVELS, Assessment, SignupDesk, Terms
from stillwatch.features.key import SketchKey
from stillwatch.lab import elsewhere
from stillwatch.lab.benches import Figures, Floor, Tell
from stillwatch.lab.benches.trials import Traffic, simulated
from stillwatch.lab.elsewhere.accounts import THROWAWAY_HOSTS
from stillwatch.lab.logs import open_log
from stillwatch.lab.people import DISPOSABLE_MAIL
from stillwatch.lab.scoring import wilson
from stillwatch.records import TIME, Rejection

LOGS, QUICK_LOGS = 3, 1  # of each simulator
SCALE, QUICK_SCALE = 0.02, 0.0031
ACCOUNTS, QUICK_ACCOUNTS = 9_000, 2_000
DAYS, QUICK_DAYS = 21, 7
WEEKS, QUICK_WEEKS = 4, 1
BEFORE = (
    28 * 86_400_000_000
)  # from so long before a log, sign-ups are counted: the provider's base rates lie before
BATCH = 20_000  # sign-ups at a time, for the speed
HALF = (*DISPOSABLE_MAIL[::2], *THROWAWAY_HOSTS[::2])
SETTINGS = {
    "no list": Terms(),
    "half a list": Terms(disposable_mail=HALF),
    "prior 3 in 100": Terms(disposable_mail=HALF, prior=0.03),
}
SHOWN = 2  # levels that tables show; the figures have all
PARTS = {True: "operators", False: "innocents"}
KEY = SketchKey(b"the laboratory's own key of keys")


@dataclass
class Asked:
    """Sign-ups of one operator or cohort, and how many were asked for each level or more, beyond what they had."""

    signups: int = 0
    at_least: list[int] = field(default_factory=lambda: [0] * len(LEVELS))

    def add(self, levels: np.ndarray) -> None:
        self.signups += len(levels)
        for place in range(len(LEVELS)):
            self.at_least[place] += int((levels > place).sum())

    def figures(self) -> Figures:
        return {
            "signups": self.signups,
            **{
                f"level_{place + 1}_or_more": {
                    "signups": count,
                    "share": count / self.signups if self.signups else None,
                    "interval": wilson(count, self.signups),
                }
                for place, count in enumerate(self.at_least)
            },
        }


@dataclass(frozen=True)
class Population:
    """The sign-ups of one log, and what is true of them."""

    records: pa.Table
    late: pa.Table  # those records that are counted
    level: np.ndarray  # that each of these accounts has already
    operator: list[str | None]
    cohort: list[str]


Groups = dict[tuple[str, bool], Asked]  # by name, and whether it is an operator


def measure_signup(
    tell: Tell, *, root: Path, seed: int, quick: bool
) -> tuple[Figures, list[Floor], list[Table]]:
    """Assess every sign-up of each log as of its own moment. No floor is set: what is found is what is told."""
    figures: Figures = {}
    tables: list[Table] = []
    for simulator, logs in (
        ("simulate", list(_simulated(root, seed, tell, quick=quick))),
        ("simulate-elsewhere", list(_elsewhere(root, seed, tell, quick=quick))),
    ):
        populations = [_population(log) for log in logs]
        by_setting = {}
        for setting, terms in SETTINGS.items():
            tell(f"assessing sign-ups of {simulator}: {setting}")
            by_setting[setting] = _asked(populations, terms)
        figures[simulator] = {
            setting: {PARTS[operators]: _figures(groups, operators=operators) for operators in (True, False)}
            for setting, groups in by_setting.items()
        }
        tables.append(_table(simulator, by_setting))
    figures["seeds"] = list(range(seed, seed + (QUICK_LOGS if quick else LOGS)))
    figures["signups_a_second"] = _speed(populations[0])
    return figures, [], tables


def _simulated(root: Path, seed: int, tell: Tell, *, quick: bool) -> Iterator[Path]:
    scale, weeks = (QUICK_SCALE, QUICK_WEEKS) if quick else (SCALE, WEEKS)
    for number in range(QUICK_LOGS if quick else LOGS):
        yield simulated(root, Traffic("all", scale, seed + number, (), weeks), tell)


def _elsewhere(root: Path, seed: int, tell: Tell, *, quick: bool) -> Iterator[Path]:
    accounts, days = (QUICK_ACCOUNTS, QUICK_DAYS) if quick else (ACCOUNTS, DAYS)
    for number in range(QUICK_LOGS if quick else LOGS):
        log = root / f"elsewhere-{accounts}-{days}d-{seed + number}"
        if not (log / "truth" / "accounts.parquet").exists():
            tell(f"simulating {log.name}")
            elsewhere.write_log(log, seed=seed + number, accounts=accounts, days=days)
        yield log


def _population(log: Path) -> Population:
    records = _accounts(log)
    [(begin,)] = open_log(log).execute("SELECT min(ts) FROM exchanges").fetchall()
    made = pc.fill_null(pc.cast(records["created_at"], pa.int64()), -1).to_numpy()
    late = records.filter(pa.array(made >= begin - BEFORE))
    truth = pq.read_table(log / "truth" / "accounts.parquet")
    truth = truth.take(pc.index_in(late["account_id"], truth["account_id"]))
    return Population(
        records=records,
        late=late,
        level=pc.fill_null(late["kyc_level"], 0).to_numpy(),
        operator=truth["operator"].to_pylist(),
        cohort=truth["cohort"].to_pylist(),
    )


def _accounts(log: Path) -> pa.Table:
    batches = []
    for file, name in sources.find([log]).files:
        if not file.name.startswith("accounts"):
            continue
        for block in sources.catalogue()[name].blocks(file):
            assert not isinstance(block, Rejection), block
            batches.append(sources.decode(block).batch)
    return pa.Table.from_batches(batches)


def _asked(populations: Sequence[Population], terms: Terms) -> Groups:
    groups: defaultdict[tuple[str, bool], Asked] = defaultdict(Asked)
    for population in populations:
        desk = SignupDesk(KEY, terms)
        desk.observe(population.records)
        _count(population, desk.assess(population.late), groups)
    return dict(groups)


def _count(population: Population, found: Assessment, groups: defaultdict[tuple[str, bool], Asked]) -> None:
    asked = np.where(found.suggested_level > population.level, found.suggested_level, 0)
    rows: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for row, operator in enumerate(population.operator):
        cohort = re.sub(r"\d+$", "", population.cohort[row])
        rows[cohort if operator is None else operator, operator is not None].append(row)
    for name, members in rows.items():
        groups[name].add(asked[members])


def _figures(groups: Groups, *, operators: bool) -> Figures:
    chosen = {name: asked for (name, runs), asked in sorted(groups.items()) if runs == operators}
    return {
        "all": _together(chosen.values()).figures(),
        **{name: one.figures() for name, one in chosen.items()},
    }


def _together(parts: Iterable[Asked]) -> Asked:
    whole = Asked()
    for part in parts:
        whole.signups += part.signups
        whole.at_least = [mine + its for mine, its in zip(whole.at_least, part.at_least, strict=True)]
    return whole


def _speed(population: Population) -> float:
    """Sign-ups observed and assessed a second, a batch at a time, beside those of the log itself."""
    desk = SignupDesk(KEY)
    desk.observe(population.records)
    desk.assess(population.late)
    batch = population.late.take(pa.array(np.resize(np.arange(len(population.late)), BATCH)))
    last = pc.max(pc.cast(population.records["created_at"], pa.int64())).as_py()
    new = {
        "account_id": pa.array([f"more-{number}" for number in range(BATCH)]),
        "created_at": pa.array(last + np.arange(BATCH) * 1_000_000).cast(TIME),
    }
    for name, column in new.items():
        batch = batch.set_column(batch.schema.get_field_index(name), name, column)
    begin = time.perf_counter()
    desk.observe(batch)
    desk.assess(batch)
    return BATCH / (time.perf_counter() - begin)


def _table(simulator: str, by_setting: dict[str, Groups]) -> Table:
    table = Table(
        title=f"Sign-ups of `{simulator}` asked for a higher level",
        caption="Each as of its own moment, beyond the level the account has. Innocents by cohort; authorised ones too.",
    )
    table.add_column("who", no_wrap=True)
    table.add_column("sign-ups", justify="right")
    for setting in by_setting:
        for place in range(SHOWN):
            table.add_column(f"{setting}:\n{place + 1} or more", justify="right")
    for operators in (True, False):
        rows: dict[str, list[Asked]] = defaultdict(list)
        for groups in by_setting.values():
            for (name, _), asked in sorted(one for one in groups.items() if one[0][1] == operators):
                rows[name].append(asked)
        unasked = [columns for columns in rows.values() if not any(sum(one.at_least) for one in columns)]
        quiet = [] if operators else unasked
        for name, columns in rows.items():
            if columns not in quiet:
                _add_row(table, name, columns)
        if quiet:
            _add_row(
                table, f"{len(quiet)} others", [_together(column) for column in zip(*quiet, strict=True)]
            )
        _add_row(
            table,
            f"all {PARTS[operators]}",
            [_together(column) for column in zip(*rows.values(), strict=True)],
        )
        table.add_section()
    return table


def _add_row(table: Table, name: str, columns: list[Asked]) -> None:
    cells = [
        f"{count / asked.signups:.1%}" if asked.signups else "-"
        for asked in columns
        for count in asked.at_least[:SHOWN]
    ]
    table.add_row(name, f"{columns[0].signups:,}", *cells)
