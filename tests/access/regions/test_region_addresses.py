"""Where addresses are: the packaged data and their age, an operator's MMDB, and ranges that hide their users."""

import gzip
import os
from ipaddress import ip_address, ip_network
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from stillwatch.access.regions import described, open_addresses, read_ranges
from stillwatch.access.regions.addresses import DAY
from stillwatch.records import InvalidConfiguration

DATA = os.environ.get("STILLWATCH_DATA")


def test_the_packaged_default_places_addresses_and_knows_its_age():
    default = open_addresses()
    assert default.places(["192.0.2.1", "8.8.8.8", "::ffff:8.8.8.8", "2001:4860:4860::8888", "x", ""]) == [
        None,
        "US",
        "US",
        "US",
        None,
        None,
    ]
    assert default.made is not None
    assert described(default, default.made + 3 * DAY).endswith(", 3 days old")
    assert described(default, default.made + 400 * DAY).endswith("400 days old, stale")


@pytest.fixture
def mmdb(tmp_path):
    writer = MMDBWriter(6, "Made-City", ipv4_compatible=True)
    writer.insert_network(IPSet(["192.0.2.0/25"]), {"country": {"iso_code": "NZ"}})
    writer.insert_network(
        IPSet(["192.0.2.128/25"]), {"country": {"iso_code": "NO"}, "subdivisions": [{"iso_code": "21"}]}
    )
    writer.insert_network(IPSet(["2001:db8::/32"]), {"registered_country": {"iso_code": "CH"}})
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"country": "not a map"})
    path = tmp_path / "made.mmdb"
    writer.to_db_file(str(path))
    return path


def test_an_mmdb_of_the_operators_takes_its_place(mmdb):
    addresses = open_addresses(mmdb)
    assert addresses.places(
        [
            "192.0.2.1",
            "192.0.2.200",
            "2001:db8::1",
            "198.51.100.1",
            "203.0.113.1",
            "not an address",
            "::ffff:192.0.2.1",
        ]
    ) == ["NZ", "NO-21", "CH", None, None, None, "NZ"]
    assert "made.mmdb (Made-City)" in described(addresses, addresses.made)


@pytest.mark.parametrize("content", [b"", b"no database", b"\xab\xcd\xefMaxMind.com"])
def test_what_is_no_mmdb_is_refused(tmp_path, content):
    path = tmp_path / "x.mmdb"
    path.write_bytes(content)
    with pytest.raises(InvalidConfiguration, match=r"x\.mmdb: not an MMDB"):
        open_addresses(path)
    with pytest.raises(InvalidConfiguration, match="gone"):
        open_addresses(tmp_path / "gone")


networks = st.one_of(
    st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 32)).map(lambda pair: ip_network(pair, strict=False)),
    st.tuples(st.integers(2**32, 2**128 - 1), st.integers(16, 128)).map(
        lambda pair: ip_network((pair[0].to_bytes(16), pair[1]), strict=False)
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(networks, min_size=1, max_size=20), st.lists(st.integers(0, 2**32 - 1), max_size=20), st.data()
)
def test_ranges_hold_what_their_networks_hold(tmp_path_factory, listed, some, data):
    path = tmp_path_factory.mktemp("ranges") / "ranges.txt"
    path.write_text("\n".join(str(network) for network in listed))
    inside = [data.draw(st.integers(int(n.network_address), int(n.broadcast_address))) for n in listed]
    asked = [ip_address(number) for number in some]
    asked += [type(n.network_address)(number) for n, number in zip(listed, inside, strict=True)]
    held = read_ranges([path]).holds(pa.array([str(address) for address in asked]))
    zero = ip_address("::")
    for address, answer in zip(asked, held, strict=True):
        expected = any(address in network for network in listed if network.version == address.version)
        assert answer == expected or address == zero


def test_lines_columns_networks_and_compressed_files_are_read(tmp_path):
    (tmp_path / "plain.txt").write_text("# exits\n192.0.2.0/24\n\n198.51.100.7 # one\nAS64500\nnonsense\n")
    (tmp_path / "table.csv.gz").write_bytes(
        gzip.compress(b"cidr,provider\n2001:db8::/32,made\n300.1.1.1/8,made\n,made\n")
    )
    (tmp_path / "asn.csv").write_text("asn,entity\n64501,made\n")
    ranges = read_ranges([tmp_path / "plain.txt", tmp_path / "table.csv.gz", tmp_path / "asn.csv"])
    addresses = pa.array(
        ["192.0.2.9", "198.51.100.7", "2001:db8::9", "203.0.113.1", None, "300.1.1.1", "203.0.113.2"]
    )
    asn = np.array([-1, -1, -1, -1, -1, -1, 64501])
    assert ranges.holds(addresses, asn).tolist() == [True, True, True, False, False, False, True]
    assert [(rejection.line, rejection.reason.split(":")[0]) for rejection in ranges.rejected] == [
        (6, "neither a range nor a network"),
        (3, "neither a range nor a network"),
    ]


def test_a_file_without_any_range_is_refused(tmp_path):
    (tmp_path / "empty.csv").write_text("name,colour\na,red\n")
    with pytest.raises(InvalidConfiguration, match="holds no range"):
        read_ranges([tmp_path / "empty.csv"])
    with pytest.raises(InvalidConfiguration, match=r"gone\.csv"):
        read_ranges([tmp_path / "gone.csv"])


@pytest.mark.skipif(DATA is None, reason="STILLWATCH_DATA does not name a folder with address lists")
def test_published_lists_are_read_whole():
    folder = Path(DATA) / "network"
    ranges = read_ranges(sorted(folder.glob("*.csv*")))
    assert len(ranges) > 50_000
    assert not ranges.rejected
    assert (ranges.four_first[1:] > ranges.four_last[:-1]).all()
    assert ranges.holds(pa.array(["1.12.0.5", "2001:4860:4860::8888", "127.0.0.1"])).tolist()[2] is False
