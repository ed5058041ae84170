import re

import pytest

from stillwatch.codescan.measure import judge, noise, peers
from stillwatch.codescan.measure.compose import compose
from stillwatch.codescan.measure.scoring import Hit
from stillwatch.codescan.measure.suite import Suite

CALLS = {
    r"os\.system\(|os\.popen\(|shell=True": 78,
    r"\beval\(|\bexec\(": 94,
    r"unsafe_load|pickle\.loads": 502,
}


def search(root):
    """A small analyser that is real: it looks for calls, and reports the file."""
    for path in sorted(root.rglob("*.py")):
        for pattern, cwe in CALLS.items():
            if re.search(pattern, path.read_text()):
                yield Hit(path.relative_to(root).as_posix(), cwe)


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return compose(tmp_path_factory.mktemp("composed"), 4, 6).suite


def scanner(root):
    return list(search(root))


def test_a_scanner_that_sees_calls_and_not_values_is_worth_little(suite):
    judged = judge.measure(suite, "search", scanner)
    assert judged.flagged
    assert judged.score.rates["codeinj"].recall == 1
    assert -0.1 < judged.score.macro < 0.25
    assert judged.seconds > 0


def test_one_that_knows_the_answers_is_worth_one(suite):
    def oracle(_root):
        return [Hit(f"testcode/{case.name}.py", case.cwe) for case in suite.cases if case.vulnerable]

    assert judge.measure(suite, "oracle", oracle).score.macro == 1


def test_a_drop_is_taken_on_the_cases_that_were_kept(suite):
    judged = judge.measure(suite, "search", scanner)
    kept = [case for case in suite.cases if case.category in {"codeinj", "cmdi"}]
    names = {case.name: case.name for case in kept}
    assert judge.drop(suite, judged, judged, kept, names) == 0
    blind = judge.measure(Suite(suite.root, kept), "blind", lambda _root: [])
    assert judge.drop(suite, judged, blind, kept, names) == pytest.approx(
        judge.measure(Suite(suite.root, kept), "search", scanner).score.macro
    )


def test_a_peer_that_is_missing_is_never_a_score(suite):
    peer = peers.Peer("absent", lambda _root, _setting: peers.Missing("absent is not installed"))
    assert judge.measure_peer(suite, peer, peers.Setting()) == peers.Missing("absent is not installed")


def test_nothing_scanned_is_nothing_to_measure():
    assert noise.per_100_000([]) is None
    assert noise.coverage([]) is None
