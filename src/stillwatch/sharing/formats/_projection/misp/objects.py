"""MISP objects of a view, by the two templates that lie beside this file."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from stillwatch.records import rfc3339
from stillwatch.sharing.finding.model import AccountNetworkProvider, Figure, Operator
from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.names import day_text, uuid_of
from stillwatch.sharing.formats._projection.sentences import summary

TEMPLATES = ("llm-extraction-campaign", "llm-api-account-cluster")
CATEGORIES = {"AS": "Network activity"}  # of attribute types; of all others it is Other
SECOND = 1_000_000  # microseconds

Json = dict[str, object]


class Said(NamedTuple):
    """One attribute of an object."""

    relation: str
    value: object
    comment: str = ""


@cache
def template(name: str) -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads(files(__package__).joinpath(f"{name}.json").read_bytes())
    return found


def campaign(view: View) -> Json:
    return _object(view, TEMPLATES[0], _campaign(view))


def cluster(view: View) -> Json | None:
    said = list(_cluster(view))
    return _object(view, TEMPLATES[1], said) if said else None


def _campaign(view: View) -> Iterator[Said]:
    finding = view.finding
    haul, times = finding.haul, finding.campaign
    yield Said("summary", summary(view))
    yield Said("status", "revoked" if view.revoked else finding.status)
    if times:
        yield Said("first-seen", rfc3339(times.first_seen))
        yield Said("last-seen", rfc3339(times.last_seen))
        yield Said("detected-at", rfc3339(times.detected_at))
    if haul:
        yield from _figures(
            {"exchanges": haul.exchanges, "tokens-in": haul.tokens_in, "tokens-out": haul.tokens_out}
        )
        for share in haul.capabilities:
            yield Said("capability", f"{share.capability} {share.share.value:g}", _range(share.share))
    for model in finding.models:
        yield Said("model", f"{model.model} {model.share.value:g}", _range(model.share))
    for switch in finding.model_switches:
        yield Said("model-switch", f"{day_text(switch.at)} {switch.origin} -> {switch.target}")
    if finding.error:
        yield from _figures(
            {"log-e-value": finding.error.log_e_value, "false-discovery-rate": finding.error.fdr}
        )
    yield from _figures({"detection-latency": finding.detection_latency_s})
    if finding.compute:
        compute = finding.compute
        yield Said(
            "compute",
            f"{compute.p10:g} / {compute.p50:g} / {compute.p90:g} {compute.unit} (P10/P50/P90; {compute.method})",
        )
    if finding.mark_evidence:
        mark = finding.mark_evidence
        yield Said("mark", f"{mark.scheme}: p {mark.p_value:g} over {mark.tested} outputs")
    yield from (Said("operator", _judged(one)) for one in finding.operators)
    yield from (Said("provider", _judged(one)) for one in finding.providers)
    for sketch in finding.template_sketches:
        yield Said("template-sketch", f"{sketch.alg}:{sketch.key_epoch}:{sketch.value}", f"k = {sketch.k}")


def _cluster(view: View) -> Iterator[Said]:
    finding = view.finding
    if finding.cluster:
        own = finding.cluster
        yield from _figures(
            {
                "accounts": own.accounts,
                "concurrent-accounts": own.concurrent,
                "benign-share": own.benign_share,
            }
        )
    for token in finding.account_tokens:
        yield Said("account-token", token.value, f"{token.suite}, key {token.key_id}")
    for token in finding.match_tokens:
        yield Said("match-token", f"{token.suite}:{token.key_id}:{token.value}")
    for one in finding.indicators:
        relation = "autonomous-system" if one.kind == "asn" else "ja4"
        harm = f"{one.benign_share:.1%} of the accounts it meets are others; at most: {one.max_action}"
        yield Said(relation, one.value, harm)


def _figures(found: Mapping[str, Figure | None]) -> Iterator[Said]:
    for relation, one in found.items():
        if one is not None:
            yield Said(relation, one.value, f"{_range(one)} query {one.query}".strip())


def _range(figure: Figure) -> str:
    return "" if figure.below is None else f"{figure.value:,} to {figure.below:,};"


def _judged(one: Operator | AccountNetworkProvider) -> str:
    return f"{one.name}: {one.likelihood}, {one.confidence} confidence ({one.provenance.basis})"


def _object(view: View, name: str, said: Iterable[Said]) -> Json:
    known = template(name)
    relations = known["attributes"]
    assert isinstance(relations, dict)  # the templates are ours
    stamp = str(view.modified // SECOND)
    own = uuid_of(view, "misp", name)
    return {
        "name": name,
        "meta-category": known["meta-category"],
        "description": known["description"],
        "template_uuid": known["uuid"],
        "template_version": str(known["version"]),
        "uuid": str(own),
        "timestamp": stamp,
        "distribution": "5",  # as the event
        "sharing_group_id": "0",
        "deleted": False,
        "Attribute": [
            _attribute(view, name, relations[one.relation], one, at, stamp) for at, one in enumerate(said)
        ],
    }


def _attribute(
    view: View, name: str, relation: Mapping[str, object], said: Said, at: int, stamp: str
) -> Json:
    kind = str(relation["misp-attribute"])
    return {
        "uuid": str(uuid_of(view, "misp", name, said.relation, str(at))),
        "object_relation": said.relation,
        "type": kind,
        "category": CATEGORIES.get(kind, "Other"),
        "value": str(said.value),
        "comment": said.comment,
        "to_ids": False,  # nothing is to be blocked by itself
        "disable_correlation": bool(relation.get("disable_correlation", False)),
        "distribution": "5",
        "timestamp": stamp,
        "deleted": False,
    }
