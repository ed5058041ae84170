"""Objects to exchange, and a house that exchanges them."""

import json
import uuid

from stillwatch.cases import api
from stillwatch.sharing import taxii

TYPE = "application/taxii+json;version=2.1"
FIRST, SECOND, THIRD = (f"2026-01-0{day}T00:00:00.000Z" for day in (1, 2, 3))
TLP = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
PARTNERS = {"lab": taxii.Level.AMBER, "cloud": taxii.Level.GREEN, "agency": taxii.Level.RED}


def indicator(level=None, **changed):
    made = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.uuid4()}",
        "created": FIRST,
        "modified": FIRST,
        "pattern": "[ipv4-addr:value = '198.51.100.7']",
        "pattern_type": "stix",
        "valid_from": FIRST,
    }
    if level is not None:
        made["object_marking_refs"] = [TLP[level]]
    return made | changed


def address(value="198.51.100.7", **changed):
    made = {"type": "ipv4-addr", "id": f"ipv4-addr--{uuid.uuid5(uuid.NAMESPACE_URL, value)}", "value": value}
    return made | changed


def body(stix):
    return json.dumps(stix).encode()


class House:
    """Whose collections they are. Everybody may read and write `both`."""

    def __init__(self, tenant):
        self.tenant = tenant
        taxii.prepare(tenant)
        self.ids = {
            alias: taxii.add_collection(tenant, alias.title(), alias=alias, by="ana")
            for alias in ("both", "readable", "writable", "closed")
        }
        self.tokens = {}
        for partner, level in PARTNERS.items():
            taxii.set_partner(tenant, partner, level, by="ana")
            taxii.grant(tenant, "both", partner, read=True, write=True, by="ana")
            self.token(partner, "pull", "push")
        taxii.grant(tenant, "readable", "lab", read=True, write=False, by="ana")
        taxii.grant(tenant, "writable", "lab", read=False, write=True, by="ana")
        self.token("ana", "admin")

    def token(self, owner, *scopes, name=None):
        _, text = api.add_token(self.tenant, owner=owner, scopes=scopes, days=1, by="ana")
        self.tokens[name or owner] = text
        return text

    def add(self, objects, contributor="ana", alias="both"):
        return taxii.add(
            self.tenant, taxii.house_shelf(self.tenant, alias), contributor, [body(one) for one in objects]
        )


def post(client, objects, alias="both"):
    content = objects if isinstance(objects, bytes) else body({"objects": objects})
    return client.post(f"collections/{alias}/objects/", content=content, headers={"content-type": TYPE})


def read(client, alias="both", **parameters):
    """The objects of a page."""
    asked = {name.replace("__", "[") + "]" if "__" in name else name: one for name, one in parameters.items()}
    answer = client.get(f"collections/{alias}/objects/", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json().get("objects", [])


def ids(objects):
    return {one["id"] for one in objects}
