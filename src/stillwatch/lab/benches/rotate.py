"""Whether lab B recognises a campaign that has no account in common with lab A's, from lab A's sketches alone.

Two simulated providers with the same operators in both: their programs and wordings are the same, every account,
card, address and prompt is another. Lab A runs `detect`, makes sketches of what it found, and lab B, which has detected
nothing, compares its log with them. A third provider has no operator at all. Every token goes through the quorum.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.trials import Traffic, detection_folder, simulated, tried
from stillwatch.lab.partners import Partners
from stillwatch.records import Micros, StillwatchError
from stillwatch.sharing.finding.words import HEAVIEST
from stillwatch.sharing.matching.comparing import Compared, compare
from stillwatch.sharing.matching.indicators import SCHEMA, Indicators
from stillwatch.sharing.matching.publishing import indicators_of
from stillwatch.sharing.matching.templates.carried import findings_of
from stillwatch.sharing.matching.tokens import Asking

RECALL, BENIGN = 0.9, 1 / 5_000
APART = 500  # between the seeds of the two labs of a pair, and again to the provider without operators


class Pair(msgspec.Struct, frozen=True):
    """What lab B found with the sketches of one log of lab A."""

    campaigns: int  # of lab A, each mostly one operator's
    recognised: int  # of these, and most accounts that match are that operator's
    sketched: int
    missed: list[str]
    benign: int  # accounts of lab B that no operator runs
    benign_matched: int
    matched: int
    same_operator: int  # of the accounts matched, those of the operator whose sketch it was
    common_accounts: int
    without_operators: int  # accounts of the third provider
    without_operators_matched: int
    without_operators_recognised: int


def measure(root: Path, traffics: Sequence[Traffic], tell: Tell) -> Report:
    """Compare pairs of logs; each of `traffics` is lab A's."""
    labs = Partners()
    folder = labs.write(root / f"labs-{labs.keys['lab-a'].key_id}")
    with labs.evaluating(folder):
        pairs = [_pair(root, traffic, labs, tell) for traffic in traffics]
    campaigns, recognised = sum(one.campaigns for one in pairs), sum(one.recognised for one in pairs)
    benign = sum(one.benign + one.without_operators for one in pairs)
    wrong = sum(one.benign_matched + one.without_operators_matched for one in pairs)
    phantom = sum(one.without_operators_recognised for one in pairs)
    figures: Figures = {
        "pairs": [msgspec.to_builtins(one) for one in pairs],
        "campaigns": campaigns,
        "recognised": recognised,
        "benign_accounts": benign,
        "benign_accounts_matched": wrong,
    }
    floors = [
        Floor("campaigns recognised", recognised / campaigns if campaigns else None, RECALL),
        Floor("benign accounts matched", wrong / benign if benign else None, BENIGN, at_least=False),
        Floor("campaigns recognised where no operator is", phantom, 0, at_least=False),
        Floor("accounts in common", sum(one.common_accounts for one in pairs), 0, at_least=False),
    ]
    return Report(
        "rotate", figures, floors, [traffic.seed for traffic in traffics], [_table(traffics, pairs)]
    )


def _pair(root: Path, traffic: Traffic, labs: Partners, tell: Tell) -> Pair:
    other = replace(traffic, seed=traffic.seed + APART)
    empty = Traffic("benign", traffic.scale, traffic.seed + 2 * APART, (), traffic.weeks)
    tried(root, traffic, tell)
    log_a = root / traffic.folder / "log"
    log_b, log_c = simulated(root, other, tell), simulated(root, empty, tell)
    a = Asking(labs.identities["lab-a"], labs.roster, labs.keys["lab-a"])
    b = Asking(labs.identities["lab-b"], labs.roster, labs.keys["lab-b"])
    tell(f"sketching {traffic.folder}")
    found = detection_folder(root, traffic)
    made = indicators_of([log_a], findings_of(found), a.key, a.evaluate, weight=HEAVIEST)
    sent = Indicators(
        schema=SCHEMA,
        partner="lab-a",
        key_id=a.key.key_id,
        made_at=Micros(0),
        valid_until=a.key.valid_until,
        campaigns=made.campaigns,
    )
    tell(f"comparing {other.folder} and {empty.folder}")
    whole = compare([log_b], [sent], b.key, b.evaluate)
    nothing = compare([log_c], [sent], b.key, b.evaluate)
    if a.left_out or b.left_out:
        raise StillwatchError(f"an evaluator was left out: {', '.join([*a.left_out, *b.left_out])}")
    return _scored(_operators(log_a), _operators(log_b), found, whole, nothing, len(made.campaigns))


def _operators(log: Path) -> dict[str, str | None]:
    truth = pq.read_table(log / "truth" / "accounts.parquet", columns=["account_id", "operator"])
    return dict(zip(truth["account_id"].to_pylist(), truth["operator"].to_pylist(), strict=True))


def _scored(
    at_a: dict[str, str | None],
    at_b: dict[str, str | None],
    findings: Path,
    whole: Compared,
    nothing: Compared,
    sketched: int,
) -> Pair:
    members = pq.read_table(findings / "members.parquet", columns=["account_id", "campaign_id"])
    within: dict[str, Counter[str | None]] = defaultdict(Counter)
    for account, campaign in zip(
        members["account_id"].to_pylist(), members["campaign_id"].to_pylist(), strict=True
    ):
        within[campaign][at_a.get(account)] += 1
    mostly = {
        name: most for name, counts in within.items() if (most := counts.most_common(1)[0][0]) is not None
    }
    matched: dict[str, Counter[str | None]] = defaultdict(Counter)
    for one in whole.matches:
        for said in one.contributions:
            matched[said.campaign][at_b.get(one.account_id)] += 1
    recognised = {
        one.campaign
        for one in whole.campaigns
        if one.recognised and matched[one.campaign].most_common(1)[0][0] == mostly.get(one.campaign)
    }
    here = set(mostly.values()) & set(at_b.values())
    wanted = {name for name, operator in mostly.items() if operator in here}
    benign = [one for one in whole.matches if at_b.get(one.account_id) is None]
    return Pair(
        campaigns=len(wanted),
        recognised=len(recognised & wanted),
        sketched=sketched,
        missed=sorted(f"{mostly[name]}" for name in wanted - recognised),
        benign=sum(operator is None for operator in at_b.values()),
        benign_matched=len(benign),
        matched=len(whole.matches),
        same_operator=sum(
            any(mostly.get(said.campaign) == at_b.get(one.account_id) for said in one.contributions)
            for one in whole.matches
            if at_b.get(one.account_id) is not None
        ),
        common_accounts=len(at_a.keys() & at_b.keys()),
        without_operators=nothing.accounts,
        without_operators_matched=len(nothing.matches),
        without_operators_recognised=sum(one.recognised for one in nothing.campaigns),
    )


def _table(traffics: Sequence[Traffic], pairs: Sequence[Pair]) -> Table:
    table = Table(
        "lab A's seed", "campaigns", "recognised", "missed", "matched", "of that operator", "benign matched"
    )
    for traffic, one in zip(traffics, pairs, strict=True):
        table.add_row(
            str(traffic.seed),
            str(one.campaigns),
            str(one.recognised),
            ", ".join(one.missed),
            f"{one.matched:,}",
            f"{one.same_operator:,}",
            f"{one.benign_matched + one.without_operators_matched:,} of {one.benign + one.without_operators:,}",
        )
    return table
