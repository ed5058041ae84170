"""What a test of a student found, for people."""

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from stillwatch.marks.radioactivity import Stopping
from stillwatch.marks.watermark import Evidence, Tracing
from stillwatch.reports import clean, many

SHOWN = 20  # cohorts; --json has all
DEEP = -4.0  # base-10 logarithm below which a chance is shown as a power


def table_of(found: Tracing) -> Table:
    title = f"Keys; under a key that is not in it the score is {found.overall.expected:g}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("key", "pairs", "score", "z", "p bound", "p rank", "p normal", "p exact", "in it"):
        left = heading in {"key", "in it"}
        table.add_column(heading, justify="left" if left else "right", overflow="fold")
    table.add_row(*_cells("global", found.overall), "yes" if found.overall_found else "-")
    for one in found.cohorts[:SHOWN]:
        table.add_row(*_cells(one.cohort, one.evidence), "yes" if one.named else "-")
    return table


def _cells(name: str, one: Evidence) -> list[Text | str]:
    return [
        Text(clean(name, 60)),
        f"{one.pairs:,}",
        "-" if one.mean_score is None else f"{one.mean_score:.4f}",
        "-" if one.z is None else f"{one.z:.2f}",
        chance(one.log10_p_bound),
        "-" if one.log10_p_rank is None else chance(one.log10_p_rank),
        chance(one.log10_p_normal),
        "-" if one.log10_p_exact is None else chance(one.log10_p_exact),
    ]


def _pairs(found: Tracing) -> int:
    """Of both tests together."""
    return found.overall.pairs + (found.cohorts[0].evidence.pairs if found.cohorts else 0)


def chance(log10: float) -> str:
    return f"{10**log10:.4f}" if log10 > DEEP else f"1e{log10:.1f}"


def lines_of(found: Tracing, sequential: Stopping | None) -> list[str]:
    """The answer in sentences."""
    named = [one for one in found.cohorts if one.named]
    lines = [
        f"trained on answers of cohort {clean(one.cohort)} (key {one.key_id}): p {chance(one.log10_p_adjusted)} by bound,"
        f" over all {len(found.cohorts):,} cohorts"
        for one in named
    ]
    if found.overall_found and not named:
        lines.append(
            f"trained on marked answers: p {chance(found.overall.log10_p_bound)} by bound; of which cohort is not proved"
        )
    if found.answer == "too_short":
        lines.append(
            f"too short to decide: {many(_pairs(found), 'pair')} to count, and nothing is said on so few"
        )
    if found.answer == "undecided":
        lines.append(f"no mark is proved at {found.alpha:g}; that is no proof that there is none")
    if found.needed is not None:
        lines.append(
            f"{found.positions:,} positions were used; were the largest effect seen here real, about"
            f" {found.needed:,} would prove it"
        )
    if sequential is not None and sequential.stop_after is not None:
        lines.append(
            f"asked answer by answer, sampling could have stopped after {sequential.stop_after:,} answers"
            f" (cohort {clean(sequential.cohort)})"
        )
    return lines
