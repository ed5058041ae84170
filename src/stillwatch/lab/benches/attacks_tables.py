"""The tables of the bench of attacks."""

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec
from rich.markup import escape
from rich.table import Table

from stillwatch.lab.attacking.rewriting import Rewriting

CLOSED = "A closed student is asked for answers, which are counted; compare another tokenizer with it."


class Met(msgspec.Struct, frozen=True, kw_only=True):
    """One attack on one mark, of one seed."""

    log10_p: float
    changed: int
    calls: int
    more: int
    lost: float | None  # nats a token
    rewriting: Rewriting | None = None


def power(
    met: dict[str, dict[str, list[Met]]], marks: Sequence[str], left_out: Mapping[str, str] = {}
) -> Table:
    caption = " ".join([CLOSED, *(f"Left out: {name}: {reason}." for name, reason in left_out.items())])
    table = Table(
        "attack", title="What is left: log10 p by bound, median of the seeds", caption=escape(caption)
    )
    for mark in marks:
        table.add_column(mark, justify="right")
    for row, by_mark in met.items():
        table.add_row(row, *(f"{median(one.log10_p for one in by_mark[mark]):.1f}" for mark in marks))
    return table


def cost(met: dict[str, dict[str, list[Met]]], judged: str, haul: int) -> Table:
    table = Table("attack", title=f"What it costs, of a harvest of {haul:,} tokens; mark: {judged}")
    for heading in ("tokens changed", "drawn by another model", "tokens of other text", "nats lost"):
        table.add_column(heading, justify="right")
    for row, by_mark in met.items():
        some = by_mark[judged]
        lost = [one.lost for one in some if one.lost is not None]
        table.add_row(
            row,
            f"{median(one.changed for one in some) / haul:.1%}",
            f"{median(one.calls for one in some):,.0f}",
            f"{median(one.more for one in some):,.0f}",
            f"{median(lost):+.3f}" if lost else "-",
        )
    return table


def rewritings(met: dict[str, dict[str, list[Met]]], judged: str) -> Table | None:
    """What a language model made of texts; None where none did."""
    rows = {
        name: [one.rewriting for one in by_mark[judged] if one.rewriting] for name, by_mark in met.items()
    }
    if not any(rows.values()):
        return None
    table = Table(
        "attack",
        title=f"What a language model made of answers; mark: {judged}",
        caption="Kept: of an answer's content words, those that stand in its rewriting; by chance: in that of another answer. "
        "Copied: of the rewriting's runs of four words, those that stand in the answer.",
    )
    for heading in (
        "calls",
        "tokens read",
        "drawn, an answer",
        "seconds",
        "kept",
        "by chance",
        "copied",
        "length",
    ):
        table.add_column(heading, justify="right")
    for name, some in rows.items():
        if some:
            table.add_row(
                name,
                f"{median(one.calls for one in some):,.0f}",
                f"{median(one.read / one.calls for one in some):,.0f}",
                f"{median(one.drawn / one.calls for one in some):,.0f}",
                f"{median(one.seconds / one.calls for one in some):.2f}",
                f"{median(one.kept for one in some):.0%}",
                f"{median(one.by_chance for one in some):.0%}",
                f"{median(one.copied for one in some):.0%}",
                f"{median(one.length for one in some):.2f}",
            )
    return table


def ids(linked: dict[str, list[float]]) -> Table:
    table = Table(
        "ids of a history are",
        title="Minted ids: share of a round-robin proxy's accounts that are linked, median of the seeds",
        caption="Attacks on text touch no ids, and attacks on ids touch no text.",
    )
    table.add_column("linked", justify="right")
    for row, shares in linked.items():
        table.add_row(row, f"{median(shares):.3f}")
    return table
