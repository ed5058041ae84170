"""Holdings and facts from files: what cannot be taken is counted with its row, and nothing crashes."""

import json
from contextlib import suppress
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.ownership import build, read_facts, read_holdings
from stillwatch.records import UnreadableInput

DAY = date(2026, 6, 1)
ROWS = [
    {"owner": "p", "owned": "a", "share": 0.25, "from": "2026-01-01", "until": None},
    {"owner": "q", "owned": "a", "share": 0.5, "from": None, "until": "2026-06-01"},
    {"owner": "r", "owned": "a", "share": 0.75, "from": None, "until": None},
]


def written(folder, form):
    path = folder / f"holdings.{form}"
    if form == "csv":
        lines = ["owner,owned,share,from,until"]
        lines += [",".join("" if value is None else str(value) for value in row.values()) for row in ROWS]
        path.write_text("\n".join(lines))
    elif form == "jsonl":
        path.write_text("\n".join(map(json.dumps, ROWS)))
    else:
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    return path


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_the_same_holdings_from_each_kind_of_file(tmp_path, form):
    found = read_holdings(written(tmp_path, form), DAY)
    assert found.table.to_pylist() == [
        {"owner": "p", "owned": "a", "share": 0.25},
        {"owner": "r", "owned": "a", "share": 0.75},
    ]
    assert (found.not_in_force, found.rejected.total) == (1, 0)


def test_what_cannot_be_taken_is_counted_with_its_line(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text(
        "owner,owned,share,from,until\n"
        "p,a,60 %,,\n"
        "p,b\n"
        "p,b,1.2,,\n"
        "p,c,abc,,\n"
        "p,d,nan,,\n"
        "p,e,-0.1,,\n"
        ",f,0.1,,\n"
        "p,g,,,\n"
        "p,h,0.1,2026-02-30,\n"
        "p,i,0.1,2026-02-02,2026-02-01\n"
    )
    found = read_holdings(path, DAY)
    assert found.table.to_pylist() == [{"owner": "p", "owned": "a", "share": 0.6}]
    assert {one.line: one.reason for one in found.rejected.examples} == {
        3: "not as many values as the heading has",
        4: "the share is above 1, the whole",
        5: "the share is no number",
        6: "the share is no number",
        7: "the share is not above zero",
        8: "no owner, or nothing owned",
        9: "no share",
        10: "from is no day such as 2026-01-31",
        11: "until is not after from",
    }


def test_lines_of_json_that_are_none_are_counted(tmp_path):
    path = tmp_path / "h.jsonl"
    path.write_text(
        '{"owner": "p", "owned": "a", "share": "25%"}\n{"owner": \n\n{"owner": "q", "owned": 7, "share": 0.5}\n'
    )
    found = read_holdings(path, DAY)
    assert found.table.to_pylist() == [
        {"owner": "p", "owned": "a", "share": 0.25},
        {"owner": "q", "owned": "7", "share": 0.5},
    ]
    assert [(one.line, one.reason) for one in found.rejected.examples] == [(2, "not a JSON object")]


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_garbage_is_refused_or_counted(tmp_path_factory, data):
    for form in ("csv", "jsonl", "parquet"):
        path = tmp_path_factory.mktemp("garbage") / f"h.{form}"
        path.write_bytes(data)
        with suppress(UnreadableInput):
            read_holdings(path, DAY)


def test_a_file_without_a_column_that_is_needed_is_refused(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("owner,share\np,1\n")
    with pytest.raises(UnreadableInput, match="no column owned"):
        read_holdings(path, DAY)
    with pytest.raises(UnreadableInput):
        read_holdings(tmp_path / "none.csv", DAY)


def test_facts_with_codes_that_no_country_has(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text("id,name,country\na,A,xa\nb,B,99\nc,C,Ruritania\na,A again,XB\nd,D,\n")
    found = read_facts(path)
    assert found.table["country"].to_pylist() == ["XA", None, None, None]
    assert found.rejected.counts == {
        "the id stands above already": 1,
        "no country has this code; taken as not known": 2,
    }


def test_trouble_in_holdings_is_said_with_its_entities(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text(
        "owner,owned,share\np,a,0.8\nq,a,0.7\np,b,0.2\np,b,0.2\np,c,0.2\np,c,0.3\nd,d,0.1\np,d,0.3\ne,e,1\n"
    )
    graph = build(read_holdings(path, DAY))
    assert {one.what.split(";")[0]: one.entities for one in graph.trouble} == {
        "shares add to more than the whole": ["a"],
        "a holding stands more than once": ["b"],
        "a holding stands more than once, with other shares": ["c"],
        "holds shares of itself": ["d"],
        "holds the whole of itself": ["e"],
    }
