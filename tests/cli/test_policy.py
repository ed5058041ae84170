"""`stillwatch policy` from a fresh file to a replay, with the exit codes of the contract."""

import json

import pytest

from stillwatch.cli import main
from stillwatch.lab.simulate import simulate
from stillwatch.lab.world import World
from stillwatch.runtime import detect

MARCH = 1_772_409_600_000_000  # 2026-03-02


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main(["policy", *map(str, arguments)])
    return left.value.code


@pytest.fixture
def default(tmp_path):
    path = tmp_path / "policy.yaml"
    assert run("init", path) == 0
    return path


def test_init_leaves_a_file_that_exists(default):
    default.write_text("mine")
    assert run("init", default) == 2
    assert default.read_text() == "mine"
    assert run("init", default.parent / "none" / "p.yaml") == 2


def test_the_default_lints_with_its_block_open_and_clean_once_filled_in(default, capsys):
    assert run("lint", default) == 1
    assert "rule block-confirmed is off and names no reviewers" in capsys.readouterr().out
    default.write_text(default.read_text().replace("reviewers: []", "reviewers: [ann, bo]"))
    assert run("lint", default) == 0
    assert capsys.readouterr().out == ""
    assert run("test", default) == 0


def test_a_mistake_has_exit_code_four_and_its_place(default, capsys):
    default.write_text(default.read_text().replace("verdict.accounts >= 20", "verdict.acounts >= 20"))
    for command in (["lint", default], ["test", default], ["diff", default, default]):
        assert run(*command) == 4
        said = " ".join(capsys.readouterr().err.split())
        assert "did you mean verdict.accounts?" in said


def test_an_example_that_fails_has_exit_code_four_and_its_line(default, capsys):
    text = default.read_text().replace("expect: {step: tag, shadow: verify-open}", "expect: {step: hold}")
    default.write_text(text)
    assert run("test", default) == 4
    assert run("lint", default) == 1
    line = 1 + text[: text.index("name: an unverified account")].count("\n")
    assert f"policy.yaml:{line}:5: an unverified account" in capsys.readouterr().out


def test_differences_in_words(default, capsys):
    new = default.parent / "new.yaml"
    new.write_text(
        default.read_text().replace("id: cap-open\n    mode: shadow", "id: cap-open\n    mode: enforce")
    )
    assert run("diff", default, default) == 0
    assert run("diff", default, new) == 1
    assert capsys.readouterr().out == "rule cap-open: enforced, was in shadow mode\n"


@pytest.fixture(scope="module")
def detected(tmp_path_factory):
    root = tmp_path_factory.mktemp("policy")
    world = World(seed=1, start=MARCH, days=8, scale=0.001)
    simulate(world, "feb_c", root / "log", progress=lambda _name, _accounts: None)
    detect([root / "log"], root / "out")
    return root


@pytest.mark.slow
def test_a_replay_of_the_default_harms_nobody(default, detected, capsys):
    arguments = ["replay", default, "--log", detected / "log", "--findings", detected / "out"]
    assert run(*arguments) == 0
    said = capsys.readouterr().out
    assert "Steps" in said
    assert "tag-suspected" in said
    assert run(*arguments, "--truth", detected / "log" / "truth", "--against", default, "--json") == 0
    done = json.loads(capsys.readouterr().out)
    assert done["steps"]["tag"]["innocent_accounts"] == 0
    assert done["steps"]["tag"]["accounts"] > 10
    assert done["changes"] == []


@pytest.mark.slow
def test_a_policy_that_refuses_everybody_is_found_by_a_replay(detected, tmp_path, capsys):
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "rules: [{id: all, mode: enforce, when: call.n_turns >= 0 || true, step: hold, settings: {seconds: 1}, "
        "reason: r, message: m}]"
    )
    assert run("replay", policy, "--log", detected / "log", "--findings", detected / "out") == 1
    assert "blocks everybody" in capsys.readouterr().err
