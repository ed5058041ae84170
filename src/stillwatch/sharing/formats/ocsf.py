"""`ID.ocsf.json`: the campaign as an OCSF Detection Finding, class 2004 of OCSF 1.8.0, for a SIEM.

Carries: one event. `finding_info` has the campaign, its times, and the ATLAS techniques as `attacks`; figures stand
under `unmapped`. A revoked view closes the finding.
Cannot say: who is thought to stand behind a campaign, the account tokens and the sketches; they have no place in the
class and are in the other forms.
"""

import json

from stillwatch.records import Micros
from stillwatch.records import ocsf as frame
from stillwatch.records.ocsf import Json
from stillwatch.sharing.finding.model import Figure
from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.interface import Form
from stillwatch.sharing.formats._projection.names import slug, uuid_of
from stillwatch.sharing.formats._projection.sentences import TITLE, summary
from stillwatch.sharing.formats._projection.techniques import VERSION, procedure

HIGH = 4


def files(view: View) -> dict[str, bytes]:
    finding = view.finding
    info = frame.campaign_info(
        uid=str(uuid_of(view, "campaign")), title=TITLE, description=summary(view), types=["distillation"]
    )
    seen: Json = {}
    if finding.campaign is not None:
        seen = {
            "first_seen_time": finding.campaign.first_seen // 1000,
            "last_seen_time": finding.campaign.last_seen // 1000,
        }
    attacks: list[Json] = [
        {
            "tactic": {"uid": step.tactic},
            "technique": {"uid": step.technique, "name": step.name},
            "version": VERSION,
        }
        for step in procedure(view)
    ]
    event = frame.detection_finding(
        activity=frame.CLOSE if view.revoked else frame.CREATE,
        time=Micros(view.modified),
        severity=HIGH,
        is_alert=not view.revoked,
        message=summary(view),
        metadata={
            **frame.product_metadata(str(uuid_of(view, "ocsf", str(view.modified)))),
            "labels": [f"tlp:{view.tlp}"],
        },
        finding_info={**info, **seen, "attacks": attacks},
        more={"unmapped": _figures(view)},
    )
    return {f"{slug(view)}.ocsf.json": json.dumps(event, indent=1).encode() + b"\n"}


def _figures(view: View) -> Json:
    cluster, haul = view.finding.cluster, view.finding.haul
    found: dict[str, Figure | None] = {"detection_latency_s": view.finding.detection_latency_s}
    if cluster is not None:
        found |= {
            "accounts": cluster.accounts,
            "concurrent_accounts": cluster.concurrent,
            "benign_share": cluster.benign_share,
        }
    if haul is not None:
        found |= {"exchanges": haul.exchanges, "tokens_in": haul.tokens_in, "tokens_out": haul.tokens_out}
    return {name: _figure(one) for name, one in found.items() if one is not None}


def _figure(figure: Figure) -> Json:
    below: Json = {} if figure.below is None else {"below": figure.below}
    return {"value": figure.value, **below, "query": figure.query}


FORM = Form(files)
