"""How well campaigns are found on simulated logs, over several seeds, whole and with fields left out."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.detection_tables import (
    ablation_table,
    by_cohort,
    by_operator,
    cohort_table,
    mean,
    operator_table,
    summary_table,
)
from stillwatch.lab.benches.trials import GROUPS, Traffic, Trial, tried
from stillwatch.lab.scoring import OperatorScore, Score, wilson

OPERATORS_AS_ONE = 8 / 9  # of the operators of a log, found by one campaign each
ACCOUNT_RECALL = 0.95
BENIGN_FLAGGED = 1 / 2000
TOP_CAPABILITY = 8 / 9
TOTAL_VARIATION = 0.2
HAUL = 0.1  # of the illicit exchanges, before the first alarm
MIXED = "hydra_proxy"  # the operator whose accounts also carry real customers
MIXED_PRECISION, MIXED_RECALL = 0.9, 0.8
ABLATIONS = (*(frozenset({group}) for group in GROUPS), frozenset(GROUPS), frozenset[str]())


def measure(
    root: Path, traffics: Sequence[Traffic], tell: Tell, *, groups: frozenset[str] | None = frozenset()
) -> Report:
    """Detect on each log without the fields of `groups`; `None` runs every ablation, and none, on each.

    Where fields are left out or operators evade, what is still found is a figure; floors are that nothing
    innocent is called a campaign.
    """
    chosen = ABLATIONS if groups is None else (groups,)
    trials: dict[frozenset[str], list[Trial]] = {left_out: [] for left_out in chosen}
    for traffic in traffics:
        for left_out in chosen:
            trials[left_out].append(tried(root, traffic, tell, groups=left_out))
    first = traffics[0]
    scores = {left_out: [trial.score for trial in done] for left_out, done in trials.items()}
    by_group = {
        named(left_out): figures_of(scores[left_out]) | cost_of(trials[left_out]) for left_out in chosen
    }
    floors = [
        floor
        for left_out in chosen
        for floor in (clean_floors if left_out or first.evasions else all_floors)(
            scores[left_out], _prefix(left_out)
        )
    ]
    last = chosen[-1]
    tables = [
        operator_table(scores[last], _prefix(last)),
        cohort_table(scores[last], _prefix(last)),
        summary_table(by_group[named(last)], _prefix(last)),
    ]
    figures: Figures = {"scenario": first.scenario, "scale": first.scale, "evasions": first.evasions}
    if groups is None:
        figures["left_out"] = by_group
        tables.append(ablation_table(by_group))
    else:
        figures |= {"left_out": named(groups), **by_group[named(groups)]}
    return Report("detection", figures, floors, [traffic.seed for traffic in traffics], tables)


def named(groups: frozenset[str]) -> str:
    return ",".join(sorted(groups)) or "nothing"


def _prefix(left_out: frozenset[str]) -> str:
    return f"without {named(left_out)}: " if left_out else ""


def clean_floors(scores: Sequence[Score], prefix: str = "") -> Iterable[Floor]:
    """Floors that hold whatever the log lacks: nothing innocent is called a campaign."""
    accounts = sum(score.benign_accounts for score in scores)
    flagged = sum(score.benign_flagged for score in scores)
    yield Floor(f"{prefix}false campaigns", sum(len(s.false_campaigns) for s in scores), 0, at_least=False)
    yield Floor(
        f"{prefix}hard-negative cohorts reported",
        sum(len(score.cohorts_reported) for score in scores),
        0,
        at_least=False,
    )
    share = flagged / accounts if accounts else None
    yield Floor(f"{prefix}benign accounts flagged", share, BENIGN_FLAGGED, at_least=False)


def all_floors(scores: Sequence[Score], prefix: str = "") -> Iterable[Floor]:
    """Floors of a log with all its fields."""
    yield from clean_floors(scores, prefix)
    operators = [operator for score in scores for operator in score.operators]
    if not operators:
        return
    found = [operator for operator in operators if operator.found]
    mixed = [operator for operator in operators if operator.operator == MIXED]
    as_one = fmean(operator.found_as_one for operator in operators)
    yield Floor("operators found as one campaign each", as_one, OPERATORS_AS_ONE)
    yield Floor("account recall where found", mean(o.account_recall for o in found), ACCOUNT_RECALL)
    yield Floor("top capability right", fmean(o.top_capability_right for o in operators), TOP_CAPABILITY)
    variation = mean(operator.total_variation for operator in found)
    yield Floor("total variation of capability shares", variation, TOTAL_VARIATION, at_least=False)
    yield Floor("haul before the first alarm", mean(o.haul_exchanges for o in found), HAUL, at_least=False)
    if mixed:
        precision, recall = mixed_figures(mixed)
        yield Floor(f"{MIXED} exchange precision", precision, MIXED_PRECISION)
        yield Floor(f"{MIXED} exchange recall", recall, MIXED_RECALL)


def mixed_figures(mixed: Sequence[OperatorScore]) -> tuple[float | None, float]:
    """Mean exchange precision where found, and mean recall with an unfound operator at none."""
    return mean(o.exchange_precision for o in mixed), fmean(o.exchange_recall or 0.0 for o in mixed)


def figures_of(scores: Sequence[Score]) -> Figures:
    """All figures of one setting over its seeds: sums and means over the logs."""
    operators = [operator for score in scores for operator in score.operators]
    found = [operator for operator in operators if operator.found]
    accounts = sum(score.benign_accounts for score in scores)
    flagged = sum(score.benign_flagged for score in scores)
    recalls = [operator.account_recall for operator in found if operator.account_recall is not None]
    return {
        "operators": len(operators),
        "operators_found": len(found),
        "operators_found_as_one": sum(operator.found_as_one for operator in operators),
        "operators_found_as_one_per_log": len([o for o in operators if o.found_as_one]) / len(scores),
        "operators_split": sum(operator.split for operator in operators),
        "campaigns_merged": sum(len(score.merged_campaigns) for score in scores),
        "campaigns": sum(score.campaigns for score in scores),
        "false_campaigns": sum(len(score.false_campaigns) for score in scores),
        "hard_negative_cohorts_reported": sorted({c for score in scores for c in score.cohorts_reported}),
        "account_recall_mean": mean(recalls),
        "account_recall_min": min(recalls, default=None),
        "benign_accounts": accounts,
        "benign_flagged": flagged,
        "benign_flagged_one_in": accounts / flagged if flagged else None,
        "benign_flagged_interval": wilson(flagged, accounts),
        "top_capability_right": sum(operator.top_capability_right for operator in operators),
        "total_variation_mean": mean(operator.total_variation for operator in found),
        "haul_exchanges_mean": mean(operator.haul_exchanges for operator in found),
        "haul_exchanges_max": max((o.haul_exchanges or 0.0 for o in found), default=None),
        "haul_tokens_mean": mean(operator.haul_tokens for operator in found),
        "by_operator": {name: _operator_figures(rows) for name, rows in by_operator(scores).items()},
        "by_cohort": {
            name: {"accounts": of, "flagged": hits, "interval": wilson(hits, of), "logs_reported": reported}
            for name, (of, hits, reported, _) in by_cohort(scores).items()
        },
    }


def cost_of(trials: Sequence[Trial]) -> Figures:
    peaks = [trial.cost.peak_bytes for trial in trials if trial.cost.peak_bytes is not None]
    return {
        "detect_seconds_mean": fmean(trial.cost.seconds for trial in trials),
        "detect_peak_mib": round(max(peaks) / 2**20) if peaks else None,
    }


def _operator_figures(rows: Sequence[OperatorScore]) -> Figures:
    return {
        "logs": len(rows),
        "found": sum(row.found for row in rows),
        "found_as_one": sum(row.found_as_one for row in rows),
        "active_accounts_mean": fmean(row.active_accounts for row in rows),
        "account_recall": mean(row.account_recall for row in rows),
        "top_capability_right": sum(row.top_capability_right for row in rows),
        "total_variation": mean(row.total_variation for row in rows),
        "exchange_precision": mean(row.exchange_precision for row in rows),
        "exchange_recall": mean(row.exchange_recall for row in rows),
        "haul_exchanges": mean(row.haul_exchanges for row in rows),
        "haul_tokens": mean(row.haul_tokens for row in rows),
    }
