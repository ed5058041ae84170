"""A small transformer: it learns, the same for the same seed, and its probabilities are of the next token alone."""

import numpy as np
import pytest

from stillwatch.lab.benches import radioactivity
from stillwatch.lab.students import corpus
from stillwatch.lab.students.school import open_school

torch = pytest.importorskip("torch", reason="torch is not installed (extra lab)")
transformer = pytest.importorskip("stillwatch.lab.students.transformer")
bench = pytest.importorskip("stillwatch.lab.benches.radioactivity_transformer")

SHAPE = transformer.Shape(width=32, layers=1, heads=2, length=8, batch=16, tokens=40_000, rate=1e-2)


@pytest.fixture(scope="module")
def student():
    text = np.tile(np.array([3, 1, 4, 1, 5, 9, 2, 6]), 500)
    return transformer.train(text, 12, SHAPE, seed=1)


def test_it_learns_what_comes_next(student):
    assert student.loss < 0.3
    likely = student.next_probabilities(np.array([[3, 1, 4, 1, 5], [4, 1, 5, 9, 2]]))
    assert likely.shape == (2, 5, 12)
    np.testing.assert_allclose(likely.sum(axis=2), 1, rtol=1e-5)
    assert likely[:, 4].argmax(axis=1).tolist() == [9, 6]
    assert likely[0, 3, 5] > 0.9  # after 3 1 4 1
    assert likely[0, 1, 4] > 0.9  # after 3 1


def test_what_comes_later_changes_nothing_before(student):
    one, other = np.array([[3, 1, 4, 1, 5]]), np.array([[3, 1, 4, 7, 7]])
    found = [student.next_probabilities(both)[:, :3] for both in (one, other)]
    np.testing.assert_allclose(*found, atol=1e-6)
    assert student.next_probabilities(np.empty((0, 4), np.int64)).shape == (0, 4, 12)


def test_a_seed_gives_the_same_student_and_answers():
    text = np.random.default_rng(1).integers(0, 12, 2_000)
    few = transformer.Shape(width=16, layers=1, heads=1, length=8, batch=4, tokens=320)
    state = torch.get_rng_state()
    one, other = (transformer.train(text, 12, few, seed=7) for _ in range(2))
    assert (torch.get_rng_state() == state).all()
    probe = text[:16].reshape(2, 8)
    assert (one.next_probabilities(probe) == other.next_probabilities(probe)).all()
    answers = one.sample(5, np.random.default_rng(2))
    assert answers.shape == (5, 8)
    assert (answers == other.sample(5, np.random.default_rng(2))).all()


def test_the_bench_tells_a_marked_student_from_an_innocent_one(monkeypatch):
    files = [path for path in corpus.modules(()) if path.parent.name in {"json", "logging"}]
    monkeypatch.setattr(bench, "open_school", lambda _files, order: open_school(files, size=120, order=order))
    monkeypatch.setattr(bench, "quick_files", list)
    monkeypatch.setattr(bench, "QUICK_SHAPE", transformer.Shape(width=48, heads=3, tokens=150_000))
    monkeypatch.setattr(bench, "QUICK_HAUL", 30_000)
    monkeypatch.setattr(bench, "QUICK_SHARES", (0.0, 1.0))
    monkeypatch.setattr(bench, "SHARES", (0.0, 1.0))
    monkeypatch.setattr(bench, "PROBES", 512)
    monkeypatch.setattr(bench, "SAMPLED", 128)
    monkeypatch.setattr(bench, "DECOYS", 9)
    report = radioactivity.measure(["transformer"], [1], lambda _: None, quick=True)
    innocent, marked = report.figures["transformer"]["students"]
    assert report.holds
    assert marked["bound"] < -5 < innocent["bound"]
    assert "transformer" in radioactivity.available()
