"""Every check, and every model of a framework, on the examples it brings: both are found by walking their folders."""

import re

import cvss
import pytest
from scanning import places, scanned

from stillwatch.codescan import checks, models
from stillwatch.codescan.checks import catalogue as rules
from stillwatch.codescan.engine.taints import EVERYTHING, SIGNED
from stillwatch.codescan.models import catalogue as frameworks

LIKELY = 0.5
SURE = 0.8
CHECKS = checks.examples()
BAD = [(model.name, text) for model in models.catalogue() for text in model.examples.get("bad", ())]
GOOD = [(model.name, text) for model in models.catalogue() for text in model.examples.get("good", ())]


@pytest.mark.parametrize("rule", CHECKS, ids=str)
def test_a_check_finds_its_bad_example_alone(rule):
    assert set(CHECKS[rule]) == {"bad", "good", "fixed"}
    found = {
        kind: {one for one, _ in places({"app.py": text}, LIKELY)} for kind, text in CHECKS[rule].items()
    }
    assert rule in found["bad"]
    assert rule not in found["good"]
    assert rule not in found["fixed"]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_check_is_rated(rule):
    assert 0 < cvss.CVSS4(rule.cvss).base_score <= 10
    assert rule.cwe > 0
    assert rule.advice.endswith(".")


@pytest.mark.parametrize(("name", "text"), BAD, ids=[name for name, _ in BAD])
def test_a_bad_example_of_a_model_is_found_where_it_says_so(name, text):
    del name
    lines = text.split("\n")
    said = {
        (found[1], number)
        for number, line in enumerate(lines, 1)
        if (found := re.search(r"# ([a-z-]+)$", line)) is not None
    }
    assert said
    assert places({"app.py": text}, LIKELY) == said


@pytest.mark.parametrize(("name", "text"), GOOD, ids=[name for name, _ in GOOD])
def test_a_good_example_of_a_model_is_left_alone(name, text):
    del name
    assert places({"app.py": text}, LIKELY) == set()


def test_models_speak_of_rules_there_are():
    known = {rule.id for rule in rules()} | {EVERYTHING, SIGNED}
    for model in frameworks():
        assert {sink.rule for sink in model.sinks} <= known, model.name
        for names in (*model.cleans.values(), *model.validates.values()):
            assert set(names) <= known, model.name


def test_what_is_a_pattern_without_others_data_is_not_sure():
    """Nothing without a flow of data interrupts somebody, cookies that are switched to plain HTTP aside."""
    for rule, kinds in CHECKS.items():
        if rule != "insecure-cookie":
            sure = [one for one in scanned({"app.py": kinds["bad"]}) if one.confidence >= SURE]
            assert all(one.trace for one in sure), rule
