"""`stillwatch brief`, as a person types it."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from brief_outline import Outline

from stillwatch.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("STILLWATCH_STORE", "STILLWATCH_TENANT", "STILLWATCH_AUDIT_KEY"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_a_brief_is_written_and_its_figures_recompute(run, out, tmp_path):
    assert run("brief", out, "--audience", "partner", "--out", "b.html")[0] == 0
    figures = Outline((tmp_path / "b.html").read_text(encoding="utf-8")).figures
    for attributes, _ in figures[:: len(figures) // 3]:
        code, said, _ = run("brief", out, "--audience", "partner", "--recompute", attributes["data-query"])
        assert code == 0
        assert json.loads(said)["value"] == float(attributes["value"])
    assert not list(tmp_path.glob("*.part"))


def test_a_case_brings_what_was_done(run, out, tmp_path):
    pytest.importorskip("sqlalchemy")
    code, said, _ = run("cases", "import", out, "--format", "json")
    assert code == 0
    case = json.loads(said)["opened"][0]
    assert run("cases", "confirm", case, "--reason", "Seekrit reason", "--as", "Jo Seekrit")[0] == 0
    code, _, told = run("brief", out, "--audience", "authority", "--case", case, "--out", "c.html")
    assert code == 0, told
    page = Outline((tmp_path / "c.html").read_text(encoding="utf-8")).all_text()
    assert "confirmed by a person" in page
    assert "Seekrit" not in page
    assert "1 campaign of accounts" in page


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--audience", "press", "--out", "b.html"], 2, "none of public, partner, authority"),
        (["--audience", "public"], 2, "either --out"),
        (["--audience", "public", "--out", "b.docx"], 2, ".html or .pdf"),
        (["--audience", "public", "--out", "no/such/folder.html"], 2, "cannot be written"),
        (["--audience", "public", "--recompute", "nothing"], 2, "no figure"),
        (["--audience", "public", "--out", "b.html", "--statement", "s.toml"], 4, "s.toml"),
    ],
)
def test_what_cannot_be_done_is_said(run, out, arguments, code, said):
    found, _, told = run("brief", out, *arguments)
    assert found == code
    assert said in told.replace("\n", " ")


@pytest.mark.parametrize("name", ["campaigns.json", "members.parquet", "flags.parquet", "alarms.jsonl"])
def test_a_file_that_is_missing_or_cut_is_named(run, out, name):
    whole = (out / name).read_bytes()
    (out / name).unlink()
    found, _, told = run("brief", out, "--audience", "public", "--out", "b.html")
    assert (found, name in told) == (3, True)
    if name != "alarms.jsonl":
        (out / name).write_bytes(whole[: len(whole) // 2])
        assert run("brief", out, "--audience", "public", "--out", "b.html")[0] == 3
    assert not Path("b.html").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("tokens_out", 10**400), ("exchanges", -1), ("fdr", float("nan")), ("last_seen", 9 * 10**18)],
)
def test_figures_that_cannot_be_are_refused(run, out, field, value):
    document = json.loads((out / "campaigns.json").read_bytes())
    document["campaigns"][1][field] = value
    (out / "campaigns.json").write_text(json.dumps(document))
    found, _, told = run("brief", out, "--audience", "public", "--out", "b.html")
    assert (found, f"{field} cannot be" in told) == (3, True)


def test_tables_of_another_form_are_refused(run, out):
    pq.write_table(pa.table({"campaign_id": [1], "probability": ["x"]}), out / "members.parquet")
    found, _, told = run("brief", out, "--audience", "public", "--out", "b.html")
    assert (found, "members.parquet" in told) == (3, True)
    pq.write_table(pa.table({"other": [1]}), out / "flags.parquet")
    assert run("brief", out, "--audience", "public", "--out", "b.html")[0] == 3


def test_without_weasyprint_the_extra_is_named(run, out, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    found, _, told = run("brief", out, "--audience", "public", "--out", "b.pdf")
    assert found == 4
    assert "stillwatch[brief]" in told
