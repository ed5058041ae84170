"""Stillwatch and its peers on the same logs: who finds the operators' accounts, at what cost in innocents.

Peers flag accounts, so Stillwatch is measured on accounts too: an account's score is the probability in
`members.parquet`, and it is flagged when it stands there. Each is asked twice: at its own threshold, and at the
threshold where at most 1 in 2,000 innocents is flagged, which is chosen on the truth and so is the best that
any threshold could do on that log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rich.table import Table

from stillwatch.lab.answers import read_said, read_truth
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.trials import Traffic, detection_folder, simulated, tried
from stillwatch.lab.logs import open_log
from stillwatch.lab.peers import Missing, catalogue, judged

INNOCENTS = 1 / 2000
MISSED = 0.5  # of the accounts that a peer misses; a tie, both finding nothing, does not pass
OURS = "stillwatch"


@dataclass(frozen=True)
class Caught:
    """One way of judging on one log; counts are of accounts with an exchange in the log."""

    recall_own: float
    innocents_own: int
    recall_matched: float
    innocents_matched: int
    innocents: int


def measure(root: Path, traffics: Sequence[Traffic], tell: Tell) -> Report:
    """Run Stillwatch and every peer on each log."""
    caught: dict[str, list[Caught]] = {OURS: []}
    missing: dict[str, str] = {}
    titles = {OURS: "Stillwatch"} | {peer.name: peer.title for peer in catalogue()}
    for traffic in traffics:
        log = simulated(root, traffic, tell)
        tried(root, traffic, tell)
        caught[OURS].append(compare(log, from_output(detection_folder(root, traffic))))
        for peer in catalogue():
            if peer.name in missing:
                continue
            tell(f"{peer.name} on {traffic.folder}")
            said = peer.judge(log)
            if isinstance(said, Missing):
                missing[peer.name] = said.reason
                caught.pop(peer.name, None)
            else:
                caught.setdefault(peer.name, []).append(compare(log, said))
    figures: Figures = {
        "scenario": traffics[0].scenario,
        "scale": traffics[0].scale,
        "judged": {name: _figures(rows) for name, rows in caught.items()},
        "missing": missing,
    }
    return Report(
        "peers",
        figures,
        floors(caught),
        [traffic.seed for traffic in traffics],
        [_table(titles, caught, missing)],
    )


def from_output(out: Path) -> pa.Table:
    """Accounts a detector put in a campaign, as a peer would have named them."""
    best = read_said(out).members.group_by("account_id").aggregate([("probability", "max")])
    scores = best["probability_max"].to_numpy()
    return judged(best["account_id"].combine_chunks(), scores, np.ones(len(best), dtype=bool))


def compare(log: Path, said: pa.Table) -> Caught:
    """Compare judgements with the truth; an account that is not judged scores lowest and is not flagged."""
    connection = open_log(log)
    connection.register("truth", read_truth(log).accounts)
    connection.register("said", said)
    rows = connection.sql(
        "SELECT operator IS NOT NULL AS guilty, coalesce(score, '-inf'::DOUBLE) AS score, "
        "coalesce(flagged, false) AS flagged FROM truth SEMI JOIN exchanges USING (account_id) "
        "LEFT JOIN said USING (account_id)"
    ).fetchnumpy()
    guilty, score, flagged = (np.asarray(rows[name]) for name in ("guilty", "score", "flagged"))
    taken = score > threshold(score[~guilty])
    return Caught(
        recall_own=float(flagged[guilty].mean()) if guilty.any() else 0.0,
        innocents_own=int(flagged[~guilty].sum()),
        recall_matched=float(taken[guilty].mean()) if guilty.any() else 0.0,
        innocents_matched=int(taken[~guilty].sum()),
        innocents=int((~guilty).sum()),
    )


def threshold(innocent: npt.NDArray[np.float64]) -> float:
    """Lowest score that at most INNOCENTS of the given innocents' scores exceed."""
    budget = int(len(innocent) * INNOCENTS)
    if budget >= len(innocent):
        return -np.inf
    return float(np.sort(innocent)[::-1][budget])


def _figures(rows: Sequence[Caught]) -> Figures:
    return {
        "recall_at_own_threshold": fmean(row.recall_own for row in rows),
        "innocents_flagged_at_own_threshold": sum(row.innocents_own for row in rows),
        "recall_at_1_in_2000": fmean(row.recall_matched for row in rows),
        "innocents_flagged_at_1_in_2000": sum(row.innocents_matched for row in rows),
        "innocents": sum(row.innocents for row in rows),
    }


def floors(caught: dict[str, list[Caught]]) -> Sequence[Floor]:
    """Compare accounts missed where innocents cost the same, with each peer that ran, in the same run."""
    ours = fmean(1 - row.recall_matched for row in caught[OURS])
    missed = {name: fmean(1 - row.recall_matched for row in rows) for name, rows in caught.items()}
    return [
        Floor(
            f"accounts missed at 1 in 2,000, over those {name} misses",
            ours / theirs if theirs else None,
            MISSED,
            at_least=False,
        )
        for name, theirs in missed.items()
        if name != OURS
    ]


def _table(titles: dict[str, str], caught: dict[str, list[Caught]], missing: dict[str, str]) -> Table:
    table = Table(title="Accounts of operators found, and innocents flagged")
    table.add_column("who")
    for column in ("recall, own threshold", "innocents, own threshold", "recall at 1 in 2,000 innocents"):
        table.add_column(column, justify="right")
    for name, title in titles.items():
        if name in missing:
            table.add_row(title, f"missing: {missing[name]}", "", "")
            continue
        rows = caught[name]
        table.add_row(
            title,
            f"{fmean(row.recall_own for row in rows):.3f}",
            f"{sum(row.innocents_own for row in rows)} of {sum(row.innocents for row in rows)}",
            f"{fmean(row.recall_matched for row in rows):.3f}",
        )
    return table
