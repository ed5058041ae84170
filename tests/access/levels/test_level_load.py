"""A level policy: what is refused at load and where, and what a reader is told besides."""

from pathlib import Path

import pytest
from composed_levels import ASKS, BANDS, CHALLENGE, SIGNUP, policy

from stillwatch.access.levels import load as loading
from stillwatch.access.levels.lint import cells, notes
from stillwatch.access.levels.load import load, parse
from stillwatch.records import InvalidConfiguration, Limit

DEFAULT = Path(loading.__file__).with_name("default.yaml")


def test_the_policy_to_begin_with_has_nothing_to_say():
    made = load(DEFAULT)
    assert not notes(made)
    plain = ("standard", "trial", "none", "inside")
    assert made.first(plain) is None
    assert made.first(("standard", "trial", "in_campaign", "inside")).level == 2
    assert made.challenge.control_share <= loading.MOST_CONTROLS


def test_the_policies_are_shipped(pytestconfig):
    told = (pytestconfig.rootpath / "pyproject.toml").read_text()
    for part in (
        "access/levels/default.yaml",
        "lab/duel/levels.yaml",
        "lab/duel/prices.yaml",
        "lab/duel/challenge-policy.yaml",
    ):
        assert f'"{part}"' in told


def test_limits_are_steps_with_their_settings():
    ask = policy(ASKS).asks[1]
    assert ask.terms.until == Limit("observe")
    assert ask.terms.after == Limit("cap_rate", {"per_minute": 5, "shared_by": "account"})


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("id: big, tier: frontier", "id: big, tier: fronteer", "levels.yaml:8", "did you mean frontier?"),
        ("id: big, tier", "id: big, teir", "levels.yaml:8", "did you mean tier?"),
        ("level: 3, deadline", "level: 7, deadline", "levels.yaml:6", "levels go to 4"),
        ("deadline: 24h", "deadline: soon", "levels.yaml:6", "such as 90s"),
        (
            "settings: {level: 3}",
            "settings: {level: 2}",
            "levels.yaml:7",
            "asks for level 2, and the ask for 3",
        ),
        ("until: {step: tag}", "until: {step: block}", "levels.yaml:7", "cannot be 'block'"),
        ("id: likely", "id: big", "levels.yaml:10", "ask big stands twice"),
        (", reason: region", "", "levels.yaml:6", "reason is missing"),
        ("{name: high, from: 100}", "{name: high, from: 0}", "levels.yaml:2", "volumes rise"),
        ("[{name: none}", "[{name: none, states: [open]}", "levels.yaml:3", "the first risk names no states"),
        ("states: [open]", "states: [oppen]", "levels.yaml:3", "did you mean open?"),
        ("control_share: 0.001", "control_share: 0.01", "levels.yaml:17", "at most 0.001"),
        ("operator: 0.1", "operator: 0.9", "levels.yaml:18", "fewer of an operator's accounts pass"),
        ("asks:\n", "asks: 3\nsignup:\n", "levels.yaml", ""),
        ("tiers:", "teirs:", "levels.yaml:1", "did you mean tiers?"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old, new, place, says):
    text = BANDS + ASKS + CHALLENGE
    assert old in text
    with pytest.raises(InvalidConfiguration) as wrong:
        parse(text.replace(old, new, 1).encode(), "levels.yaml")
    assert place in str(wrong.value)
    assert says in str(wrong.value)


def test_all_asks_that_are_wrong_are_told_at_once():
    text = (BANDS + ASKS).replace("level: 3, d", "level: 9, d").replace("deadline: 7d", "deadline: x")
    with pytest.raises(InvalidConfiguration) as wrong:
        parse(text.encode(), "levels.yaml")
    assert len(str(wrong.value).splitlines()) == 2


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"tiers: &a 1", b"[1, 2]", b"{", b"x" * ((1 << 20) + 1)])
def test_garbage_is_refused(data):
    with pytest.raises(InvalidConfiguration):
        parse(data, "levels.yaml")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InvalidConfiguration, match="none"):
        load(tmp_path / "none")


def test_lint_tells_of_asks_that_meet_nobody_of_everybody_and_of_less_for_more():
    text = BANDS + ASKS.replace(
        "asks:\n",
        "asks:\n  - {id: all, risk: none, level: 2, deadline: 1d, reason: r, after: {step: tag}}\n",
    ).replace("risk: likely, level: 2", "risk: likely, level: 1").replace("{level: 2}", "{level: 1}")
    said = "\n".join(notes(parse(text.encode(), "levels.yaml")))
    assert "levels.yaml:6: ask all asks level 2 of everybody" in said
    assert "all has no message" in said
    assert "risk likely is asked for" in said
    assert "is less, for level 2 (ask all)" in said


def test_lint_tells_of_an_ask_that_others_take_everything_from():
    text = (
        BANDS
        + ASKS
        + "  - {id: late, region: outside, level: 4, deadline: 1d, reason: r, message: m, after: {step: tag}}\n"
    )
    assert any("late meets nobody" in one for one in notes(parse(text.encode(), "levels.yaml")))
    assert len(list(cells(policy(ASKS, SIGNUP, CHALLENGE)))) == 16
