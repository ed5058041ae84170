"""From the findings of a run to the indicators that a member publishes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.records import Rejection
from stillwatch.sharing.matching.indicators import (
    CampaignIndicators,
    account_values,
    campaign_indicators,
    weight_stated,
)
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.templates.carried import Findings, carried, read_log
from stillwatch.sharing.matching.templates.sketches import Evaluate, K, sketches

SURE = 0.9  # probability of membership from which an account's values are published


class Made(msgspec.Struct, frozen=True):
    """Indicators of all campaigns, and what of the log could not be read."""

    campaigns: list[CampaignIndicators]
    rejected: list[Rejection]


def indicators_of(
    logs: Sequence[Path],
    findings: Findings,
    key: EpochKey,
    evaluate: Evaluate,
    *,
    fields: Sequence[str] = (),
    weight: float,
    only: Collection[str] | None = None,
    sketched: bool = True,
) -> Made:
    """The indicators of the campaigns in `findings`, made from the log they were found in.

    With `only`, of these campaigns alone: no value of another one goes to the quorum. Without `sketched` no template does.
    """
    weight = weight_stated(weight)
    members, flags = findings
    with TemporaryDirectory(prefix="stillwatch-share-") as room:
        file = Path(room) / "fragments.parquet"
        log = read_log(logs, key.hashes, file)
        with carried(file, flags) as own:
            marks = own.of_campaigns(members, K) if sketched else []
            found = sketches([one for one in marks if only is None or one.campaign_id in only], key, evaluate)
    if only is not None:
        members = members.filter(pc.is_in(members["campaign_id"], pa.array(sorted(only), pa.string())))
    values = _values(log.accounts, members, fields)
    return Made(campaign_indicators(found, values, key, weight, evaluate), log.rejected)


def _values(accounts: pa.Table, members: pa.Table, fields: Sequence[str]) -> dict[str, set[bytes]]:
    """What the sure members of each campaign have in the chosen fields."""
    sure = members.filter(pc.greater_equal(members["probability"], SURE))
    campaign = dict(zip(sure["account_id"].to_pylist(), sure["campaign_id"].to_pylist(), strict=True))
    own = accounts.filter(pc.is_in(accounts["account_id"], sure["account_id"].unique()))
    found: dict[str, set[bytes]] = defaultdict(set)
    for account, value in account_values(own, fields):
        found[campaign[account]].add(value)
    return found
