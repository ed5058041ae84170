"""Tables for people of the detection benchmark."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

from rich.table import Table

from stillwatch.lab.benches import Figures
from stillwatch.lab.scoring import OperatorScore, Score, wilson

CAMPAIGN_COUNTS = ("campaigns", "false_campaigns", "campaigns_merged")
MEANS = {
    "total variation of capability shares": "total_variation_mean",
    "haul before the first alarm, mean": "haul_exchanges_mean",
    "haul before the first alarm, most": "haul_exchanges_max",
    "haul before the first alarm, tokens": "haul_tokens_mean",
    "seconds of detect": "detect_seconds_mean",
    "peak MiB of detect": "detect_peak_mib",
}


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of what there is; None of nothing."""
    kept = [value for value in values if value is not None]
    return fmean(kept) if kept else None


def summary_table(figures: Figures, prefix: str = "") -> Table:
    """One line a figure, over all logs of a setting."""
    one_in = figures["benign_flagged_one_in"]
    flagged = f"{figures['benign_flagged']} of {figures['benign_accounts']}"
    if isinstance(one_in, float):
        flagged += f" (1 in {one_in:,.0f})"
    operators = figures["operators"]
    table = Table("figure", "value", title=f"{prefix}in all")
    table.add_row(
        "operators found as one campaign each", f"{figures['operators_found_as_one']} of {operators}"
    )
    table.add_row("operators found / split", f"{figures['operators_found']} / {figures['operators_split']}")
    for label, low in (
        ("account recall where found, mean", "mean"),
        ("account recall where found, least", "min"),
    ):
        table.add_row(label, _number(figures[f"account_recall_{low}"]))
    table.add_row("innocents flagged", flagged)
    table.add_row("campaigns / false / merged", " / ".join(str(figures[n]) for n in CAMPAIGN_COUNTS))
    names = ", ".join(map(str, as_list(figures["hard_negative_cohorts_reported"]))) or "none"
    table.add_row("look-alike cohorts reported", names)
    table.add_row("top capability right", f"{figures['top_capability_right']} of {operators}")
    for label, name in MEANS.items():
        table.add_row(label, _number(figures[name]))
    return table


def operator_table(scores: Sequence[Score], prefix: str = "") -> Table:
    table = Table(title=f"{prefix}operators, means over {len(scores)} logs")
    columns = (
        "accounts",
        "as one",
        "found",
        "recall",
        "top cap.",
        "TV",
        "exch. prec.",
        "exch. rec.",
        "haul",
        "haul tok.",
    )
    table.add_column("operator")
    for column in columns:
        table.add_column(column, justify="right")
    for name, rows in by_operator(scores).items():
        table.add_row(
            name,
            f"{fmean(row.active_accounts for row in rows):.0f}",
            f"{sum(row.found_as_one for row in rows)}/{len(rows)}",
            f"{sum(row.found for row in rows)}/{len(rows)}",
            _number(mean(row.account_recall for row in rows)),
            f"{sum(row.top_capability_right for row in rows)}/{len(rows)}",
            *(_number(mean(values)) for values in _means(rows)),
        )
    return table


def cohort_table(scores: Sequence[Score], prefix: str = "") -> Table:
    """Cohorts of innocents, with the interval of the share that was flagged."""
    table = Table(title=f"{prefix}innocents flagged")
    table.add_column("cohort (* look-alike)")
    for column in ("accounts", "flagged", "95 % interval", "logs reported"):
        table.add_column(column, justify="right")
    for name, (of, hits, reported, hard) in by_cohort(scores).items():
        low, high = wilson(hits, of)
        interval = f"{low:.3%} - {high:.3%}"
        table.add_row(
            f"{name}{' *' if hard else ''}", str(of), str(hits), interval, str(reported) if hard else ""
        )
    return table


def ablation_table(by_group: dict[str, Figures]) -> Table:
    shown: dict[str, Callable[[Figures], str]] = {
        "operators": lambda f: str(f["operators"]),
        "found as one": lambda f: str(f["operators_found_as_one"]),
        "found": lambda f: str(f["operators_found"]),
        "false campaigns": lambda f: str(f["false_campaigns"]),
        "cohorts reported": lambda f: str(len(as_list(f["hard_negative_cohorts_reported"]))),
        "innocents flagged": lambda f: f"{f['benign_flagged']} of {f['benign_accounts']}",
    }
    table = Table("left out", *shown, title="With fields left out")
    for name, figures in by_group.items():
        table.add_row(name, *(show(figures) for show in shown.values()))
    return table


def as_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _means(rows: Sequence[OperatorScore]) -> Iterable[Iterable[float | None]]:
    yield (row.total_variation for row in rows)
    yield (row.exchange_precision for row in rows)
    yield (row.exchange_recall for row in rows)
    yield (row.haul_exchanges for row in rows)
    yield (row.haul_tokens for row in rows)


def by_operator(scores: Sequence[Score]) -> dict[str, list[OperatorScore]]:
    grouped: defaultdict[str, list[OperatorScore]] = defaultdict(list)
    for score in scores:
        for operator in score.operators:
            grouped[operator.operator].append(operator)
    return dict(sorted(grouped.items()))


def by_cohort(scores: Sequence[Score]) -> dict[str, tuple[int, int, int, bool]]:
    """Cohort -> accounts, flagged ones, logs in which it was reported, whether it is a hard negative."""
    grouped: defaultdict[str, tuple[int, int, int, bool]] = defaultdict(lambda: (0, 0, 0, False))
    for score in scores:
        for cohort in score.cohorts:
            of, hits, reported, _ = grouped[cohort.cohort]
            hard = cohort.hard_negative
            grouped[cohort.cohort] = (
                of + cohort.accounts,
                hits + cohort.flagged,
                reported + (hard and cohort.reported),
                hard,
            )
    return dict(sorted(grouped.items()))


def _number(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "-" if value is None else str(value)
