"""What is kept of an account's use."""

import pickle
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_activity import KEY, NOW, day_of, gathered

from stillwatch.access.regions import ACTIVITY, SIGHTINGS, Gatherer, sightings
from stillwatch.access.regions.activity import DAY, HOUR, LANGUAGES, PLACES
from stillwatch.access.regions.addresses import Addresses
from stillwatch.access.regions.gazetteer import Opened
from stillwatch.access.regions.ranges import NO_RANGES, read_ranges
from stillwatch.features.sketch import SKETCHES, sketch
from stillwatch.records import EXCHANGES
from stillwatch.runtime.ingest import with_places

exchanges = st.lists(
    st.fixed_dictionaries(
        {
            "account_id": st.sampled_from(["a", "b", "c"]),
            "ts": st.integers(0, 40 * 24).map(lambda hours: NOW + hours * HOUR),
            "country": st.sampled_from([None, "NZ", "NO", "CH", "zz", ""]),
            "client_ip": st.sampled_from(
                [None, "192.0.2.1", "192.0.3.1", "198.51.100.1", "2001:db8::1", "x"]
            ),
            "asn": st.sampled_from([None, 64500, 64501]),
            "accept_language": st.sampled_from([None, "nb-NO,nb;q=0.9", "en", "*", "mi"]),
        }
    ),
    min_size=1,
    max_size=60,
)


def seen(rows, ranges=NO_RANGES):
    return sightings(pa.Table.from_pylist(rows, schema=SCHEMA), KEY, ranges=ranges)


SCHEMA = pa.schema(
    [
        ("account_id", pa.string()),
        ("ts", pa.timestamp("us", tz="UTC")),
        ("country", pa.string()),
        ("client_ip", pa.string()),
        ("asn", pa.int64()),
        ("accept_language", pa.string()),
    ]
)


@pytest.fixture(scope="module")
def ranges(tmp_path_factory):
    path = tmp_path_factory.mktemp("ranges") / "ranges.txt"
    path.write_text("198.51.100.0/24\n")
    return read_ranges([path])


@settings(max_examples=30, deadline=None)
@given(rows=exchanges, cuts=st.lists(st.integers(0, 60), max_size=4))
def test_any_cut_into_batches_gives_the_same_and_saving_in_between_changes_nothing(ranges, rows, cuts):
    rows.sort(key=lambda row: row["ts"])
    whole = Gatherer()
    whole.observe(seen(rows, ranges))
    parts = Gatherer()
    edges = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    for first, stop in pairwise(edges):
        parts.observe(seen(rows[first:stop], ranges))
        parts = pickle.loads(pickle.dumps(parts))
    assert parts.table().equals(whole.table())
    assert whole.table().schema.equals(ACTIVITY)


@settings(max_examples=40, deadline=None)
@given(rows=exchanges)
def test_counts_are_those_of_a_plain_count(ranges, rows):
    rows.sort(key=lambda row: row["ts"])
    gatherer = Gatherer()
    gatherer.observe(seen(rows, ranges))
    for account in gatherer.table().to_pylist():
        own = [row for row in rows if row["account_id"] == account["account_id"]]
        assert account["exchanges"] == len(own)
        assert account["days"] == len({row["ts"] // DAY for row in own})
        hidden = [row for row in own if row["client_ip"] == "198.51.100.1"]
        assert account["hidden"] == len(hidden)
        cells = {(row["ts"] // HOUR) for row in own}
        assert account["hours"] == [sum(1 for cell in cells if cell % 24 == hour) for hour in range(24)]
        known = [row["country"] for row in own if row["country"] is not None]
        assert {place["place"]: place["exchanges"] for place in account["places"]} == {
            place: known.count(place) for place in known
        }
        assert account["moves"] == sum(1 for one, other in pairwise(known) if one != other)
        for place in account["places"]:
            days = {r["ts"] // DAY for r in own if r["country"] == place["place"]}
            assert place["days"] == len(days)
            assert place["stays"] == sum(1 for day in days if not any(0 < day - other <= 5 for other in days))


def test_ways_in_are_counted_and_coming_back_is_seen():
    home = [day for n in range(30) for day in day_of("home", n, "NZ", address="192.0.2.1", asn=1, clock=12)]
    lent = [
        row
        for n in range(30)
        for row in day_of("lent", n, "NZ", address=f"198.51.{n}.1", asn=100 + n, clock=12, hours=(9,))
    ]
    home_row, lent_row = gathered(home + lent).sort_by([("account_id", "ascending")]).to_pylist()
    assert home_row["ways"] == pytest.approx(1, abs=0.1)
    assert home_row["places"][0]["returns"] == home_row["days"] - 1
    assert lent_row["ways"] == pytest.approx(30, abs=3)
    assert lent_row["networks"] == pytest.approx(30, abs=9)
    assert lent_row["places"][0]["returns"] <= 2  # bits of a map may coincide


def test_more_places_than_are_kept_lose_no_exchange():
    rows = []
    for n, country in enumerate(
        ("NZ", "NO", "CH", "AR", "KE", "FI", "TH", "PE", "FJ", "MT", "UY", "LK", "GH", "IS")
    ):
        rows += day_of(
            "a", 40 - n, country, address=None, asn=None, clock=0, language=f"{'abcdefghijklmn'[n]}a"
        )
    (account,) = gathered(rows).to_pylist()
    assert len(account["places"]) == PLACES
    assert len(account["languages"]) == LANGUAGES
    assert account["exchanges"] == len(rows)
    assert account["moves"] == 13


def test_the_rest_of_a_network_of_listed_exits_is_hidden_from_the_next_day(tmp_path):
    rows = []
    for n in range(20, 0, -1):
        rows += day_of("known", n, "NL", address="198.51.100.9", asn=64500, clock=0)
        rows += day_of("unknown", n, "NL", address="203.0.113.9", asn=64500, clock=0, hours=(9,))
    table = {row["account_id"]: row for row in gathered(rows, ["198.51.100.0/24"], tmp_path).to_pylist()}
    assert table["known"]["hidden"] == 140
    assert 0 < table["unknown"]["hidden"] < 20


class Fixed(Addresses):
    """Address data with one known address."""

    name, made = "made up", None

    def places(self, addresses):
        return ["CH-ZH" if address == "192.0.2.1" else None for address in addresses]


def test_addresses_are_looked_up_where_the_source_names_no_country():
    gatherer = Gatherer()
    rows = day_of("a", 3, None, address="192.0.2.1", asn=1, clock=0, hours=(9, 10))
    rows += day_of("a", 2, "NO", address="192.0.2.1", asn=1, clock=0, hours=(9,))
    rows += day_of("a", 1, None, address="203.0.113.1", asn=1, clock=0, hours=(9,))
    gatherer.observe(sightings(pa.Table.from_pylist(rows), KEY, addresses=Fixed()))
    (account,) = gatherer.table().to_pylist()
    assert [(place["place"], place["exchanges"]) for place in account["places"]] == [("CH-ZH", 2), ("NO", 1)]


def test_some_accounts_are_told_of_as_all_are():
    rows = [row for name in "abc" for row in day_of(name, 3, "NZ", address="192.0.2.1", asn=1, clock=12)]
    gatherer = Gatherer()
    assert gatherer.observe(seen([])).tolist() == []
    assert set(gatherer.observe(seen(sorted(rows, key=lambda row: row["ts"]))).tolist()) == {0, 1, 2}
    whole = gatherer.table()
    assert gatherer.table(np.array([2, 0])).equals(whole.take([0, 2]))
    assert whole["account_id"].to_pylist() == ["a", "b", "c"]


@settings(max_examples=20, deadline=None)
@given(rows=exchanges)
def test_a_sketch_that_is_told_where_it_comes_from_is_a_sighting(ranges, rows):
    schema = pa.schema([EXCHANGES.field(name) for name in EXCHANGES.names])
    whole = [{**row, "exchange_id": str(number)} for number, row in enumerate(rows)]
    batch = pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in whole], schema
    )
    sketched = with_places(sketch(batch, KEY), batch, Opened(Fixed(), ranges))
    assert sketched.schema.equals(SKETCHES)
    assert sketched.select(SIGHTINGS.names).equals(sightings(batch, KEY, addresses=Fixed(), ranges=ranges))
    assert sketch(batch, KEY).column("place").null_count == len(rows)
