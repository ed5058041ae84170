"""`misp/`: a MISP feed of static files, `manifest.json`, `hashes.csv` and one event, `UUID.json`.

Carries: the objects `llm-extraction-campaign` and `llm-api-account-cluster`, whose templates come with Stillwatch,
the correlation as a Sigma rule, TLP as a tag and as the distribution, and remarks of people. No attribute is to be put
into an intrusion detection system by itself (`to_ids` is false): networks and clients are shared with others.
Holds: served by any web server, or read from a directory, a MISP instance adds it as a feed. A revoked view is an event
that is not published, with the status `revoked`.
"""

import json
from collections.abc import Iterator
from hashlib import md5

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.finding.words import Tlp
from stillwatch.sharing.formats._projection import sigma_rules
from stillwatch.sharing.formats._projection.interface import Form
from stillwatch.sharing.formats._projection.misp import objects
from stillwatch.sharing.formats._projection.misp.objects import Json
from stillwatch.sharing.formats._projection.names import day_text, producer_uuid, slug, uuid_of
from stillwatch.sharing.formats._projection.sentences import TITLE

SECOND = 1_000_000  # microseconds
# Everybody, connected communities, this community, the organisation alone.
DISTRIBUTION: dict[Tlp, str] = {"clear": "3", "green": "2", "amber": "1", "amber+strict": "0", "red": "0"}
COLOURS: dict[Tlp, str] = {
    "clear": "#ffffff",
    "green": "#33ff00",
    "amber": "#ffc000",
    "amber+strict": "#ffc000",
    "red": "#ff2b2b",
}
HIGH, COMPLETE = "1", "2"  # threat level, analysis


def files(view: View) -> dict[str, bytes]:
    event = _event(view)
    identity = str(event["uuid"])
    about = ("Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp")
    manifest = {identity: {name: event[name] for name in about}}
    hashes = "".join(f"{_hash(value)},{identity}\n" for value in _values(event))
    folder = f"{slug(view)}.misp"
    return {
        f"{folder}/manifest.json": _encoded(manifest),
        f"{folder}/hashes.csv": hashes.encode(),
        f"{folder}/{identity}.json": _encoded({"Event": event}),
    }


def _event(view: View) -> Json:
    stamp = str(view.modified // SECOND)
    found = [objects.campaign(view), objects.cluster(view)]
    return {
        "uuid": str(uuid_of(view, "misp", "event")),
        "info": f"{TITLE} (withdrawn)" if view.revoked else TITLE,
        "date": day_text(view.finding.created),
        "timestamp": stamp,
        "publish_timestamp": stamp,
        "published": not view.revoked,
        "analysis": COMPLETE,
        "threat_level_id": HIGH,
        "distribution": DISTRIBUTION[view.tlp],
        "extends_uuid": "",
        "Orgc": {"name": view.producer.name, "uuid": str(producer_uuid(view))},
        "Tag": [{"name": f"tlp:{view.tlp}", "colour": COLOURS[view.tlp]}],
        "Attribute": list(_attributes(view, stamp)),
        "Object": [one for one in found if one is not None],
    }


def _attributes(view: View, stamp: str) -> Iterator[Json]:
    if not view.revoked:
        rules = sigma_rules.text(sigma_rules.base_rule(view), sigma_rules.correlation_rule(view))
        yield _attribute(view, "sigma", "Payload installation", rules, "correlation", stamp)
    for remark in view.finding.remarks:
        yield _attribute(view, "comment", "Other", remark.statement, f"remark of {remark.person}", stamp)


def _attribute(view: View, kind: str, category: str, value: str, comment: str, stamp: str) -> Json:
    return {
        "uuid": str(uuid_of(view, "misp", kind, value)),
        "type": kind,
        "category": category,
        "value": value,
        "comment": comment,
        "to_ids": False,
        "distribution": "5",
        "timestamp": stamp,
        "deleted": False,
    }


def _values(event: Json) -> Iterator[str]:
    """Every attribute's value, once."""
    seen: set[str] = set()
    held = [event["Attribute"], *(one["Attribute"] for one in _listed(event["Object"]))]
    for value in (str(one["value"]) for rows in held for one in _listed(rows)):
        if value not in seen:
            seen.add(value)
            yield value


def _listed(value: object) -> list[Json]:
    assert isinstance(value, list)  # made above
    return value


def _hash(value: str) -> str:
    return md5(value.encode(), usedforsecurity=False).hexdigest()  # as the format of feeds has it


def _encoded(value: object) -> bytes:
    return json.dumps(value, indent=1, allow_nan=False).encode() + b"\n"


FORM = Form(files)
