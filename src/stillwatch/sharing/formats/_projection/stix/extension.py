"""The extension that STIX objects of a distillation campaign carry, and its published definition.

Its JSON Schema is `extraction-campaign.schema.json` beside this file. The id never changes; a change that breaks
readers gets a new one.
"""

import msgspec

from stillwatch.sharing.finding.model import Figure, Indicator
from stillwatch.sharing.finding.view import View

ID = "extension-definition--bce02e97-49d3-4f79-8276-d138686a2e6e"
PUBLISHER = "identity--2cb16b78-f5f7-4706-bdfc-109f5498f4b9"
VERSION = "1.0.0"
CREATED = "2026-11-26T00:00:00.000Z"
MATCH_TOKENS = 1_000  # of an object; servers refuse what is too long, and further ones go on in notes
SCHEMA_FILE = "extraction-campaign.schema.json"

Properties = dict[str, object]


def definition() -> list[dict[str, object]]:
    """The definition, and the identity that published it."""
    return [
        {
            "type": "identity",
            "spec_version": "2.1",
            "id": PUBLISHER,
            "created": CREATED,
            "modified": CREATED,
            "name": "The Stillwatch project",
            "identity_class": "organization",
        },
        {
            "type": "extension-definition",
            "spec_version": "2.1",
            "id": ID,
            "created_by_ref": PUBLISHER,
            "created": CREATED,
            "modified": CREATED,
            "name": "Extraction campaign",
            "description": "What a campaign took from a model served over an interface, and how sure that is.",
            "schema": f"The JSON Schema {SCHEMA_FILE}, version {VERSION}, which comes with Stillwatch.",
            "version": VERSION,
            "extension_types": ["property-extension"],
        },
    ]


def of_campaign(view: View) -> Properties:
    """The properties of the campaign object."""
    finding = view.finding
    cluster, haul = finding.cluster, finding.haul
    said = {
        "finding_id": finding.finding_id,
        "run": finding.run,
        "status": "revoked" if view.revoked else finding.status,
        "valid_until": view.valid_until,
        "retention": [{"field": one.field, "until": one.until} for one in view.kept],
        "detected_at": finding.campaign and finding.campaign.detected_at,
        "active": finding.campaign and finding.campaign.active,
        "account_count": cluster and cluster.accounts,
        "concurrent_accounts": cluster and cluster.concurrent,
        "benign_share": cluster and cluster.benign_share,
        "exchange_count": haul and haul.exchanges,
        "tokens_in": haul and haul.tokens_in,
        "tokens_out": haul and haul.tokens_out,
        "capabilities_targeted": haul and haul.capabilities,
        "models_targeted": finding.models,
        "model_switches": finding.model_switches,
        "detection_latency_s": finding.detection_latency_s,
        "log_e_value": finding.error and finding.error.log_e_value,
        "fdr": finding.error and finding.error.fdr,
        "compute_equivalent": finding.compute,
        "mark_evidence": finding.mark_evidence,
        "template_sketches": finding.template_sketches,
        "match_tokens": finding.match_tokens[:MATCH_TOKENS],
        "match_weight": view.match_weight,
        "evidence": finding.evidence,
    }
    return extended(said)


def of_indicator(indicator: Indicator) -> Properties:
    """What a receiver must know before acting on an indicator."""
    return extended(
        {
            "member_accounts": indicator.accounts,
            "indicator_benign_share": indicator.benign_share,
            "max_action": indicator.max_action,
            "query": indicator.query,
        }
    )


def of_rule(benign_share: Figure | None) -> Properties:
    """Of a Sigma rule, which says how a campaign behaves and no more: receivers only watch."""
    return extended({"max_action": "watch", "benign_share": benign_share})


def extended(said: Properties) -> Properties:
    """As an object's `extensions`; what is not known is left out."""
    kept = {
        name: msgspec.to_builtins(value) for name, value in said.items() if value is not None and value != []
    }
    return {ID: {"extension_type": "property-extension", **kept}}
