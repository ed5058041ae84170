"""Students: what counting learns, what is sampled of it, and files that are not what they claim to be."""

import numpy as np
import pytest

from stillwatch.lab.students import answers, corpus, counting, school, vocabulary
from stillwatch.lab.students.sampling import Mark, sample
from stillwatch.marks.watermark import MarkKeys, Scheme, detect, marker_keys
from stillwatch.records import UnreadableInput

RNG = np.random.default_rng(1)
STREAM = RNG.zipf(1.6, 5_000) % 30
KEYS = MarkKeys(bytes(range(32)))


@pytest.mark.parametrize("order", [2, 3])
def test_probabilities_sum_to_one_and_follow_the_counts(order):
    model = counting.train(STREAM, 33, order)
    contexts = np.stack(np.divmod(np.arange(33 * 33), 33), axis=1)
    rows = model.rows(contexts)
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-4)
    assert rows.min() > 0
    places = np.flatnonzero(STREAM[:-1] == 1)
    shares = np.bincount(STREAM[places + 1], minlength=33) / len(places)
    assert np.abs(model.rows(np.array([[1]]))[0] - shares).max() < 0.03
    assert model.next_probabilities(contexts[:5]).shape == (5, 2, 33)


def test_a_table_gives_what_single_steps_give():
    model = counting.train(STREAM, 33, 2)
    mark = Mark(marker_keys(KEYS, "c"), Scheme(delta=2.0))
    fast = sample(model, 300, 60, np.random.default_rng(1), mark)
    model.order = 3  # with no triples: the same distribution, step by step
    slow = sample(model, 300, 60, np.random.default_rng(2), mark)
    assert abs(fast.divergence - slow.divergence) < 0.03
    counts = [np.bincount(one.answers.ravel(), minlength=33) / one.answers.size for one in (fast, slow)]
    assert np.abs(counts[0] - counts[1]).max() < 0.02


def test_a_saved_student_is_the_same_and_a_cut_one_is_refused(tmp_path):
    model = counting.train(STREAM, 33, 3)
    model.save(tmp_path / "s.npz")
    again = counting.load(tmp_path / "s.npz")
    contexts = np.array([[1, 2], [0, 0], [32, 31]])
    assert (again.rows(contexts) == model.rows(contexts)).all()
    whole = (tmp_path / "s.npz").read_bytes()
    for cut in (b"", whole[:100], whole[:-200], b"PK" + whole[2:50]):
        (tmp_path / "cut.npz").write_bytes(cut)
        with pytest.raises(UnreadableInput, match=r"cut\.npz"):
            counting.load(tmp_path / "cut.npz")
    with pytest.raises(UnreadableInput, match="No such file"):
        counting.load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    "wrong",
    [
        {"pairs": np.array([5, 3]), "pair_counts": np.array([1, 1])},
        {"pairs": np.array([3, 99_999]), "pair_counts": np.array([1, 1])},
        {"pair_counts": np.array([-1])},
        {"pairs": np.array([0.5]), "pair_counts": np.array([1])},
        {"shape": np.array([10**9, 2])},
        {"kind": np.array("other")},
    ],
)
def test_counts_that_do_not_hold_together_are_refused(tmp_path, wrong):
    counting.train(STREAM, 33, 2).save(tmp_path / "s.npz")
    held = dict(np.load(tmp_path / "s.npz")) | wrong
    np.savez(tmp_path / "wrong.npz", **held)
    with pytest.raises(UnreadableInput):
        counting.load(tmp_path / "wrong.npz")


def test_the_corpus_teaches_a_teacher():
    files = [path for path in corpus.modules(()) if path.parent.name in {"json", "logging"}]
    opened = school.open_school(files, size=300)
    assert len(opened.vocabulary) == 300
    assert len(opened.plain) > 500
    assert corpus.modules(()) == corpus.modules(())
    rng = np.random.default_rng(1)
    marked, spent = opened.marked(500, rng, Mark(marker_keys(KEYS, None), Scheme()))
    assert len(marked) == 500
    assert 0 < spent < 0.2
    assert len(opened.unmarked(700, rng)) == len(opened.some_plain(700, rng)) == 700
    vector = opened.vocabulary.encode(["The quick  brÜn 42 Ж"])[0]
    assert len(vector) == 6


def test_a_vocabulary_is_read_or_refused(tmp_path):
    made = vocabulary.learn(["a b b c c c", "é"], 5)
    assert made.words == ["<end>", "<unknown>", "c", "b", "a"]
    vocabulary.write(made, tmp_path / "v.json")
    assert vocabulary.load(tmp_path / "v.json") == made
    for wrong in ("", "[]", '{"words": ["a"]}', '{"words": ["<end>", "<unknown>", "a", "a"]}'):
        (tmp_path / "v.json").write_text(wrong)
        with pytest.raises(UnreadableInput, match=r"v\.json"):
            vocabulary.load(tmp_path / "v.json")


def test_answers_are_read_and_what_is_none_is_rejected(tmp_path):
    file = tmp_path / "a.jsonl"
    words = vocabulary.Vocabulary(["<end>", "<unknown>", "no", "yes"])
    file.write_text(
        '[1, 2]\n\n{"tokens": []}\n{"response": "No, yes"}\n{"tokens": [-1]}\n{"tokens": "x"}\n{"a\n[true]\n'
    )
    found = answers.read_answers(file, words)
    assert [one.tolist() for one in found.sequences] == [[1, 2], [], [2, 1, 3]]
    assert [one.line for one in found.rejected] == [5, 6, 7, 8]
    assert (found.tokens, found.empty, found.unknown) == (5, 1, 2)
    file.write_text('{"response": "no"}\n')
    with pytest.raises(UnreadableInput, match=r"a\.jsonl:1: .*--vocabulary"):
        answers.read_answers(file)
    file.write_text("")
    assert answers.read_answers(file).remarks() == ["there is no answer"]


@pytest.mark.parametrize(
    ("variant", "window", "order"), [("green", 2, 3), ("gumbel", 2, 3), ("gumbel", 3, 3)]
)
def test_marked_answers_of_every_kind_are_traced(variant, window, order):
    model = counting.train(np.random.default_rng(4).integers(0, 50, 8_000), 50, order)
    scheme = Scheme(variant=variant, window=window)
    drawn = sample(model, 40, 100, np.random.default_rng(5), Mark(marker_keys(KEYS, "c1"), scheme))
    found = detect(list(drawn.answers), KEYS, scheme, ["c0", "c1", "c2"], decoys=19)
    assert found.named == ["c1"]
    assert found.overall_found
    clean = sample(model, 40, 100, np.random.default_rng(5))
    assert detect(list(clean.answers), KEYS, scheme, ["c0", "c1", "c2"], decoys=19).answer == "undecided"
