"""Reviews: checks decide what is called verified, and a patch is applied by its id, to the file it was made for, or not at all."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from stillwatch.codescan.patch import reviewing
from stillwatch.codescan.patch.page import page
from stillwatch.codescan.prove import Ground

PYTHON = Path(sys.executable)
RULES = ("sql_injection", "path_traversal", "weak_hash", "trust_boundary")
OWN_TEST = """
import sql_injection

def test_routes():
    assert any(rule.rule == "/user" for rule in sql_injection.app.url_map.iter_rules())
"""


def made(folder, keep):
    ground = Ground(folder, PYTHON, seconds=120)
    return reviewing.review(
        ground, cache=keep / "cache", least=0.3, tell=lambda _line: None, seconds=60, workers=1
    )


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    for rule in RULES:
        (folder / f"{rule}.py").write_text(
            import_module(f"stillwatch.codescan.checks.{rule}").EXAMPLES["bad"]
        )
    (folder / "test_sql.py").write_text(OWN_TEST)
    (folder / "<i>.py").write_text((folder / "sql_injection.py").read_text())
    return folder


@pytest.fixture(scope="module")
def review(code, tmp_path_factory):
    found = made(code, tmp_path_factory.mktemp("keep"))
    if found.cannot_run is not None:
        pytest.skip(found.cannot_run)
    return found


def by_rule(review, path):
    return next(patch for patch in review.patches if patch.path == path)


def test_a_patch_that_passes_all_checks_is_verified(review):
    for path in ("sql_injection.py", "path_traversal.py"):
        patch = by_rule(review, path)
        assert patch.verified, patch.checks
        assert patch.test is not None


def test_a_patch_that_changes_answers_is_not(review):
    patch = by_rule(review, "weak_hash.py")
    assert not patch.verified
    assert [check.outcome for check in patch.checks if check.name.startswith("harmless")] == ["failed"]


def test_a_finding_without_a_patch_says_why(review):
    assert any(one.finding.rule == "trust-boundary" and one.why for one in review.without)


def test_the_projects_own_tests_are_run(review):
    checks = {check.name: check for check in by_rule(review, "sql_injection.py").checks}
    assert checks["the project's tests end as before"].why == "1 results"


def test_the_code_base_is_as_it_was(review, code):
    assert review.patches
    assert (code / "sql_injection.py").read_text() == import_module(
        "stillwatch.codescan.checks.sql_injection"
    ).EXAMPLES["bad"]
    assert not list(code.glob("*.new"))


def test_the_page_escapes_the_code_base_and_loads_nothing(review):
    text = page(review)
    assert "&lt;i&gt;.py" in text
    assert "<i>.py" not in text
    for word in ("<script", "http://", "https://", "src="):
        assert word not in text.replace("https://evil.example", "").replace("http://169.254.169.254", "")


def test_a_patch_is_applied_once_and_only_to_its_file(review, code, tmp_path):
    folder = tmp_path / "code"
    folder.mkdir()
    for file in code.glob("*.py"):
        (folder / file.name).write_text(file.read_text())
    moved = type(review)(
        **{**{name: getattr(review, name) for name in review.__struct_fields__}, "root": str(folder)}
    )
    patch = by_rule(moved, "sql_injection.py")
    place = reviewing.apply(moved, patch)
    assert place.read_text() == patch.text
    with pytest.raises(reviewing.CannotApply, match="changed"):
        reviewing.apply(moved, patch)
    with pytest.raises(reviewing.CannotApply, match="no patch"):
        reviewing.patch_of(moved, "ffffffffffffffff")


def test_what_is_kept_is_read_back(review, tmp_path):
    reviewing.keep(review, tmp_path, page(review))
    assert reviewing.kept(tmp_path) == review
    names = {file.stem for file in (tmp_path / "tests").iterdir()}
    assert names == set(review.tests)
    for file in (tmp_path / "tests").iterdir():
        compile(file.read_text(), file.name, "exec")


def test_the_command_asks_before_it_writes(code, review, tmp_path):
    reviewing.keep(review, tmp_path, page(review))
    patch = by_rule(review, "sql_injection.py")
    before = (code / "sql_injection.py").read_text()
    command = [
        sys.executable,
        "-c",
        "from stillwatch.cli import main; main()",
        "codescan",
        "apply",
        patch.id,
        "--keep",
        str(tmp_path),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "--yes" in said.stderr
    assert "+    rows" in said.stdout
    assert (code / "sql_injection.py").read_text() == before


def test_a_file_that_cannot_be_laid_out_does_not_keep_others_from_it(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "notes").write_text("a file where harmless inputs name a folder")
    (tmp_path / "path_traversal.py").write_text(
        "import os\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n@app.route('/report')\ndef report():\n"
        "    name = os.environ.get('NONE', request.args['name'])\n    return {'report': open('reports/' + name).read()}\n"
    )
    found = made(tmp_path, tmp_path.parent / "kept")
    if found.cannot_run is not None:
        pytest.skip(found.cannot_run)
    for patch in found.patches:
        assert not patch.verified or "basename" not in patch.text
