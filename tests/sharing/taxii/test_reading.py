"""What each recipient is shown, and pages of it, on SQLite and on a real PostgreSQL."""

import pytest
from exchanged import FIRST, SECOND, THIRD, TLP, address, ids, indicator, post, read

from stillwatch.sharing import taxii
from stillwatch.sharing.taxii import reading
from stillwatch.sharing.taxii.filters import Filter

GRANULAR = [{"marking_ref": TLP["red"], "selectors": ["pattern"]}]


def all_pages(client, path="objects/", **parameters):
    asked, pages = parameters, []
    while True:
        answer = client.get(f"collections/both/{path}", params=asked).json()
        pages.append(answer.get("objects", []))
        if not answer.get("more"):
            assert "next" not in answer
            return pages
        asked = asked | {"next": answer["next"]}


@pytest.mark.parametrize(("partner", "count"), [("cloud", 2), ("lab", 4), ("agency", 7), ("ana", 7)])
def test_a_recipient_is_shown_what_its_level_allows(house, client_of, partner, count):
    marked = [indicator(level) for level in TLP]
    unmarked, in_part = indicator(), indicator("green", granular_markings=GRANULAR)
    house.add([*marked, unmarked, in_part])
    client = client_of(house, partner)
    found = read(client)
    assert len(found) == count
    shown, hidden = ids(found), ids([*marked, unmarked, in_part]) - ids(found)
    manifest = client.get("collections/both/manifest/").json()["objects"]
    assert ids(manifest) == shown
    for one in hidden:
        for path in ("", "versions/"):
            assert client.get(f"collections/both/objects/{one}/{path}").status_code == 404
        assert read(client, match__id=one) == []
    for one in shown:
        assert client.get(f"collections/both/objects/{one}/").status_code == 200


def test_definitions_are_for_everybody_and_marked_otherwise_where_they_say_so(house, client_of):
    statement = indicator() | {
        "type": "marking-definition",
        "id": indicator()["id"].replace("indicator", "marking-definition"),
    }
    secret = statement | {
        "id": indicator()["id"].replace("indicator", "marking-definition"),
        "object_marking_refs": [TLP["red"]],
    }
    house.add([statement, secret])
    assert ids(read(client_of(house, "cloud"))) == {statement["id"]}


def test_an_object_that_became_more_confidential_is_shown_no_more(house, client_of):
    one = indicator("green")
    house.add([one])
    house.add([one | {"modified": SECOND, "object_marking_refs": [TLP["red"]]}])
    assert read(client_of(house, "cloud")) == []
    assert read(client_of(house, "cloud"), match__version="all") == [one]
    assert [x["modified"] for x in read(client_of(house, "agency"))] == [SECOND]


def test_a_release_policy_decides_beside_the_level(house, client_of):
    house.add([indicator("green", name=f"n{number}") for number in range(50)])

    def odd_ones(partner, shelf):
        assert shelf.alias == "both"
        return taxii.Shown(
            levels=frozenset(taxii.Level),
            admits=lambda body: (
                partner.house or (b'"n' in body and int(body.split(b'"n')[-1].split(b'"')[0]) % 10 == 3)
            ),
        )

    client = client_of(house, release=odd_ones)
    assert [one["name"] for one in read(client)] == ["n3", "n13", "n23", "n33", "n43"]
    pages = all_pages(client, limit=2)
    assert [[one["name"] for one in page] for page in pages] == [["n3", "n13"], ["n23", "n33"], ["n43"]]
    assert len(read(client_of(house, "ana", release=odd_ones))) == 50
    nothing = client_of(house, release=lambda _p, _s: taxii.Shown(levels=frozenset()))
    assert nothing.get("collections/both/objects/").json() == {}


@pytest.mark.parametrize("partner", ["cloud", "lab", "agency"])
@pytest.mark.parametrize("asked", [{}, {"match[version]": "all"}, {"match[type]": "ipv4-addr,indicator"}])
def test_pages_hold_everything_once_and_in_order_of_adding(house, client_of, partner, asked):
    levels = list(TLP)
    house.add([indicator(levels[number % 5]) for number in range(23)])
    house.add(
        [
            address(f"198.51.100.{number}", object_marking_refs=[TLP[levels[number % 3]]])
            for number in range(9)
        ]
    )
    client = client_of(house, partner)
    whole = client.get("collections/both/objects/", params=asked).json()["objects"]
    for limit in (1, 4, 100):
        pages = all_pages(client, limit=limit, **asked)
        assert [one for page in pages for one in page] == whole
        assert all(len(page) == limit for page in pages[:-1])
    dates = [one["date_added"] for page in all_pages(client, "manifest/", limit=5, **asked) for one in page]
    assert dates == sorted(set(dates))


def test_pulling_by_time_misses_nothing_that_is_added_meanwhile(house, client_of):
    client, seen, last = client_of(house), [], None
    for _ in range(6):
        house.add([indicator("green") for _ in range(3)])
        answer = client.get("collections/both/objects/", params={} if last is None else {"added_after": last})
        seen += answer.json()["objects"]
        last = answer.headers["x-taxii-date-added-last"]
    assert seen == read(client)
    assert client.get("collections/both/objects/", params={"added_after": last}).json() == {}


def test_a_page_ends_before_it_is_too_long(small, client_of, monkeypatch):
    monkeypatch.setattr(reading, "PAGE_BYTES", 3_000)
    some = [indicator("green", x_text="x" * 900) for _ in range(7)] + [indicator("green", x_text="y" * 5_000)]
    small.add(some)
    pages = all_pages(client_of(small))
    assert [one for page in pages for one in page] == some
    assert [len(page) for page in pages] == [2, 2, 2, 1, 1]


def test_versions_are_paged_as_well(small, client_of):
    one = indicator("green")
    small.add([one | {"modified": stamp} for stamp in (FIRST, SECOND, THIRD)])
    place = f"collections/both/objects/{one['id']}/versions/"
    client = client_of(small)
    told = client.get(place, params={"limit": 2}).json()
    assert (told["versions"], told["more"]) == ([FIRST, SECOND], True)
    assert client.get(place, params={"limit": 2, "next": told["next"]}).json() == {"versions": [THIRD]}


def test_rights_are_those_of_the_collection(house, client_of):
    client = client_of(house)
    listed = client.get("collections/").json()["collections"]
    assert {one["alias"]: (one["can_read"], one["can_write"]) for one in listed} == {
        "both": (True, True),
        "readable": (True, False),
        "writable": (False, True),
    }
    assert client.get("collections/closed/").status_code == 404
    assert client.get("collections/writable/objects/").status_code == 403
    assert post(client, [indicator()], "readable").status_code == 403
    assert post(client, [indicator()], "writable").status_code == 202
    taxii.grant(house.tenant, "writable", "lab", read=False, write=False, by="ana")
    assert post(client, [indicator()], "writable").status_code == 404


def test_a_token_opens_no_more_than_its_scopes(house, client_of):
    house.token("lab", "pull", name="puller")
    house.token("lab", "read", "decide", name="analyst")
    client = client_of(house, "puller")
    assert client.get("collections/both/").json()["can_write"] is False
    assert post(client, [indicator()]).status_code == 403
    assert client_of(house, "analyst").get("collections/").status_code == 401


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"ids": ["indicator--1"]}, "taxii_object_by_version"),
        ({"kinds": ["indicator"]}, "taxii_objects_by_kind"),
        ({}, "taxii_objects_by_level"),
        ({"every": True}, "taxii_objects_by_level"),
    ],
)
def test_no_page_is_found_by_reading_all_of_a_collection(small, wanted, index):
    shelf = taxii.house_shelf(small.tenant, "both")
    shown = taxii.Shown(levels=frozenset([taxii.Level.CLEAR, taxii.Level.GREEN]))
    query = reading._query(small.tenant, shelf, shown, Filter(**wanted), None)  # noqa: SLF001 - the plan, not the answer
    with small.tenant.reading() as connection:
        text = query.compile(connection.engine, compile_kwargs={"literal_binds": True})
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    used = [step for step in steps if step.startswith(("SEARCH", "SCAN taxii"))]
    assert all("added=" in step or index in step for step in used)
    assert any(index in step for step in used)
