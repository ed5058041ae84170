"""Attacks on marks: each does to a harvest what it says, and the bench finds them all."""

import numpy as np
import pytest

from stillwatch.lab.attacking import rewriting
from stillwatch.lab.attacking.catalogue import catalogue
from stillwatch.lab.attacking.harvest import Harvest, IdAttack, TextAttack
from stillwatch.lab.attacking.thief import neutralised
from stillwatch.lab.attacks import paraphrase, paraphrase_by_model, retokenising
from stillwatch.lab.benches import attacks as bench
from stillwatch.lab.students import corpus, small_model
from stillwatch.lab.students.sampling import Mark
from stillwatch.lab.students.school import open_school
from stillwatch.lab.students.vocabulary import END
from stillwatch.marks.watermark import MarkKeys, Scheme, marker_keys, words

KEYS = MarkKeys(bytes(32))
SCHEME = Scheme(identity_share=0.0, delta=2.0)


@pytest.fixture(scope="module")
def school():
    files = [path for path in corpus.modules(()) if path.parent.name in {"json", "logging", "asyncio"}]
    return open_school(files, size=200, order=2)


@pytest.fixture
def harvest(school):
    rng = np.random.default_rng(1)
    marked, _ = school.marked(30_000, rng, Mark(marker_keys(KEYS, None), SCHEME))
    return Harvest(school, marked, school.unmarked(30_000, rng), 1, rng)


def green_share(tokens):
    made = words(KEYS.overall(), tokens[:-1, None], 200)
    return float((made[np.arange(len(tokens) - 1), tokens[1:]] < 2**31).mean())


def test_every_file_of_the_folder_is_an_attack():
    found = catalogue()
    assert all(isinstance(one, TextAttack | IdAttack) for one in found)
    assert len({one.name for one in found}) == len(found) >= 8


def test_all_text_attacks_run_at_every_strength_and_leave_the_harvest_alone(harvest, monkeypatch):
    monkeypatch.setattr(paraphrase_by_model, "ANSWERS", 4)
    before = harvest.marked.copy()
    for attack in catalogue():
        if isinstance(attack, TextAttack) and attack.absent() is None:
            for strength in attack.strengths:
                left = attack.run(harvest, strength)
                assert (left.student is None) == (left.answers is not None)
                assert 0 <= left.changed <= len(before)
    assert np.array_equal(harvest.marked, before)


def test_a_stolen_mark_is_undone_in_part(harvest):
    left = neutralised(harvest, 1.0)
    before, after = green_share(harvest.marked), green_share(left.tokens)
    assert before > 0.7
    assert after < before - 0.08
    assert 0 < int((left.tokens != harvest.marked).sum()) <= left.changed
    assert (left.tokens[harvest.marked == END] == END).all()


def test_merged_pairs_come_apart_again():
    tokens = np.array([5, 3, 4, 3, 4, 4, 3, 4, END, 2])
    pairs = np.array([3 * 10 + 4, 4 * 10 + 4])
    merged, number = retokenising.joined(tokens, pairs, 10)
    assert number == 3
    assert len(merged) == len(tokens) - 3
    assert retokenising.apart(merged, pairs, 10).tolist() == tokens.tolist()


def test_a_paraphrase_moves_no_end_and_counts_what_it_changed(harvest):
    left = paraphrase.run(harvest, 1.0)
    assert 0 < left.changed < len(harvest.marked)
    tokens, moved = paraphrase.sides_exchanged(
        np.array([7, 3, 8, END, 9, 3, END]), [3], 1.0, np.random.default_rng(1)
    )
    assert tokens.tolist() == [8, 3, 7, END, 9, 3, END]
    assert moved.tolist() == [True, False, True, False, False, False, False]


def test_a_rewriting_is_judged_by_the_words_it_kept():
    before = ["the cat sat on the old mat today", "rain fell over the green hills"]
    after = ["the cat sat on the old mat today", "it was wet"]
    found = rewriting.judged(before, [small_model.Written(text, 9, 5) for text in after], 3.0)
    assert (found.calls, found.read, found.drawn, found.seconds) == (2, 18, 10, 3.0)
    assert found.kept == 5 / 9  # cat, sat, old, mat, today of nine
    assert found.by_chance == 0.0
    assert found.copied == 1.0
    assert found.length == 11 / 14


def test_answers_become_text_without_what_the_vocabulary_lacks(school):
    words = school.vocabulary.words
    tokens = np.array([2, END, *range(2, 12), 1, 12, END, *range(20, 30)])
    assert paraphrase_by_model.texts(tokens, school.vocabulary, 5) == [
        " ".join(words[2:13]),
        " ".join(words[20:30]),
    ]
    assert len(paraphrase_by_model.texts(tokens, school.vocabulary, 1)) == 1


def test_an_attack_that_cannot_be_carried_out_is_left_out_with_the_reason():
    told = []
    attacks = [
        TextAttack("one", "", (1.0,), paraphrase.run, lambda: "no such package"),
        TextAttack("other", "", (1.0,), paraphrase.run),
    ]
    found, left_out = bench.at_hand(attacks, told.append)
    assert [one.name for one in found] == ["other"]
    assert left_out == {"one": "no such package"}
    assert told == ["left out: one: no such package"]


def test_the_bench_has_a_row_for_each_attack_on_each_mark(school, monkeypatch):
    monkeypatch.setattr(bench, "open_school", lambda *_, **__: school)
    monkeypatch.setattr(bench, "quick_files", list)
    monkeypatch.setattr(bench, "QUICK_HAUL", 20_000)
    monkeypatch.setattr(bench, "HELD_OUT", 5_000)
    monkeypatch.setattr(
        bench, "MARKS", {name: bench.MARKS[name] for name in ("green, delta 1", "cohort's, delta 1")}
    )
    monkeypatch.setattr(paraphrase_by_model, "ANSWERS", 4)
    monkeypatch.setattr(bench, "_linked", lambda _seed, _found: {"left as they are": 1.0})
    report = bench.measure([1], lambda _: None, quick=True)
    assert report.holds
    rows = report.figures["attacks"]
    none, mixed = (rows[name]["green, delta 1"]["log10_p_by_seed"][0] for name in ("none", "mixing: 0.2"))
    assert none < -20
    assert none < mixed
    assert rows["mixing: 0.2"]["green, delta 1"]["other_tokens"] == 16_000
    assert all(set(by_mark) == set(bench.MARKS) for by_mark in rows.values())
