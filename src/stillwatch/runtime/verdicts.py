"""What gateways look up, made from the state after a look: one row for each account of a campaign or a suspect."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.assembly import named
from stillwatch.campaigns.docket import FEWEST, STANDS, Suspect
from stillwatch.campaigns.findings import ACTIVE_WITHIN, HIGHEST_ODDS
from stillwatch.policy.publish import VERDICTS
from stillwatch.runtime.loop import Loop


def verdicts(loop: Loop, capabilities: Mapping[str, str]) -> pa.Table:
    """Rows of schema VERDICTS. `capabilities` gives what each campaign mostly takes, where that is known.

    An account stands in one campaign; one that stands in none may stand with a suspect: a cluster whose
    evidence of late would let a campaign stand, and which the error control has not called.
    """
    if loop.heard is None:
        return VERDICTS.empty_table()
    docket = loop.court.docket
    standing = docket.standing()
    called = {suspect.number for suspect in docket.campaigns()}
    suspected = [
        suspect
        for suspect in docket.tested()
        if suspect.number not in called
        and len(suspect.accounts) >= FEWEST
        and suspect.lately_mean >= STANDS
        and suspect.recent[-1][0] == loop.looked_at
    ]
    parts = [
        _rows(loop, suspect, codes, odds, capabilities)
        for group in (standing, suspected)
        for suspect, codes, odds in _members(group, loop.heard)
    ]
    return pa.concat_tables([VERDICTS.empty_table(), *parts])  # the first row of an account counts


def _members(suspects: list[Suspect], heard: np.ndarray) -> list[tuple[Suspect, np.ndarray, np.ndarray]]:
    kept, of, odds = named(suspects, heard)
    chosen = [np.flatnonzero(of == number) for number in range(len(kept))]
    return [(suspect, codes, odds[codes]) for suspect, codes in zip(kept, chosen, strict=True)]


def _rows(
    loop: Loop, suspect: Suspect, codes: np.ndarray, odds: np.ndarray, capabilities: Mapping[str, str]
) -> pa.Table:
    called = suspect.opened_at is not None
    name = suspect.campaign_id or f"suspect-{suspect.number:04d}"
    joined = [max(suspect.joined.get(code, 0), suspect.opened_at or 0) for code in codes.tolist()]
    last = loop.population.last(len(loop.ledger))[codes]
    active = bool(len(codes)) and loop.looked_at - int(last.max()) <= ACTIVE_WITHIN
    count = len(codes)
    columns = {
        "account_id": [loop.ledger.names[code] for code in codes.tolist()],
        "campaign_id": [name] * count,
        "state": ["open" if called else "suspected"] * count,
        "probability": 1 / (1 + np.exp(-np.minimum(odds, HIGHEST_ODDS))),
        "log_e_value": np.full(count, suspect.surest if called else suspect.lately_mean),
        "accounts": np.full(count, count),
        "capability": [capabilities.get(name, "")] * count,
        "since": joined,
        "active": [active] * count,
        "case_id": [None] * count,
    }
    return pa.table(columns, schema=VERDICTS)
