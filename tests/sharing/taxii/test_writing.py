"""What is taken in, refused, known already or taken out, on SQLite and on a real PostgreSQL."""

import json
import random

import pytest
from exchanged import FIRST, SECOND, THIRD, address, indicator, post, read

from stillwatch.cases import api
from stillwatch.records import NotThere
from stillwatch.sharing import taxii


def test_objects_come_back_as_the_bytes_that_they_were(house, client_of):
    odd = b'{ "type":"x-odd","spec_version" : "2.1","id":"x-odd--0d5a4f6e-36a5-4c0e-9a63-3a1f9f3b1f11",\r\n"created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00.123456789Z","n":[1.0,1E+2,-0.0,12345678901234567890],"t":"\\u00e9\\u0000\xc3\xa9<b>"}'
    client = client_of(house)
    told = post(client, b'{"type":"bundle","id":"bundle--1","objects":[' + odd + b"]}")
    assert (told.status_code, told.json()["success_count"]) == (202, 1)
    assert client.get("collections/both/objects/").content == b'{"objects":[' + odd + b"]}"


def test_versions_are_first_last_and_latest_in_any_order_of_adding(house, client_of):
    one = indicator()
    for stamp in (SECOND, THIRD, FIRST):
        assert house.add([one | {"modified": stamp}]).success_count == 1
    client = client_of(house)
    assert [x["modified"] for x in read(client)] == [THIRD]
    assert [x["modified"] for x in read(client, match__version="first")] == [FIRST]
    assert sorted(x["modified"] for x in read(client, match__version="all")) == [FIRST, SECOND, THIRD]
    assert [x["modified"] for x in read(client, match__version=SECOND)] == [SECOND]
    assert client.get(f"collections/both/objects/{one['id']}/versions/").json() == {
        "versions": [SECOND, THIRD, FIRST]
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_flags_of_versions_are_those_of_a_plain_reckoning(house, client_of, seed):
    chance = random.Random(seed)
    some = [indicator() for _ in range(4)]
    stamps = [f"2026-02-{day:02}T00:00:00.000Z" for day in range(1, 20)]
    held = {}
    for _ in range(12):
        batch = [
            chance.choice(some) | {"modified": chance.choice(stamps)} for _ in range(chance.randrange(1, 6))
        ]
        house.add(batch)
        for one in batch:
            held.setdefault(one["id"], set()).add(one["modified"])
        if chance.random() < 0.3:
            gone = chance.choice(sorted(held))
            stamp = chance.choice(sorted(held[gone]))
            answer = client_of(house, "ana").delete(
                f"collections/both/objects/{gone}/", params={"match[version]": stamp}
            )
            assert answer.status_code == 200
            held[gone].discard(stamp)
            held = {name: left for name, left in held.items() if left}
    client = client_of(house)
    for word, choose in (("last", max), ("first", min)):
        found = {one["id"]: one["modified"] for one in read(client, match__version=word)}
        assert found == {name: choose(left) for name, left in held.items()}


def test_what_is_there_already_is_no_failure_and_no_second_one(house, client_of):
    one, seen = indicator(), address()
    assert house.add([one, seen, one]).success_count == 3
    again = house.add([dict(reversed(one.items())), seen], "lab")
    assert (again.success_count, again.failure_count) == (2, 0)
    assert len(read(client_of(house), match__version="all")) == 2


def test_a_version_with_other_content_is_refused_and_what_is_held_stays(house, client_of):
    one = indicator()
    house.add([one])
    told = house.add([one | {"pattern": "[ipv4-addr:value = '203.0.113.1']"}])
    assert (told.failure_count, told.failures[0].message) == (
        1,
        "this version is held already, with other content",
    )
    assert read(client_of(house)) == [one]


def test_nobody_else_adds_a_version_revokes_or_weakens_the_marking(house, client_of):
    one, seen = indicator("red"), address()
    house.add([one, seen], "ana")
    attempts = [
        one | {"modified": SECOND, "revoked": True},
        one | {"modified": SECOND, "object_marking_refs": []},
        seen | {"value": "203.0.113.9"},
    ]
    told = house.add(attempts, "lab")
    assert (told.success_count, told.failure_count) == (0, 3)
    assert house.add(attempts[:1], "ana").success_count == 1
    assert read(client_of(house, "agency"), match__type="indicator") == [attempts[0]]


def test_an_observable_is_changed_by_who_handed_it_in(house, client_of):
    seen = address()
    house.add([seen], "lab")
    house.add([seen | {"x_note": "changed"}], "lab")
    client = client_of(house)
    assert read(client) == [seen | {"x_note": "changed"}]
    manifest = client.get("collections/both/manifest/", params={"match[version]": "all"}).json()["objects"]
    assert [one["version"] for one in manifest] == [one["date_added"] for one in manifest]


def test_taking_out_is_for_who_handed_it_in_and_for_the_house(house, client_of):
    one, other = indicator("green"), indicator("red")
    house.add([one], "lab")
    house.add([other], "ana")
    place = f"collections/both/objects/{one['id']}/"
    assert client_of(house, "cloud").delete(place).status_code == 403
    assert (
        client_of(house, "lab").delete(f"collections/both/objects/{other['id']}/").status_code == 404
    )  # not shown
    assert client_of(house, "lab").delete(place).status_code == 200
    assert client_of(house, "lab").get(place).status_code == 404
    assert client_of(house, "ana").delete(f"collections/both/objects/{other['id']}/").status_code == 200
    assert read(client_of(house, "agency")) == []


def test_a_status_is_for_who_asked(house, client_of):
    told = post(client_of(house), [indicator(), {"type": "indicator"}]).json()
    assert (told["success_count"], told["failure_count"], told["status"]) == (1, 1, "complete")
    place = f"status/{told['id']}/"
    assert client_of(house).get(place).json() == told
    assert client_of(house, "cloud").get(place).status_code == 404
    assert client_of(house, "ana").get(place).json() == told


def test_adding_taking_out_and_letting_in_stand_in_the_audit(house, client_of):
    post(client_of(house), [indicator(), {"type": "indicator"}])
    one = indicator()
    house.add([one], "lab")
    client_of(house).delete(f"collections/both/objects/{one['id']}/")
    found = [json.loads(entry.leaf) for entry in api.list_entries(house.tenant)]
    added = [one for one in found if one["kind"] == "taxii_added"]
    assert [(one["by"], one["facts"]["added"], one["facts"]["refused"]) for one in added] == [
        ("lab", 1, 1),
        ("lab", 1, 0),
    ]
    assert {"taxii_deleted", "taxii_granted", "taxii_partner_set", "taxii_collection_added"} <= {
        one["kind"] for one in found
    }
    assert api.verify_lines(api.stored_lines(house.tenant)).holds


def test_tenants_do_not_see_each_other(house, url, tmp_path, client_of):
    one = indicator("clear")
    house.add([one])
    with api.open_store(url, audit_key=tmp_path / "audit.key") as store:
        other = type(house)(store.tenant(f"{house.tenant.name}-other"))
        assert read(client_of(other)) == []
        other.add([one | {"pattern": "[a:b = 'c']"}])  # the same id, of another tenant
        assert read(client_of(house)) == [one]
        wrong = client_of(other)
        wrong.headers["authorization"] = f"Bearer {house.tokens['lab']}"
        assert wrong.get("collections/").status_code == 401


def test_an_object_may_not_have_versions_without_end(small, monkeypatch):
    monkeypatch.setattr("stillwatch.sharing.taxii.writing.VERSIONS", 3)
    one = indicator()
    told = small.add([one | {"modified": f"2026-01-0{day}T00:00:00Z"} for day in range(1, 7)])
    assert (told.success_count, told.failure_count) == (3, 3)


def test_a_thousand_ids_in_one_request_are_looked_up_in_parts(house):
    some = [indicator() for _ in range(1_200)]
    assert house.add(some).success_count == 1_200
    assert house.add([one | {"modified": SECOND} for one in some]).success_count == 1_200


def test_a_collection_that_there_is_not_is_told(house):
    with pytest.raises(NotThere, match="no collection 'nowhere'"):
        taxii.grant(house.tenant, "nowhere", "lab", read=True, write=False, by="ana")
