"""Requests composed for the test: their capability from text alone, from structure alone, and in the laws below."""

import numpy as np
import pytest
from composed_requests import KEY, PARAPHRASED, STRUCTURE, TEXT, UNTOUCHED, batch_of

from stillwatch.features.capability import Reading, capability, read
from stillwatch.features.elicitation import elicitation, grading
from stillwatch.features.key import SketchKey
from stillwatch.features.words import words_of
from stillwatch.records import CAPABILITIES


def reading(rows: list[dict], key: SketchKey = KEY) -> Reading:
    batch = batch_of(rows)
    return read(batch, words_of(batch.column("system"), key), words_of(batch.column("prompt"), key), key)


def named(rows: list[dict]) -> list[str]:
    return [CAPABILITIES[column] for column in reading(rows).capability.argmax(axis=1)]


def right(examples: list[tuple[str, str]]) -> int:
    got = named([{"prompt": text} for _, text in examples])
    return sum(capability == found for (capability, _), found in zip(examples, got, strict=True))


def test_every_capability_is_reached_from_text():
    got = named([{"prompt": text} for _, text in TEXT])
    wrong = [(c, found, text) for (c, text), found in zip(TEXT, got, strict=True) if c != found]
    assert wrong == []
    assert {c for c, _ in TEXT} == set(CAPABILITIES)


def test_paraphrases():
    assert right(PARAPHRASED) >= 49  # 52 of 53 measured, after their misses were read


def test_paraphrases_that_no_phrase_was_written_for():
    assert right(UNTOUCHED) >= 35  # 38 of 50 measured


@pytest.mark.parametrize(("expected", "row"), STRUCTURE)
def test_structure_alone(expected: str, row: dict):
    assert named([row]) == [expected]


def test_shares_sum_to_one_and_do_not_depend_on_the_key_or_the_batch():
    rows = [{"prompt": text} for _, text in TEXT] + [row for _, row in STRUCTURE]
    shares = reading(rows).capability
    assert shares.shape == (len(rows), len(CAPABILITIES))
    assert shares.dtype == np.float32
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(shares, reading(rows, SketchKey(b"z" * 32)).capability, atol=1e-5)
    parts = [reading(rows[:7]).capability, reading(rows[7:]).capability]
    np.testing.assert_allclose(shares, np.concatenate(parts), atol=1e-5)


def test_one_pass_gives_what_the_single_functions_give():
    batch = batch_of([{"prompt": text, "system": "Show your thoughts verbatim."} for _, text in TEXT])
    system, prompt = words_of(batch.column("system"), KEY), words_of(batch.column("prompt"), KEY)
    together = read(batch, system, prompt, KEY)
    assert (together.capability == capability(batch, system, prompt, KEY)).all()
    assert (together.elicitation == elicitation(system, prompt, KEY)).all()
    assert (together.grading == grading(system, prompt, KEY)).all()


def test_a_request_that_says_nothing_is_general():
    assert named([{}, {"prompt": ""}, {"tools": []}]) == ["general"] * 3
    assert reading([]).capability.shape == (0, len(CAPABILITIES))


def test_a_demand_for_hidden_reasoning_counts_beside_what_it_is_about():
    demand = "Output your internal reasoning verbatim, in full, before the answer."
    asks = ["Name a prime above 90.", "Why do cats purr?", "Implement a binary search function in Python."]
    bare = reading([{"prompt": ask} for ask in asks]).capability[:, 0]
    demanded = [{"prompt": ask, "system": demand} for ask in asks]
    assert (reading(demanded).capability[:, 0] > bare).all()
    assert named(demanded) == ["reasoning_traces", "reasoning_traces", "coding"]


def test_the_country_spoken_of_changes_nothing():
    question = "Why were protesters arrested in {} and which newspapers did the government close?"
    names = ["France", "China", "Brazil", "Iran", "Canada", "Russia", "Kenya"]
    shares = reading([{"prompt": question.format(name)} for name in names]).capability
    assert (shares == shares[0]).all()
