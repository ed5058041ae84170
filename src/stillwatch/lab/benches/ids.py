"""Minted ids: how long they take, whether one can be forged, and which proxies they link beside which customers."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from rich.table import Table

from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import Ledger
from stillwatch.features.observed import Interner
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.ids_forged import Tried, forged
from stillwatch.lab.proxies import PROXIES, REWRITES, Harvest, Log, Provider, Proxy, customers
from stillwatch.linking.handovers import Handovers
from stillwatch.marks.ids.api import Minter, Organisations, Sealer, mint_column, verify_column
from stillwatch.marks.ids.keyring import made

MICROSECONDS = 20.0  # a fiftieth of the millisecond that marking may add to a call
LINKED = {"round robin": 0.99, "fail-over": 0.8}
MOONSHOT: Figures = {"microseconds": 5.0, "linked_at_fail_over": 0.9}
ACCOUNTS = 1_000  # that take turns while single calls are timed
REPEATS = 5


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    forgeries: int = 10_000_000
    calls: int = 50_000
    column: int = 1_000_000
    accounts: int = 200  # of a proxy at a time
    exchanges: int = 30_000  # of a proxy
    customers: int = 3_000


QUICK = Size(forgeries=500_000, calls=10_000, column=200_000, accounts=60, exchanges=9_000, customers=600)


@dataclass(frozen=True)
class Linked:
    """What handovers say of one proxy."""

    accounts: int  # of the operator, that made a call
    linked: int  # of them, within a pipeline of the operator's
    falsely: int  # accounts within a pipeline that others run
    pipelines: int
    refused: float  # share of calls that would send back reasoning sealed for another account
    touched: int  # accounts of the operator that took part in a handover: ids can link no others
    calls: float  # share of the operator's calls that linked accounts made

    @property
    def share(self) -> float:
        return self.linked / self.accounts

    @property
    def reach(self) -> float:
        """The share that would be linked if each handover were enough."""
        return self.touched / self.accounts


def measure(seeds: Sequence[int], size: Size, tell: Tell) -> Report:
    """Time single calls and columns, try forgeries, and let proxies harvest."""
    minter = Minter(made())
    tell("timing single calls and columns")
    spent = _spent(minter, size)
    tell(f"trying {size.forgeries:,} forged ids")
    tried = forged(minter, size.forgeries, seeds[0])
    found: dict[str, list[Linked]] = {}
    for seed in seeds:
        for proxy in (
            *PROXIES,
            *(Proxy(f"round robin, {name}", True, rewrite=does) for name, does in REWRITES.items()),
        ):
            tell(f"seed {seed}: {proxy.name}")
            found.setdefault(proxy.name, []).append(linked(proxy, seed, size))
    accepted = sum(kind.accepted for kind in tried)
    false = sum(one.falsely for some in found.values() for one in some)
    figures: Figures = {
        "microseconds": spent,
        "forged": {
            kind.name: {"tried": kind.tried, "accepted": kind.accepted, "outcomes": kind.outcomes}
            for kind in tried
        },
        "forged_tried": sum(kind.tried for kind in tried),
        "forged_accepted": accepted,
        "linked": {
            name: {
                "accounts": sum(one.accounts for one in some),
                "linked": sum(one.linked for one in some),
                "share_by_seed": [one.share for one in some],
                "took_part_in_a_handover_by_seed": [one.reach for one in some],
                "share_of_calls_by_seed": [one.calls for one in some],
                "falsely_linked": sum(one.falsely for one in some),
                "pipelines": [one.pipelines for one in some],
                "share_of_calls_with_reasoning_of_another_account": float(
                    np.mean([one.refused for one in some])
                ),
            }
            for name, some in found.items()
        },
        "moonshot": MOONSHOT,
    }
    floors = [
        Floor("mint, microseconds", spent["mint"], MICROSECONDS, at_least=False),
        Floor("verify, microseconds", spent["verify"], MICROSECONDS, at_least=False),
        Floor("forged ids accepted", accepted, 0, at_least=False),
        *(
            Floor(f"accounts linked: {name}", min(one.share for one in found[name]), least)
            for name, least in LINKED.items()
        ),
        Floor("accounts linked falsely", false, 0, at_least=False),
    ]
    return Report(
        "ids", figures, floors, list(seeds), [_spent_table(spent), _forged_table(tried), _linked_table(found)]
    )


def linked(proxy: Proxy, seed: int, size: Size) -> Linked:
    """Let a proxy harvest beside customers, and see whom handovers link."""
    rng = np.random.default_rng(seed)
    provider = Provider(Minter(made()), Log(), Organisations([["company-0", "company-2"]]))
    customers(provider, rng, size.customers)
    Harvest(provider, proxy, "operator", rng).run(size.accounts, size.exchanges)
    batch = provider.log.batch()
    groups = pipelines(batch, provider.log.bans)
    truth = provider.log.truth
    mine = {name for name in batch.column("account_id").unique().to_pylist() if truth[name] == "operator"}
    joined: set[str] = set()
    falsely = 0
    for group in groups:
        owners = [truth[name] for name in group]
        most = max(set(owners), key=owners.count)
        falsely += sum(owner != most for owner in owners)
        joined |= mine & set(group) if most == "operator" else set()
    calls = [row for row in provider.log.rows if row["account_id"] in mine]
    refused = sum("continued_id" in row for row in calls) / len(calls)
    return Linked(
        accounts=len(mine),
        linked=len(joined),
        falsely=falsely,
        pipelines=len(groups),
        refused=refused,
        touched=len(_handles(calls, "account_handle") & _handed(calls)),
        calls=sum(row["account_id"] in joined for row in calls) / len(calls),
    )


def _handles(rows: list[dict[str, Any]], name: str) -> set[str]:
    return {row[name] for row in rows if row.get(name)}


def _handed(rows: list[dict[str, Any]]) -> set[str]:
    """Handles on either side of a handover."""
    over = [row for row in rows if row.get("continued_handle")]
    return _handles(over, "continued_handle") | _handles(over, "account_handle")


def pipelines(batch: pa.RecordBatch, bans: Sequence[tuple[str, int]]) -> list[list[str]]:
    """Accounts of each pipeline, by way of sketches as in a run."""
    key = SketchKey(bytes(32))
    ledger, handovers = Ledger(key), Handovers()
    interner = Interner(ledger)
    sketches = sketch(batch, key)
    ticks = sketches.column("ts").cast(pa.int64()).to_numpy() // TICK
    edges = [0, *(np.flatnonzero(np.diff(ticks)) + 1).tolist(), len(sketches)]
    for start, stop in pairwise(edges):
        handovers.observe(interner.observe(sketches.slice(start, stop - start)))
        handovers.settle()
    for account, at in bans:
        ledger.ban(account, at * 1_000_000)
    accounts, keys = handovers.pipelines(ledger)
    found: dict[int, list[str]] = {}
    for account, shared in zip(accounts.tolist(), keys.tolist(), strict=True):
        found.setdefault(shared, []).append(ledger.names[account])
    return list(found.values())


def _spent(minter: Minter, size: Size) -> dict[str, float]:
    """Microseconds each; of single calls the best of some runs, as the machine has other work."""
    names = [f"account-{number}" for number in range(ACCOUNTS)]
    given = [names[number % ACCOUNTS] for number in range(size.calls)]
    ids = [minter.mint("call_", name, "company") for name in given]
    wrong = [f"{text[:-3]}AAA{text[-1]}"[: len(text)] for text in ids]
    sealer = Sealer(made(), minter)
    blobs = [sealer.seal("x" * 500, name, "company") for name in given[: size.calls // 10]]
    accounts = pa.array([names[number % ACCOUNTS] for number in range(size.column)])
    column = mint_column(minter, "call_", accounts)
    return {
        "mint": _each(lambda: [minter.mint("call_", name, "company") for name in given], len(given)),
        "verify": _each(lambda: [minter.verify(text) for text in ids], len(ids)),
        "verify, forged": _each(lambda: [minter.verify(text) for text in wrong], len(wrong)),
        "seal, 500 bytes": _each(
            lambda: [sealer.seal("x" * 500, name, "company") for name in given[: len(blobs)]], len(blobs)
        ),
        "open, 500 bytes": _each(lambda: [sealer.open(text, "a", ["company"]) for text in blobs], len(blobs)),
        "mint, of a column": _each(lambda: mint_column(minter, "call_", accounts), size.column),
        "verify, of a column": _each(lambda: verify_column(minter, column), size.column),
    }


def _each(do: Callable[[], object], many: int) -> float:
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        do()
        best = min(best, time.perf_counter() - start)
    return best / many * 1e6


def _spent_table(spent: dict[str, float]) -> Table:
    table = Table("each", "microseconds", title="Time", caption=f"Best of {REPEATS} runs.")
    for name, each in spent.items():
        table.add_row(name, f"{each:.2f}")
    return table


def _forged_table(tried: Sequence[Tried]) -> Table:
    table = Table("forged how", title="Forged ids")
    for name in ("tried", "accepted", "outcomes"):
        table.add_column(name, justify="right")
    for kind in tried:
        said = ", ".join(f"{outcome} {number:,}" for outcome, number in kind.outcomes.items())
        table.add_row(kind.name, f"{kind.tried:,}", f"{kind.accepted:,}", said)
    return table


def _linked_table(found: dict[str, list[Linked]]) -> Table:
    table = Table(
        "proxy",
        title="Whom handovers link",
        caption="Worst: of the seeds, as reach, the share of accounts that took part in a handover at all, which is what ids can "
        "link at most. Calls: the share of the operator's that linked accounts made. Reasoning: share of the operator's calls that would send back reasoning sealed for "
        "another account, and be refused.",
    )
    for name in ("accounts", "linked", "worst", "reach", "calls", "false", "reasoning"):
        table.add_column(name, justify="right")
    for name, some in found.items():
        table.add_row(
            name,
            f"{sum(one.accounts for one in some):,}",
            f"{sum(one.linked for one in some):,}",
            f"{min(one.share for one in some):.3f}",
            f"{min(one.reach for one in some):.3f}",
            f"{np.mean([one.calls for one in some]):.1%}",
            str(sum(one.falsely for one in some)),
            f"{np.mean([one.refused for one in some]):.1%}",
        )
    return table
