"""vLLM's two interfaces, driven as its model runners drive them: slots reused, rows reordered, drafts, and clients' own values."""

import enum
from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import NAME, mint
from stillwatch.marks.watermark import MarkKeys, Scheme, mark_green, marker_keys
from stillwatch.records import InvalidConfiguration

torch = pytest.importorskip("torch", reason="torch is not installed (extra lab)")
vllm = pytest.importorskip("stillwatch.marks.serving.vllm")
vllm_legacy = pytest.importorskip("stillwatch.marks.serving.vllm_legacy")

KEYS = MarkKeys(bytes(range(32)))
WORDS = 64
WINDOWS = pytest.mark.parametrize("window", [1, 2, 4])


def serving(window):
    return Serving(KEYS, Scheme(window=window))


def params(cohort=None, **others):
    extra = {NAME: mint(KEYS, cohort)} if cohort else others
    return SimpleNamespace(extra_args=extra or None, temperature=1.0)


def expected(logits, tokens, cohort, window):
    """Of one row, by NumPy, after the tokens of a request."""
    if len(tokens) < window:
        return logits
    context = np.array([tokens[-window:]])
    return mark_green(logits.numpy()[None], context, marker_keys(KEYS, cohort), Scheme(window=window))[0]


class Runner:
    """The part of vLLM's current model runner that a processor sees: slots, histories, and rows in any order."""

    def __init__(self, window, size=6, length=40):
        self.states = SimpleNamespace(
            device=torch.device("cpu"),
            max_num_reqs=size,
            vocab_size=WORDS,
            all_token_ids=SimpleNamespace(gpu=torch.full((size, length), 63, dtype=torch.int32)),
        )
        self.window = window
        self.marker = vllm.Marker(None, self.states, serving(window))
        self.tokens, self.cohorts = {}, {}
        self.rng = torch.Generator().manual_seed(1)

    def add(self, slot, tokens, cohort, given):
        self.tokens[slot], self.cohorts[slot] = list(tokens), cohort
        assert self.marker.add_request(slot, given)

    def step(self, order, drafts):
        """One forward pass; `drafts` are tokens by slot that are not in the history yet, nor is the last token."""
        self.marker.apply_staged_writes()
        rows = []
        for slot in order:
            committed = self.tokens[slot]
            self.states.all_token_ids.gpu[slot, : len(committed) - 1] = torch.tensor(committed[:-1]).int()
            for local in range(len(drafts.get(slot, ())) + 1):
                seen = [*committed, *drafts.get(slot, ())[:local]]
                rows.append((slot, local, seen))
        context = SimpleNamespace(
            expanded_idx_mapping=torch.tensor([slot for slot, _, _ in rows], dtype=torch.int32),
            expanded_local_pos=torch.tensor([local for _, local, _ in rows], dtype=torch.int32),
            input_ids=torch.tensor([seen[-1] for _, _, seen in rows], dtype=torch.int32),
            pos=torch.tensor([len(seen) - 1 for _, _, seen in rows]),
        )
        logits = torch.randn((len(rows), WORDS), generator=self.rng)
        before = logits.clone()
        found = self.marker.apply(logits, context)
        for row, (slot, _, seen) in enumerate(rows):
            assert (found[row].numpy() == expected(before[row], seen, self.cohorts[slot], self.window)).all()
        return found, before


@WINDOWS
def test_each_row_is_marked_for_its_own_request_and_drafts(window):
    runner = Runner(window)
    runner.add(4, [1, 2, 3, 4, 5], "blue", params("blue"))
    runner.add(1, [9, 8, 7, 6], None, params())
    runner.add(2, [5, 5, 5, 5, 5, 5], "red", params("red"))
    found, before = runner.step([2, 4, 1], {4: [11, 12, 13], 2: [14]})
    assert (found != before).any()
    runner.tokens[4] += [11, 12, 20]
    runner.step([1, 4], {1: [30, 31, 32, 33, 34]})
    runner.step([4, 1, 2], {})


@WINDOWS
def test_a_slot_forgets_the_request_before(window):
    runner = Runner(window)
    runner.add(3, [1, 2, 3, 4, 5, 6], "blue", params("blue"))
    runner.step([3], {})
    runner.add(3, [1, 2, 3, 4, 5, 6], None, params())
    runner.step([3], {})
    runner.add(3, [1], "red", params("red"))  # shorter than most windows: the history behind it is another's
    runner.step([3], {3: [2, 3, 4, 5]})


@pytest.mark.parametrize("value", ["red", f"red.{'0' * 32}", mint(MarkKeys(bytes(32)), "red"), 4, None, [1]])
def test_no_value_of_a_clients_chooses_a_key(value):
    runner = Runner(1)
    runner.add(0, [1, 2, 3], None, params(**{NAME: value, "delta": 0, "key": "00"}))
    runner.step([0], {})


def test_a_forbidden_token_stays_forbidden():
    marker = Runner(1)
    marker.add(0, [1, 2, 3], None, params())
    marker.marker.apply_staged_writes()
    context = SimpleNamespace(
        expanded_idx_mapping=torch.tensor([0]),
        expanded_local_pos=torch.tensor([0]),
        input_ids=torch.tensor([3]),
        pos=torch.tensor([2]),
    )
    logits = torch.zeros((1, WORDS))
    logits[0, ::2] = -torch.inf
    assert torch.isinf(marker.marker.apply(logits, context)[0, ::2]).all()


class Way(enum.Enum):
    UNIDIRECTIONAL = enum.auto()
    SWAP = enum.auto()


def update(removed=(), added=(), moved=()):
    return SimpleNamespace(batch_size=4, removed=removed, added=added, moved=moved)


class Batch:
    """The former runner's batch: requests by index, whose lists of output tokens are its own."""

    def __init__(self, window):
        self.window = window
        self.marker = vllm_legacy.Marker(
            None, torch.device("cpu"), is_pin_memory=False, serving=serving(window)
        )
        self.rng = torch.Generator().manual_seed(2)

    def check(self, rows):
        logits = torch.randn((len(rows), WORDS), generator=self.rng)
        before = logits.clone()
        found = self.marker.apply(logits)
        for row, (cohort, tokens) in enumerate(rows):
            assert (found[row].numpy() == expected(before[row], tokens, cohort, self.window)).all()


@WINDOWS
def test_the_former_interface_follows_its_batch(window):
    batch = Batch(window)
    assert not batch.marker.is_argmax_invariant()
    batch.marker.update_state(None)
    one, two, three = [7], [], [9, 9, 9, 9, 9]
    batch.marker.update_state(
        update(
            added=[
                (0, params("blue"), [1, 2, 3], one),
                (1, params(), [4, 5], two),
                (2, params("red"), None, three),
            ]
        )
    )
    batch.check([("blue", [1, 2, 3, 7]), (None, [4, 5]), ("red", three)])
    one += [8]
    batch.marker.update_state(update(moved=[(0, 2, Way.SWAP)]))
    batch.check([("red", three), (None, [4, 5]), ("blue", [1, 2, 3, 7, 8])])
    batch.marker.update_state(update(removed=[1], moved=[(2, 1, Way.UNIDIRECTIONAL)]))
    batch.check([("red", three), ("blue", [1, 2, 3, 7, 8])])
    batch.marker.update_state(update(removed=[0, 1], added=[(0, params(**{NAME: "red"}), [1, 1, 1, 1], [])]))
    batch.check([(None, [1, 1, 1, 1])])


def test_a_token_that_is_not_known_yet_makes_no_mark():
    batch = Batch(1)
    batch.marker.update_state(update(added=[(0, params("blue"), [1, 2], [5, -1])]))
    logits = torch.randn((1, WORDS))
    assert (batch.marker.apply(logits.clone()) == logits).all()


def test_an_empty_batch_is_left_alone():
    assert Batch(1).marker.apply(torch.zeros((0, WORDS))).shape == (0, WORDS)


def test_a_scheme_that_draws_tokens_is_refused():
    own = Serving(KEYS, Scheme(variant="gumbel", window=2))
    with pytest.raises(InvalidConfiguration, match="use green"):
        vllm.Marker(None, Runner(1).states, own)
    with pytest.raises(InvalidConfiguration, match="use green"):
        vllm_legacy.Marker(None, "cpu", False, own)
