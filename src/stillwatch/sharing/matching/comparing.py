"""From one's own log and partners' indicators to what matches."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyarrow.compute as pc

from stillwatch.records import Rejection
from stillwatch.sharing.matching.indicators import Indicators, account_values
from stillwatch.sharing.matching.matching import match
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.result import AccountMatch, CampaignMatch
from stillwatch.sharing.matching.templates.carried import carried, read_log
from stillwatch.sharing.matching.templates.sketches import Evaluate


class Compared(msgspec.Struct, frozen=True):
    """What matches, against how many accounts, and what of the log could not be read."""

    campaigns: list[CampaignMatch]
    matches: list[AccountMatch]
    accounts: int
    rejected: list[Rejection]


def compare(
    logs: Sequence[Path],
    indicators: Sequence[Indicators],
    key: EpochKey,
    evaluate: Evaluate,
    *,
    fields: Sequence[str] = (),
) -> Compared:
    """Match the accounts and templates of a log with partners' indicators, all made under `key`."""
    with TemporaryDirectory(prefix="stillwatch-share-") as room:
        file = Path(room) / "fragments.parquet"
        log = read_log(logs, key.hashes, file)
        with carried(file) as own:
            population = max(own.accounts(), pc.count_distinct(log.accounts["account_id"]).as_py())
            values = account_values(log.accounts, fields)
            campaigns, matches = match(indicators, own, values, population, evaluate)
    return Compared(campaigns, matches, population, log.rejected)
