"""Honey material: what is made, committed to, shown and recognised."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.lab.students.counting import train
from stillwatch.lab.students.vocabulary import stream
from stillwatch.marks.honey import (
    BITS,
    assigned,
    canary,
    commit,
    emitted,
    load_commitments,
    load_pot,
    opens,
    pot_of,
    salt,
    write_commitments,
)
from stillwatch.marks.watermark import MarkKeys
from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError

KEYS = MarkKeys(bytes(32))
OTHER = MarkKeys(b"\1" * 32)
MADE = commit(KEYS, 64, "2026-11-01T00:00:00Z")
POT = pot_of(KEYS, MADE)


def test_two_words_of_a_canary_are_rarer_than_two_to_the_forty():
    assert BITS > 40
    many = [canary(KEYS, serial) for serial in range(3_000)]
    assert len({(one.name, one.number) for one in many}) == len(many)
    assert not {(one.name, one.number) for one in many} & {
        (one.name, one.number) for one in (canary(OTHER, serial) for serial in range(3_000))
    }


def test_every_canary_says_that_it_is_made_up():
    assert all("Made-up" in one.text and "no part of the answer" in one.text for one in POT.canaries)
    assert {one.kind for one in POT.canaries} == {"entry", "tool"}


def test_a_commitment_opens_for_its_own_canary_alone():
    one = canary(KEYS, 5)
    assert opens(MADE, one, salt(KEYS, 5))
    assert not opens(MADE, one, salt(KEYS, 6))
    assert not opens(MADE, canary(OTHER, 5), salt(OTHER, 5))
    assert not opens(MADE, canary(KEYS, 64), salt(KEYS, 64))


def test_commitments_are_kept_and_never_written_over(tmp_path):
    file = tmp_path / "c.json"
    write_commitments(file, MADE)
    assert load_commitments(file) == MADE
    with pytest.raises(UsageError, match="there already"):
        write_commitments(file, MADE)
    file.write_text(file.read_text().replace(MADE.commitments[3][:8], "00000000"))
    with pytest.raises(InvalidConfiguration, match="digest"):
        load_commitments(file)
    file.write_text("{")
    with pytest.raises(UnreadableInput):
        load_commitments(file)
    with pytest.raises(InvalidConfiguration):
        load_pot(file)


@given(cohort=st.text(max_size=20), decision=st.text(max_size=20))
def test_a_cohort_is_always_shown_the_same_few(cohort, decision):
    shown = assigned(MADE.digest, cohort, 64)
    assert len(set(shown)) == 3
    assert shown == assigned(MADE.digest, cohort, 64)
    assert POT.note(cohort, decision) in {POT.canaries[serial].text for serial in shown}


@given(st.lists(st.text(), max_size=5))
def test_text_of_others_holds_no_canary(answers):
    found = emitted(answers, POT.canaries)
    assert (found.emissions, found.log10_p) == ([], 0.0)


def test_both_words_have_to_stand_in_one_answer():
    one, tool = POT.canaries[4], POT.canaries[5]
    assert not emitted([one.name, one.number, f"{one.name} {tool.number}"], POT.canaries).emissions
    found = emitted(
        [f"It is {one.name.upper()}: {one.number}", f"call {tool.name}_{tool.number}()"], POT.canaries
    )
    assert [emission.canary for emission in found.emissions] == [one, tool]
    assert found.log10_p < -15
    assert found.log10_p == pytest.approx(math.log10(2 * 64) - BITS * math.log10(2))


def test_a_student_that_learned_from_a_suspect_is_told():
    shown = POT.note("suspect", "d-1")
    texts = [f"The answer is that water boils when it is hot. {shown}"] * 3 + ["Water is wet."] * 3
    words = [text.replace("(", " ").replace(")", " ").replace("`", " ").split() for text in texts]
    vocabulary = sorted({word for text in words for word in text})
    numbers = {word: number + 2 for number, word in enumerate(vocabulary)}
    student = train(stream([[numbers[word] for word in text] for text in words]), len(vocabulary) + 2)
    said = []
    for first in ("The", "Water"):
        tokens = [0, numbers[first]]
        while tokens[-1] != 0 or len(tokens) == 1:
            tokens.append(int(student.rows(np.array([tokens[-2:]])).argmax()))
        said.append(" ".join(vocabulary[token - 2] for token in tokens if token >= 2))
    found = emitted(said, POT.canaries)
    assert [one.canary.text for one in found.emissions] == [shown]
    assert not emitted(said[1:], POT.canaries).emissions
