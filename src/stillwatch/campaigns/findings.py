"""The findings of a finished run, in the records of the output contract."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.assembly import Attribution, Haul
from stillwatch.campaigns.court import Court
from stillwatch.campaigns.docket import Suspect
from stillwatch.campaigns.evidence import evidence, shared_keys
from stillwatch.features.ledger import HOUR, NEVER
from stillwatch.features.sketchlog import Sketches
from stillwatch.linking.keyring import KIND_NAMES
from stillwatch.linking.scene import Scene
from stillwatch.records import CAPABILITIES, EXCHANGES, MEMBERS, Campaign, Micros, Share, SharedKey

ACTIVE_WITHIN = 48 * HOUR
DRAWN_ACCOUNTS = 40
HIGHEST_ODDS = 9.0  # nats: no membership is stated as surer than about 1 in 8,000


def campaigns_of(
    court: Court, attribution: Attribution, scene: Scene, log: Sketches, flags: Path
) -> tuple[list[Campaign], pa.Table]:
    """Attribute exchanges (writing `flags`) and state every campaign, and its members (schema MEMBERS)."""
    attribution.learn(log)
    attribution.attribute(log, flags)
    stated, members = [], [MEMBERS.empty_table()]
    opened = court.docket.campaigns()
    flagged = _flagged_at(opened, scene)
    for number, (suspect, haul) in enumerate(zip(attribution.suspects, attribution.hauls, strict=True)):
        own = attribution.members(number)
        detected = _detected_at(suspect, own, opened, scene)
        stated.append(_campaign(court, suspect, haul, own, scene, detected))
        members.append(_members(suspect, attribution, own, scene, flagged))
    return stated, pa.concat_tables(members)


def _flagged_at(opened: list[Suspect], scene: Scene) -> np.ndarray:
    """When each account was first in an alarmed campaign, int64 [accounts]."""
    out = np.full(len(scene.ledger), NEVER)
    for suspect in opened:
        for account, joined in suspect.joined.items():
            out[account] = min(out[account], max(joined, suspect.opened_at or 0))
    return out


def _detected_at(suspect: Suspect, members: np.ndarray, opened: list[Suspect], scene: Scene) -> int:
    """The first alarm that named most of the accounts the campaign then had, under whatever number."""
    out = suspect.opened_at or 0
    for other in opened:
        if other.opened_at is None or other.opened_with is None or other.opened_at >= out:
            continue
        then = members[scene.first[members] < other.opened_at]
        if len(then) and 2 * np.isin(then, other.opened_with).sum() > len(then):
            out = other.opened_at
    return out


def _campaign(
    court: Court, suspect: Suspect, haul: Haul, members: np.ndarray, scene: Scene, detected_at: int
) -> Campaign:
    standing = court.standing[suspect.number]
    why = evidence(suspect, standing, court.docket.fdr)
    keys = shared_keys(standing, scene)
    first = haul.first if haul.first is not None else int(scene.first[members].min())
    last = haul.last if haul.last is not None else int(scene.last[members].max())
    used = sorted({source for child in why.children for source in child.sources})
    return Campaign(
        campaign_id=suspect.campaign_id or "",
        first_seen=Micros(first),
        last_seen=Micros(last),
        detected_at=Micros(detected_at),
        active=scene.now - last <= ACTIVE_WITHIN,
        accounts=len(members),
        exchanges=haul.exchanges,
        tokens_in=haul.tokens_in,
        tokens_out=haul.tokens_out,
        capabilities=_shares(dict(zip(CAPABILITIES, haul.capability.tolist(), strict=True)), 0.005),
        models=_shares({name: count / max(haul.exchanges, 1) for name, count in haul.models.items()}, 0.0),
        log_e_value=suspect.surest,
        fdr=court.docket.fdr,
        evidence=why,
        coverage=_coverage(used, haul, members, scene),
        timeline=haul.intervals,
        shared_keys=keys,
        links=_links(keys, members, scene),
        snippets=haul.snippets,
    )


def _shares(shares: dict[str, float], least: float) -> list[Share]:
    kept = {name: share for name, share in shares.items() if share > least}
    total = sum(kept.values()) or 1.0
    ordered = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
    return [Share(name, round(share / total, 4)) for name, share in ordered]


def _coverage(used: list[str], haul: Haul, members: np.ndarray, scene: Scene) -> dict[str, float]:
    out = {}
    ledger, accounts = scene.ledger, len(scene.ledger)
    weight = scene.exchanges[members]
    for field in used:
        if field in EXCHANGES.names:
            share = haul.present[EXCHANGES.get_field_index(field)] / max(haul.exchanges, 1)
        elif field == "account.created_at":
            share = np.average(ledger.created.upto(accounts)[members] >= 0, weights=weight)
        elif field == "account.kyc_level":
            share = np.average(ledger.kyc_level.upto(accounts)[members] >= 0, weights=weight)
        elif field.startswith("account."):
            share = np.average(
                ledger.hashes[field.removeprefix("account.")].upto(accounts)[members] != 0, weights=weight
            )
        else:
            share = 1.0
        out[field] = round(float(share), 4)
    return out


def _links(keys: list[SharedKey], members: np.ndarray, scene: Scene) -> list[tuple[str, str, float]]:
    table = scene.table
    labels = {key.label: np.log(max(key.lift, 1.0)) for key in keys}
    edges, owner = table.edges_of(members[:DRAWN_ACCOUNTS])
    out = []
    for edge, at in zip(edges.tolist(), owner.tolist(), strict=True):
        key = table.key[edge]
        label = f"{KIND_NAMES[table.kind[key]]} {int(table.name[key]):016x}"[:-8]
        if label in labels:
            out.append((scene.ledger.names[members[at]], label, round(float(labels[label]), 2)))
    return out


def _members(
    suspect: Suspect, attribution: Attribution, members: np.ndarray, scene: Scene, flagged_at: np.ndarray
) -> pa.Table:
    exchanges = scene.exchanges[members]
    odds = np.minimum(attribution.log_odds[members], HIGHEST_ODDS)
    columns = [
        [scene.ledger.names[code] for code in members],
        [suspect.campaign_id] * len(members),
        1 / (1 + np.exp(-odds)),
        attribution.illicit[members] / np.maximum(exchanges, 1),
        flagged_at[members],
        scene.first[members],
        scene.last[members],
        exchanges,
    ]
    arrays = [pa.array(column).cast(field.type) for column, field in zip(columns, MEMBERS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=MEMBERS)
