"""`stillwatch access owners` and `access names`, as a person types them."""

import csv
import json

import pyarrow.parquet as pq
import pytest

from stillwatch.cli import main

HOLDINGS = """\
owner,owned,share,from,until
p,a,0.6,,
o,a,0.4,,
a,b,0.6,,
o,b,0.4,,
p,c,0.5,,2026-01-01
o,c,0.5,,
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "h.csv").write_text(HOLDINGS)
    (tmp_path / "listed.txt").write_text("p\n")
    (tmp_path / "facts.csv").write_text("id,name,country\np,P,XA\no,O,XB\na,A,XB\nb,B,XB\nc,C,XB\n")

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["access", *arguments])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_owners_in_both_readings(run):
    code, out, said = run("owners", "h.csv", "--listed", "listed.txt", "--on", "2026-11-20")
    assert code == 1
    assert "p 60% > a 60% > b; the readings differ" in out
    assert "listed-half: of 5 entities 2 meet it by control, 1 are not known, the readings differ on 1" in out
    assert "rule not-served-majority is left out: it needs --not-served" in said


def test_dates_choose_rules_and_holdings(run):
    arguments = ("owners", "h.csv", "--listed", "listed.txt", "--format", "json", "--ask", "c")
    then = json.loads(run(*arguments, "--on", "2025-10-01")[1])
    assert [(one["rule"], one["answer"]) for one in then["rulings"]] == [
        ("listed-half", "met"),
        ("affiliates-half", "met"),
    ]
    code, out, said = run(*arguments, "--on", "2026-06-01")
    assert (code, [one["answer"] for one in json.loads(out)["rulings"]]) == (0, ["not known"])
    assert "rule affiliates-half does not hold on 2026-06-01" in said


def test_countries_are_the_operators(run):
    arguments = ("owners", "h.csv", "--entities", "facts.csv", "--on", "2026-11-20", "--format", "json")
    found = json.loads(run(*arguments, "--not-served", "xa")[1])
    assert [(one["entity"], one["rule"], one["answer"]) for one in found["rulings"]] == [
        ("a", "not-served-majority", "met"),
        ("b", "not-served-majority", "not met"),
    ]
    assert found["rulings"][1]["control"]["answer"] == "met"
    assert run(*arguments, "--not-served", "XB")[0] == 0, "they are such owners themselves"
    assert run(*arguments, "--not-served", "Q")[0] == 2


def test_all_outcomes_as_a_file(run, tmp_path):
    for name in ("o.parquet", "o.csv"):
        run("owners", "h.csv", "--listed", "listed.txt", "--on", "2026-06-01", "--out", name)
    rows = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert {row["entity"]: row["answer"] for row in rows}["b"] == "met"
    with (tmp_path / "o.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(rows) == 5


def test_what_cannot_be_done_is_said(run, tmp_path):
    assert run("owners", "h.csv")[0] == 2
    assert run("owners", "h.csv", "--listed", "listed.txt", "--on", "soon")[0] == 2
    assert run("owners", "h.csv", "--listed", "listed.txt", "--ask", "nobody")[0] == 2
    assert run("owners", "none.csv", "--listed", "listed.txt")[0] == 3
    assert run("owners", "h.csv", "--listed", "none.txt")[0] == 3
    (tmp_path / "r.yaml").write_text("version: 1\nrules: []\n")
    assert run("owners", "h.csv", "--listed", "listed.txt", "--rules", "r.yaml")[0] == 4
    (tmp_path / "h.csv").write_text(HOLDINGS + "p,z,2,,\n")
    code, _, said = run("owners", "h.csv", "--listed", "listed.txt")
    assert code == 3
    assert "h.csv: 1 row rejected: the share is above 1, the whole (line 8)" in said
    (tmp_path / "h.csv").write_text(HOLDINGS + "p,z,2,,\n" * 7)
    assert (
        "7 rows rejected: the share is above 1, the whole (lines 8, 9, 10, 11, 12 and 2 more)"
        in run("owners", "h.csv", "--listed", "listed.txt")[2]
    )


def test_listed_owners_one_a_line_are_no_csv(run, tmp_path):
    (tmp_path / "listed.csv").write_text("fund\np\n")
    code, _, said = run("owners", "h.csv", "--listed", "listed.csv")
    assert code == 3
    assert "no column id; it has fund: a table needs a column id; a .txt file has one id a line" in said


def test_names_of_customers(run, tmp_path):
    (tmp_path / "list.csv").write_text(
        'id,name,kind\nL1,"KVORNIN, Ostap",person\nL2,=Galvex Trading,organisation\n'
    )
    (tmp_path / "c.csv").write_text("id,name\n1,Остап Кворнин\n2,Galvex Trading Ltd\n3,Someone Else\n")
    code, out, _ = run("names", "list.csv", "c.csv", "--out", "o.csv")
    assert code == 1
    assert "Остап Кворнин" in out
    with (tmp_path / "o.csv").open() as file:
        rows = {row["customer"]: row for row in csv.DictReader(file)}
    assert rows["1"]["entry"] == "L1"
    assert rows["2"]["listed"] == "'=Galvex Trading"
    assert set(rows) == {"1", "2"}
    found = json.loads(
        run("names", "list.csv", "list.csv", "c.csv", "--format", "json", "--likely", "0.9")[1]
    )
    assert {one["customer"] for one in found} == {"1", "2"}


def test_names_that_cannot_be_screened(run, tmp_path):
    (tmp_path / "list.csv").write_text("id,name\nL1,Ostap Kvornin\n")
    (tmp_path / "c.csv").write_text("id,name\n1,Other Person\n2,\n")
    assert run("names", "c.csv")[0] == 2
    assert run("names", "none.csv", "c.csv")[0] == 3
    code, _, said = run("names", "list.csv", "c.csv")
    assert code == 3
    assert "c.csv: 1 rejected: no id, or no name" in said
    (tmp_path / "c.csv").write_text("id,name\n1,Other Person\n")
    assert run("names", "list.csv", "c.csv")[0] == 0
