import contextlib
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from stillwatch.codescan import dependencies
from stillwatch.codescan.dependencies import manifests, osv


def advisory(name="Flask_Thing", **changes):
    return {
        "id": "GHSA-0000-0000-0001",
        "aliases": ["CVE-2099-0001"],
        "summary": "It breaks",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.0"}, {"fixed": "1.4.2"}, {"introduced": "2.0"}, {"fixed": "2.1"}]}],
            }
        ],
        "database_specific": {"cwe_ids": ["CWE-79"]},
        **changes,
    }  # fmt: skip


@pytest.fixture
def known(tmp_path):
    place = tmp_path / "osv.json"
    place.write_text(json.dumps(advisory()))
    return dependencies.read(place)


def found(tmp_path, known, files, skipped=None):
    root = tmp_path / "code"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return dependencies.findings(root, known, skipped=skipped)


LOCKS = {
    "requirements.txt": "requests==2.0\nflask-thing[x]==1.3 \\\n    --hash=sha256:abc  # why\n",
    "requirements/base.in": "-r other.txt\nflask.thing == 1.3 ; python_version > '3'\n",
    "requirements-dev.txt": "flask_thing===1.3\n",
    "poetry.lock": '[[package]]\nname = "flask-thing"\nversion = "1.3"\n',
    "uv.lock": '[[package]]\nname = "flask-thing"\nversion = "1.3"\nsource = { registry = "https://pypi.org" }\n',
    "pylock.toml": '[[packages]]\nname = "flask-thing"\nversion = "1.3"\n',
    "pylock.dev.toml": '[[packages]]\nname = "flask-thing"\nversion = "1.3"\n',
    "Pipfile.lock": '{"default": {"flask-thing": {"version": "==1.3"}}}',
    "pyproject.toml": '[project]\ndependencies = ["flask-thing==1.3"]\n',
}
RANGES = [
    '[project]\ndependencies = ["flask-thing<1.4,>=1.0"]\n',
    '[project.optional-dependencies]\nx = ["flask-thing~=1.3.0"]\n',
    '[dependency-groups]\ndev = ["flask-thing>=1.0,<1.4", {include-group = "x"}]\nx = []\n',
    '[tool.poetry.dependencies]\npython = "^3.11"\nflask-thing = "~1.3"\n',
    '[tool.poetry.group.dev.dependencies]\nflask-thing = { version = "1.3", extras = ["x"] }\n',
]


@pytest.mark.parametrize("name", LOCKS)
def test_a_pinned_version_is_asked_about(tmp_path, known, name):
    (one,) = found(tmp_path, known, {name: LOCKS[name]})
    assert (one.rule, one.cwe, one.location.path) == ("vulnerable-dependency", 79, name)
    assert one.why == ("advisory GHSA-0000-0000-0001, CVE-2099-0001", "fixed in 1.4.2")
    assert "1.3" in LOCKS[name].split("\n")[one.location.line - 1] or "flask" in one.code
    assert found(tmp_path, known, {name: LOCKS[name].replace("1.3", "1.4.2")}) == []


@pytest.mark.parametrize("text", RANGES)
def test_a_range_without_a_fixed_version_is_reported(tmp_path, known, text):
    (one,) = found(tmp_path, known, {"pyproject.toml": text})
    assert one.confidence < 0.95


@pytest.mark.parametrize("allowed", [">=1.0", ">=1.3,<2", "^1.0", "", "<1.0", "*", "!=1.3"])
def test_a_range_that_allows_a_version_without_it_is_not(tmp_path, known, allowed):
    text = f'[tool.poetry.dependencies]\nflask-thing = "{allowed}"\n'
    assert found(tmp_path, known, {"pyproject.toml": text}) == []


def test_a_lock_file_says_what_a_range_means(tmp_path, known):
    files = {
        "pyproject.toml": RANGES[0],
        "uv.lock": '[[package]]\nname = "flask-thing"\nversion = "1.4.2"\n',
        "other/pyproject.toml": RANGES[0],
    }
    assert [one.location.path for one in found(tmp_path, known, files)] == ["other/pyproject.toml"]


def test_what_cannot_be_read_is_said(tmp_path, known):
    skipped = []
    files = {
        "requirements.txt": "flask-thing==1.3\n>>> what\n",
        "uv.lock": "][",
        "Pipfile.lock": "{",
        "sub/pyproject.toml": "[project]\ndependencies = [3, 'flask-thing==1.3', '??']\n",
    }
    assert len(found(tmp_path, known, files, skipped)) == 2
    assert {(one.path, one.line) for one in skipped} == {
        ("requirements.txt", 2), ("uv.lock", None), ("Pipfile.lock", None), ("sub/pyproject.toml", 2)
    }  # fmt: skip


def test_advisories_come_as_files_folders_and_archives(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a.json").write_text(json.dumps(advisory()))
    (tmp_path / "d/b.json").write_text(json.dumps(advisory(withdrawn="2026-01-01T00:00:00Z")))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("PyPI/c.json", json.dumps(advisory("other")))
    assert len(dependencies.read(tmp_path / "d")) == 1
    assert len(dependencies.read(tmp_path / "all.zip")) == 1
    assert len(dependencies.read(tmp_path / "d/a.json")) == 1


@pytest.mark.parametrize(
    "text", ["", "[1]", "{}", '{"id": "x", "affected": [{"package": 3}]}', '{"id": "x", "affected": 7}']
)
def test_data_that_is_not_advisories_is_named(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(osv.UnreadableAdvisories, match=r"x\.json"):
        dependencies.read(tmp_path / "x.json")


def test_versions_in_a_list_and_a_last_one_count(tmp_path):
    entry = advisory(affected=[{
        "package": {"ecosystem": "PyPI", "name": "x"}, "versions": ["1.0rc1"],
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"last_affected": "0.9"}]},
                   {"type": "GIT", "events": [{"introduced": "abc"}]}],
    }])  # fmt: skip
    (tmp_path / "x.json").write_text(json.dumps(entry))
    (one,) = dependencies.read(tmp_path / "x.json").of("X")
    concerned = [text for text in ("0.1", "0.9", "0.9.1", "1.0RC1", "1.0") if one.concerns(Version(text))]
    assert concerned == ["0.1", "0.9", "1.0RC1"]


@given(st.text(max_size=300), st.sampled_from(sorted(LOCKS)))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text, name):
    read = manifests.reader(name)
    with contextlib.suppress(manifests.UnreadableManifest):
        read(text)
