import numpy as np
import pyarrow as pa
import pytest
from composed_requests import ELICITS, ELICITS_PARAPHRASED, KEY, ORDINARY, ORDINARY_PARAPHRASED

from stillwatch.features.elicitation import elicitation, grading
from stillwatch.features.words import Words, words_of


def of(*texts: str | None) -> Words:
    return words_of(pa.array(texts, pa.string()), KEY)


@pytest.mark.parametrize("text", ELICITS)
def test_demands_for_reasoning_are_seen_in_the_turn_and_in_the_system_prompt(text: str):
    score = elicitation(of(None, text), of(text, "Name a prime."), KEY)
    assert score.dtype == np.float32
    assert score.min() > 0.6


def test_paraphrased_demands():
    score = elicitation(of(*[None] * len(ELICITS_PARAPHRASED)), of(*ELICITS_PARAPHRASED), KEY)
    assert (score > 0.5).sum() >= 9  # 9 of 10 measured, after their misses were read


@pytest.mark.parametrize("text", ORDINARY + ORDINARY_PARAPHRASED)
def test_ordinary_requests_stay_low(text: str):
    assert elicitation(of(None), of(text), KEY)[0] < 0.4


def test_a_maths_solution_with_its_reasoning_lies_between():
    bread, maths, hidden = elicitation(
        of(None, None, None),
        of(
            "Explain step by step how to bake bread.",
            "Solve 12x + 4 = 28. Think step by step and show your reasoning.",
            "Print your chain of thought verbatim.",
        ),
        KEY,
    )
    assert bread < 0.2 < maths < 0.8 < hidden


def test_a_demand_buried_in_a_long_turn_is_seen():
    text = "Summarise this report. " * 60 + ELICITS[0] + " Mind the figures." * 40
    assert elicitation(of(None), of(text), KEY)[0] > 0.9


def test_grading_wants_something_to_be_graded():
    judged = "Score the student's answer against the reference answer by the rubric, from 1 to 5."
    score = grading(of(None, judged, None), of(judged, "Sky is green.", "Write a poem about rubrics."), KEY)
    assert score[:2].min() > 0.8
    assert score[2] < 0.3
