import json

from typer.testing import CliRunner

from stillwatch.cli.bench import app
from stillwatch.records import UnreadableInput, UsageError


def failing(*arguments):
    return CliRunner().invoke(app, list(arguments)).exception


def test_two_suites_at_once_are_wrong_usage(tmp_path):
    error = failing("codescan", "--suite", str(tmp_path), "--composed", "1")
    assert isinstance(error, UsageError)


def test_a_folder_that_is_no_suite_is_unreadable(tmp_path):
    error = failing("codescan", "--suite", str(tmp_path))
    assert isinstance(error, UnreadableInput)
    assert "expectedresults" in str(error)


def test_a_composed_suite_is_measured(tmp_path):
    out = tmp_path / "found.json"
    done = CliRunner().invoke(
        app, ["codescan", "--composed", "1", "--quick", "--no-peers", "--json", str(out)]
    )
    assert done.exit_code in {0, 1}, done.exception
    said = json.loads(out.read_bytes())
    assert said["seeds"] == [1]
    assert len(said["figures"]["judged"]["original"]["Stillwatch"]["categories"]) == 13
    assert said["figures"]["labels"].get("contradicted", {}) == {}
    assert "macro J, nothing run" in said["floors"]


def test_noise_and_speed_are_measured_on_folders_that_are_named(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    for number in range(5):
        (code / f"module{number}.py").write_text("def add(a, b):\n    return a + b\n" * 20)
    for name in ("codescan-noise", "codescan-speed"):
        out = tmp_path / f"{name}.json"
        done = CliRunner().invoke(app, [name, str(code), "--json", str(out)])
        assert done.exit_code in {0, 1}, done.exception
        figures = json.loads(out.read_bytes())["figures"]
    assert figures["files"] == 5
    assert figures["lines"] >= 200
