"""How often a log without any operator is said to hold a campaign, against the level the detector states."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from scipy.stats import binom

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.trials import Traffic, tried
from stillwatch.lab.scoring import wilson

LEVELS = (0.01, 0.05)
CONFIDENCE = 0.95  # a detector that keeps its level passes with at least this probability


def allowed(runs: int, level: float) -> int:
    """Most runs with a false campaign among `runs` that a detector at `level` has, with CONFIDENCE.

    Without an operator every campaign is false, so a false discovery rate of `level` bounds the
    probability of any campaign in a run.
    """
    return int(binom.ppf(CONFIDENCE, runs, level))


def measure(root: Path, traffics: Sequence[Traffic], tell: Tell) -> Report:
    """Count the runs with any campaign at each level."""
    figures: Figures = {"runs": len(traffics), "scale": traffics[0].scale}
    floors = []
    table = Table(
        "level",
        "runs",
        "runs with a campaign",
        "allowed",
        "95 % interval",
        "accounts flagged",
        title="False alarms",
    )
    for level in LEVELS:
        scores = [tried(root, traffic, tell, fdr=level).score for traffic in traffics]
        runs = len(scores)
        alarmed = sum(score.campaigns > 0 for score in scores)
        flagged = sum(score.benign_flagged for score in scores)
        accounts = sum(score.benign_accounts for score in scores)
        low, high = wilson(alarmed, runs)
        floors.append(
            Floor(f"runs with a campaign at {level:g}", alarmed, allowed(runs, level), at_least=False)
        )
        figures[f"at_{level:g}"] = {
            "runs_with_a_campaign": alarmed,
            "interval": (low, high),
            "allowed": allowed(runs, level),
            "accounts": accounts,
            "accounts_flagged": flagged,
            "cohorts_reported": sorted({name for score in scores for name in score.cohorts_reported}),
        }
        table.add_row(
            f"{level:g}",
            str(runs),
            str(alarmed),
            str(allowed(runs, level)),
            f"{low:.1%} - {high:.1%}",
            f"{flagged} of {accounts}",
        )
    return Report("false-alarms", figures, floors, [traffic.seed for traffic in traffics], [table])
