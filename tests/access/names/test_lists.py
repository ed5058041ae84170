"""Lists: the SDN list in XML, the consolidated list in JSON, tables; hostile and broken ones do no harm."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.names import read_list
from stillwatch.access.tabular import Rejected
from stillwatch.records import UnreadableInput

SDN = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://example.test/sdn">
  <publshInformation><Publish_Date>11/20/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
  <sdnEntry>
    <uid>101</uid><firstName>Ostap</firstName><lastName>KVORNIN</lastName><sdnType>Individual</sdnType>
    <programList><program>TEST</program></programList>
    <idList><id><uid>7</uid><idType>Passport</idType><idNumber>X1</idNumber><idCountry>Nowhere</idCountry></id></idList>
    <akaList>
      <aka><uid>8</uid><type>a.k.a.</type><category>strong</category><lastName>Кворнин</lastName><firstName>Остап</firstName></aka>
      <aka><uid>9</uid><type>a.k.a.</type><category>weak</category><lastName>OSTIK</lastName></aka>
    </akaList>
  </sdnEntry>
  <sdnEntry><uid>102</uid><lastName>GALVEX &amp; SONS</lastName><sdnType>Entity</sdnType></sdnEntry>
  <sdnEntry><uid>103</uid><sdnType>Entity</sdnType></sdnEntry>
</sdnList>
"""
CSL = {
    "total": 2,
    "results": [
        {
            "id": "abc", "source": "Test List (TL)", "type": "Individual", "name": "Ostap Kvornin",
            "alt_names": ["Остап Кворнин"], "ids": [{"type": "Passport", "number": "X1", "country": "XA"}],
            "start_date": "2026-01-01", "programs": ["TEST"], "addresses": [{"city": "X", "country": None}],
        },
        {"id": "def", "source": "Test List (TL)", "type": None, "name": "Galvex [Holding], ]} \\ Ltd", "alt_names": []},
        {"id": "ghi", "alt_names": []},
    ],
}  # fmt: skip


def read(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rejected = Rejected()
    return read_list(path, rejected).to_pylist(), rejected


def test_the_sdn_list(tmp_path):
    rows, rejected = read(tmp_path, "sdn.xml", SDN)
    assert rows == [
        {
            "source": "SDN", "entry": "101", "kind": "person", "name": "KVORNIN, Ostap",
            "aliases": ["Кворнин, Остап", "OSTIK"], "ids": ["Passport: X1"], "date": "11/20/2026",
        },
        {
            "source": "SDN", "entry": "102", "kind": "organisation", "name": "GALVEX & SONS",
            "aliases": [], "ids": [], "date": "11/20/2026",
        },
    ]  # fmt: skip
    assert rejected.counts == {"an entry without a name": 1}


def test_the_consolidated_list(tmp_path):
    rows, rejected = read(tmp_path, "csl.json", json.dumps(CSL))
    assert [(row["source"], row["entry"], row["kind"], row["name"]) for row in rows] == [
        ("Test List (TL)", "abc", "person", "Ostap Kvornin"),
        ("Test List (TL)", "def", "unknown", "Galvex [Holding], ]} \\ Ltd"),
    ]
    assert (rows[0]["aliases"], rows[0]["ids"], rows[0]["date"]) == (
        ["Остап Кворнин"],
        ["Passport: X1"],
        "2026-01-01",
    )
    assert rejected.total == 1


def test_a_long_list_comes_in_pieces(tmp_path):
    many = {"results": [{"id": str(at), "name": f"Name {'x' * 200} {at}"} for at in range(5000)]}
    rows, rejected = read(tmp_path, "csl.json", json.dumps(many, indent=1))
    assert [row["entry"] for row in rows] == [str(at) for at in range(5000)]
    assert rejected.total == 0


@pytest.mark.parametrize(
    "document",
    [
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sdnList>&b;</sdnList>',
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><sdnList>&f;</sdnList>',
        '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><sdnList/>',
        '<?xml version="1.0"?><sdnList>' + "<a>" * 1000,
    ],
)
def test_hostile_xml_is_refused(tmp_path, document):
    rows, rejected = read(tmp_path, "sdn.xml", document)
    assert rows == []
    assert rejected.total == 1


def test_of_a_list_that_is_cut_short_the_rest_is_kept_and_the_cut_told(tmp_path):
    rows, rejected = read(tmp_path, "sdn.xml", SDN[: SDN.index("<uid>102")])
    assert [row["entry"] for row in rows] == ["101"]
    assert "the rest is not read" in rejected.examples[0].reason
    text = json.dumps(CSL)
    rows, rejected = read(tmp_path, "csl.json", text[: text.index('"def"')])
    assert [row["entry"] for row in rows] == ["abc"]
    assert rejected.total == 1


def test_a_table_of_ones_own(tmp_path):
    rows, rejected = read(
        tmp_path, "own.csv", "id,name,aliases,kind\n1,A Name,B; C,person\n2,,x,\n3,D,,robot\n"
    )
    assert [(row["entry"], row["aliases"], row["kind"]) for row in rows] == [
        ("1", ["B", "C"], "person"),
        ("3", [], "unknown"),
    ]
    assert rejected.total == 2


def test_what_is_no_list_is_refused(tmp_path):
    with pytest.raises(UnreadableInput):
        read(tmp_path, "list.pdf", b"%PDF-1.7")
    with pytest.raises(UnreadableInput):
        read_list(tmp_path / "none.xml", Rejected())


@given(st.sampled_from(["sdn.xml", "csl.json", "own.csv"]), st.integers(0, 900), st.binary(max_size=20))
@settings(max_examples=80)
def test_damage_raises_nothing_else(tmp_path_factory, name, at, damage):
    whole = {"sdn.xml": SDN, "csl.json": json.dumps(CSL), "own.csv": "id,name\n1,A\n" * 50}[name].encode()
    with suppress(UnreadableInput):
        read(tmp_path_factory.mktemp("list"), name, whole[:at] + damage + whole[at + 5 :])
