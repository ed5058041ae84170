"""What operators get where Stillwatch watches and a gateway acts, against no defence, and whom it meets besides.

A simulated log is played call by call against the loop of a watch, in event time, by operators who react. See
`lab.duel`: decisions, steps and verdicts are the real ones, and a gateway decides by what was published before.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.table import Table

from stillwatch.features.key import SketchKey
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.trials import Traffic as Simulated
from stillwatch.lab.benches.trials import simulated
from stillwatch.lab.duel.live import Met, Terms, play
from stillwatch.lab.duel.outcome import Haul, Outcome
from stillwatch.lab.duel.reactions import REACTIONS as KNOWN
from stillwatch.lab.duel.traffic import read
from stillwatch.policy import Policy, load

REACTIONS = tuple(KNOWN)
POLICY = Path(__file__).parent.parent / "duel" / "policy.yaml"
CUT = 0.9
SLOWED = 0.001
MOONSHOT = 0.99
AUTOMATIC, REVIEWED = "automatic", "reviewed"

Outcomes = dict[str, dict[str, Outcome]]  # by reaction, and by whether people look at alarms


def measure(
    root: Path,
    logs: Sequence[Simulated],
    tell: Tell,
    *,
    reactions: Sequence[str] = REACTIONS,
    review_hours: float = 8.0,
    policy: Path = POLICY,
) -> Report:
    """Play each log with each reaction, with automatic steps alone and with people; 0 hours leaves people out."""
    terms = load(policy)
    modes = {AUTOMATIC: None} | ({REVIEWED: review_hours} if review_hours else {})
    outcomes: Outcomes = {name: {mode: Outcome() for mode in modes} for name in reactions}
    for log in logs:
        _play_all(root, log, terms, modes, outcomes, tell)
    figures: Figures = {
        "scale": logs[0].scale,
        "weeks": logs[0].weeks,
        "review_hours": review_hours,
        "policy": policy.name,
        "policy_sha256": sha256(policy.read_bytes()).hexdigest(),
        "moonshot": MOONSHOT,
        "reactions": {
            name: {mode: _figures(one) for mode, one in by_mode.items()} for name, by_mode in outcomes.items()
        },
    }
    best = REVIEWED if review_hours else AUTOMATIC
    floors = [floor for name in reactions for floor in _floors(name, outcomes[name][best])]
    tables = [*(_operator_table(name, outcomes[name]) for name in reactions), _met_table(outcomes)]
    return Report("response", figures, floors, [log.seed for log in logs], tables)


def _play_all(
    root: Path, log: Simulated, policy: Policy, modes: dict[str, float | None], outcomes: Outcomes, tell: Tell
) -> None:
    traffic = read(simulated(root, log, tell), SketchKey(sha256(b"the laboratory's own").digest()))
    for name, by_mode in outcomes.items():
        for mode, outcome in by_mode.items():
            tell(f"playing {log.folder}: {name}, {mode}")
            with TemporaryDirectory(prefix="duel-", dir=root) as home:
                terms = Terms(policy, name, modes[mode], seed=log.seed)
                outcome.add(traffic, play(traffic, terms, Path(home)))


def _floors(reaction: str, outcome: Outcome) -> Iterator[Floor]:
    met = outcome.innocents
    yield Floor(f"{reaction}: haul cut", outcome.whole.cut, CUT)
    slowed = met.slowed / met.calls if met.calls else None
    yield Floor(f"{reaction}: legitimate requests slowed", slowed, SLOWED, at_least=False)
    yield Floor(f"{reaction}: legitimate requests refused", met.refused, 0, at_least=False)


def _figures(outcome: Outcome) -> Figures:
    return {
        "all": _haul_figures(outcome.whole),
        "by_operator": {name: _haul_figures(haul) for name, haul in outcome.operators.items()},
        "legitimate": _met_figures(outcome.innocents),
        "cover": _met_figures(outcome.cover),
        "attempts": dict(sorted(outcome.steps.items())),
        "failed_conditions": outcome.failures,
    }


def _haul_figures(haul: Haul) -> Figures:
    return {
        "wanted": haul.wanted,
        "without_defence": haul.without,
        "got": haul.got,
        "got_with_its_reasoning": haul.of_use,
        "cut": haul.cut,
        "cut_counting_stripped_as_lost": haul.cut_of_use,
        "got_by_fresh_accounts": haul.by_fresh,
        "before_suspicion": haul.before_suspicion,
        "before_alarm": haul.before_alarm,
        "hours_until_first_act": haul.hours_until_act,
        "logs_acted_in": len(haul.hours),
        "logs": haul.logs,
        "accounts_enrolled": haul.enrolled,
    }


def _met_figures(met: Met) -> Figures:
    return {
        "requests": met.calls,
        "told_to_retry_later": met.later,
        "held": met.held,
        "slowed": met.slowed,
        "refused": met.refused,
        "changed": met.changed,
        "accounts": len(met.accounts),
        "median_retry_after_seconds": median(met.waits) if met.waits else None,
    }


def _operator_table(reaction: str, by_mode: dict[str, Outcome]) -> Table:
    table = Table(
        title=f"An operator who {reaction}: exchanges",
        caption="a: automatic steps alone; r: people confirm as well. The columns behind are those of the last of "
        "them; of use: answers whose reasoning was taken out and asked for count as lost. The parts of the haul from "
        "before suspicion and from before the alarm bound what a step from then on can cut.",
    )
    table.add_column("operator", no_wrap=True)
    marks = [mode[0] for mode in by_mode]
    for name in ("wanted", "unde-\nfended", *(f"got,\n{mark}" for mark in marks)):
        table.add_column(name, justify="right")
    for name in (*(f"cut,\n{mark}" for mark in marks), "cut,\nof use"):
        table.add_column(name, justify="right")
    for name in ("before\nsusp.", "before\nalarm", "got by\nfresh", "fresh\nacc.", "hours to\nfirst act"):
        table.add_column(name, justify="right")
    last = list(by_mode.values())[-1]
    for name in last.operators:
        table.add_row(name, *_cells([one.operators[name] for one in by_mode.values()]))
    table.add_section()
    table.add_row("all", *_cells([one.whole for one in by_mode.values()]))
    return table


def _cells(hauls: list[Haul]) -> list[str]:
    last = hauls[-1]
    hours = "never" if last.hours_until_act is None else f"{last.hours_until_act:.1f}"
    return [
        f"{last.wanted:,}",
        f"{last.without:,}",
        *(f"{haul.got:,}" for haul in hauls),
        *(_percent(haul.cut) for haul in hauls),
        _percent(last.cut_of_use),
        _percent(last.before_suspicion / last.without if last.without else None),
        _percent(last.before_alarm / last.without if last.without else None),
        _percent(last.by_fresh / last.without if last.without else None),
        f"{last.enrolled:,}",
        hours if len(last.hours) in {0, last.logs} else f"{hours} ({len(last.hours)} of {last.logs})",
    ]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _met_table(outcomes: Outcomes) -> Table:
    table = Table("operators", "steps", "requests of", title="Who else is met")
    for name in ("requests", "slowed", "share", "refused", "changed", "accounts", "median wait, s"):
        table.add_column(name, justify="right")
    for reaction, by_mode in outcomes.items():
        for mode, outcome in by_mode.items():
            groups = (("legitimate accounts", outcome.innocents), ("operators' cover", outcome.cover))
            for label, met in groups:
                table.add_row(
                    reaction,
                    mode,
                    label,
                    f"{met.calls:,}",
                    f"{met.slowed:,}",
                    f"{met.slowed / met.calls:.4%}" if met.calls else "-",
                    f"{met.refused:,}",
                    f"{met.changed:,}",
                    f"{len(met.accounts):,}",
                    f"{median(met.waits):,.0f}" if met.waits else "-",
                )
    return table
