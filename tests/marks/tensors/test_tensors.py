"""Marks on tensors: the bits of the vectors and of NumPy, and the same logits and scores, on every device there is."""

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.marks.keys import as_words
from stillwatch.marks.watermark import MarkKeys, Scheme, mark_gumbel, marker_keys, prf, threefry
from stillwatch.marks.watermark import mark_green as mark_green_numpy

torch = pytest.importorskip("torch", reason="torch is not installed (extra lab)")
tensors = pytest.importorskip("stillwatch.marks.tensors")

VECTORS = json.loads((files("stillwatch.marks.watermark") / "vectors.json").read_text())
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
KEYS = MarkKeys(bytes(range(32)))


def word(text):
    return int(text, 16)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("case", VECTORS["threefry4x32_20"])
def test_the_cipher_gives_the_published_answers(case, device):
    key, block = (torch.tensor([word(one) for one in case[name]], device=device) for name in ("key", "block"))
    assert tensors.encrypt(key, block).tolist() == [word(one) for one in case["gives"]]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("case", VECTORS["words"])
def test_words_are_those_of_the_vectors(case, device):
    key = tensors.as_tensor(as_words(bytes.fromhex(case["key"])), device)
    context = torch.tensor([case["context"]], device=device)
    tokens = torch.tensor(case["tokens"], device=device)
    blocks = tensors.digests(key, context).repeat(len(tokens), 1)
    blocks[:, 0] ^= tokens // 4
    found = tensors.encrypt(key, blocks).gather(1, (tokens % 4)[:, None])[:, 0]
    assert [f"{one:08x}" for one in found.tolist()] == case["gives"]
    low = [
        (token, gives) for token, gives in zip(case["tokens"], case["gives"], strict=True) if token < 2**16
    ]
    made = tensors.words(key, context, 2**16)[0]
    assert [f"{made[token].item():08x}" for token, _ in low] == [gives for _, gives in low]


@settings(max_examples=25, deadline=None)
@given(
    keys=st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=5),
    window=st.integers(1, 5),
    size=st.integers(1, 40),
    seed=st.integers(0, 999),
)
def test_every_word_is_that_of_numpy(keys, window, size, seed):
    own = np.stack([as_words(key) for key in keys])
    contexts = np.random.default_rng(seed).integers(0, 2**32, (len(keys), window))
    one, other = tensors.as_tensor(own), torch.from_numpy(contexts)
    assert (tensors.words(one, other, size).numpy() == prf.words(own, contexts, size)).all()
    assert (tensors.words(one[0], other, size).numpy() == prf.words(own[0], contexts, size)).all()
    assert (tensors.digests(one, other).numpy() == prf.digests(own, contexts)).all()
    blocks = np.random.default_rng(seed).integers(0, 2**32, (len(keys), 4), np.uint32)
    assert (tensors.encrypt(one, tensors.as_tensor(blocks)).numpy() == threefry.encrypt(own, blocks)).all()
    made = prf.words(own, contexts, size)
    assert (tensors.uniforms(tensors.as_tensor(made)).numpy() == prf.uniforms(made)).all()


def test_nothing_that_is_given_is_changed():
    key, context = tensors.as_tensor(KEYS.overall()), torch.arange(6).reshape(3, 2)
    before = key.clone(), context.clone()
    tensors.words(key, context, 9)
    assert (key == before[0]).all()
    assert (context == before[1]).all()
    with pytest.raises(ValueError, match="four words"):
        tensors.encrypt(torch.zeros(3, dtype=torch.int64), torch.zeros(3, dtype=torch.int64))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("identity_share", [0.0, 0.5, 1.0])
def test_logits_and_scores_are_those_of_numpy_row_by_row(identity_share, device):
    rng = np.random.default_rng(3)
    scheme = Scheme(gamma=0.25, delta=1.5, window=2, identity_share=identity_share)
    logits, contexts = rng.normal(size=(60, 101)).astype(np.float32), rng.integers(0, 101, (60, 2))
    logits[5, 3] = 50.0  # all but fixed
    logits[:, 7] = -np.inf  # forbidden by a grammar
    cohorts = [[None, "a", "b"][row % 3] for row in range(60)]
    own = [marker_keys(KEYS, cohort) for cohort in cohorts]
    keys = tensors.RowKeys.joined(own, device)
    found = tensors.mark_green(
        torch.from_numpy(logits).to(device), torch.from_numpy(contexts).to(device), keys, scheme
    )
    assert found.dtype == torch.float32
    for row, one in enumerate(own):
        expected = mark_green_numpy(logits[row : row + 1], contexts[row : row + 1], one, scheme)
        assert (found[row].cpu().numpy() == expected[0]).all()
    assert (found[5].cpu().numpy() == logits[5]).all()
    chance, fresh = rng.integers(0, 2**32, logits.shape, np.uint32), np.arange(60) % 4 > 0
    scores = tensors.mark_gumbel(
        torch.from_numpy(logits).to(device),
        torch.from_numpy(contexts).to(device),
        keys,
        scheme,
        tensors.as_tensor(chance, device),
        torch.from_numpy(fresh).to(device),
    )
    for row, one in enumerate(own):
        part = slice(row, row + 1)
        expected = mark_gumbel(logits[part], contexts[part], one, scheme, chance[part], fresh[part])
        assert scores[row].argmax().item() == expected[0].argmax()
        np.testing.assert_allclose(scores[row].cpu().numpy(), expected[0], rtol=1e-9)


def test_rows_with_too_short_a_context_are_left_as_they_are():
    logits, contexts = torch.randn((4, 50)), torch.arange(4)[:, None]
    keys = tensors.RowKeys.joined([marker_keys(KEYS, "a")] * 4)
    whole = torch.tensor([True, False, True, False])
    found = tensors.mark_green(logits, contexts, keys, Scheme(), whole)
    assert ((found != logits).any(dim=1) == whole).all()
