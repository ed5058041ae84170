"""The people who look at alarms: they confirm what is true some hours later, and nothing that is false."""

from collections import Counter
from collections.abc import Mapping

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import HOUR
from stillwatch.policy.publish import VERDICTS

MOST = 0.5  # share of a campaign's accounts that one operator runs, for the campaign to be a true one


class Seen(msgspec.Struct):
    """When an operator was first published as suspected or open, and as open."""

    suspected: int | None = None
    alarmed: int | None = None


class Review:
    """Takes each look's verdicts, and gives what is published at a moment. `hours` None: nobody looks.

    `runs` names the operator of each account that has one.
    """

    def __init__(self, hours: float | None, runs: Mapping[str, str]) -> None:
        self._hours = hours
        self._runs = runs
        self._rows = VERDICTS.empty_table()
        self._confirmed_from: dict[str, int] = {}
        self.seen: dict[str, Seen] = {}

    def look(self, rows: pa.Table, at: int) -> None:
        """Verdicts (schema VERDICTS) that gateways have from `at` on."""
        self._rows = rows
        members: dict[tuple[str, str], list[str]] = {}
        for account, campaign, state in zip(
            *(rows[name].to_pylist() for name in ("account_id", "campaign_id", "state")), strict=True
        ):
            members.setdefault((campaign, state), []).append(account)
        for (campaign, state), accounts in members.items():
            kin = state == "suspected" and (campaign, "open") in members  # nobody looks at them apart
            operator = self._operator_of(accounts)
            if kin or operator is None:
                continue
            seen = self.seen.setdefault(operator, Seen())
            seen.suspected = at if seen.suspected is None else seen.suspected
            if state == "open":
                seen.alarmed = at if seen.alarmed is None else seen.alarmed
                if self._hours is not None:
                    self._confirmed_from.setdefault(campaign, at + round(self._hours * HOUR))

    def _operator_of(self, accounts: list[str]) -> str | None:
        counts = Counter(self._runs.get(account) for account in accounts)
        operator, count = counts.most_common(1)[0]
        return operator if count > MOST * len(accounts) else None

    def moments(self, start: int, end: int) -> list[int]:
        """When campaigns are confirmed after `start` and before `end`."""
        return sorted(at for at in set(self._confirmed_from.values()) if start < at < end)

    def rows(self, now: int) -> pa.Table:
        """The latest verdicts, in which open campaigns are confirmed that have been by now."""
        known = pa.array([name for name, at in self._confirmed_from.items() if at <= now], pa.string())
        sure = pc.and_(pc.is_in(self._rows["campaign_id"], known), pc.equal(self._rows["state"], "open"))
        place = self._rows.schema.get_field_index("state")
        states = pc.if_else(sure, "confirmed", self._rows["state"])
        return self._rows.set_column(place, VERDICTS.field("state"), states)
