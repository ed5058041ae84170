"""Speech, grammars and queues: slots fill, habits persist, items never repeat."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.lab import topics, work
from stillwatch.lab.arrays import mixed, opaque, within
from stillwatch.lab.grammar import Frames
from stillwatch.lab.library import Library
from stillwatch.lab.people import draw
from stillwatch.lab.world import World

WORLD = World(1, 1_772_409_600_000_000, 28, 0.02, library=Library(Path("no-data")))


def test_frames_of_different_depth_fill_together() -> None:
    frames = Frames(("plain", "{a} and {b}", "{b}!"))
    table = pa.array(["", "x", "y"])
    filled = frames.fill(np.array([0, 1, 2]), {"a": np.array([1, 1, 1]), "b": np.array([2, 2, 2])}, table)
    assert filled.to_pylist() == ["plain", "x and y", "y!"]


@pytest.mark.parametrize("capability", sorted(work.ITEM_FRAMES))
def test_queues_hold_distinct_items_without_open_slots(capability: str) -> None:
    items = work.items(WORLD, WORLD.rng("test"), capability, 3_000)
    assert pc.count_distinct(items).as_py() == len(items) == 3_000
    assert not pc.any(pc.match_substring_regex(items, r"\{\w+\}")).as_py()


def test_people_repeat_themselves_more_than_each_other() -> None:
    rng = WORLD.rng("voices")
    crowd = draw(WORLD, rng, 400, "ordinary", country="GB")
    who = np.repeat(np.arange(400), 10)
    field = crowd.habits.voices.fields[who, rng.integers(0, 3, len(who))]
    prompts = WORLD.speech.ask(rng, crowd.habits.voices, who, field).to_pylist()
    words = [set(prompt.lower().split()) for prompt in prompts]

    def overlap(pairs: np.ndarray) -> float:
        return float(np.mean([len(words[a] & words[b]) / len(words[a] | words[b]) for a, b in pairs]))

    same = np.stack([np.arange(0, 4000, 10), np.arange(1, 4000, 10)], axis=1)
    other = np.stack([np.arange(0, 4000, 10), np.roll(np.arange(0, 4000, 10), 1)], axis=1)
    assert overlap(same) > 1.15 * overlap(other)


def test_every_language_speaks() -> None:
    rng = WORLD.rng("languages")
    crowd = draw(WORLD, rng, 3_000, "ordinary")
    fields = crowd.habits.voices.fields[:, 0]
    spoken = set(WORLD.speech.language_of_field[fields].tolist())
    assert spoken == set(range(7))


def test_pinned_topics_permute_the_queue_and_gather_like_items() -> None:
    queue = work.items(WORLD, WORLD.rng("pinned"), "coding", 2_000)
    who = WORLD.rng("who").integers(0, 20, 2_000)
    order = topics.pinned(queue, who)
    assert sorted(order.tolist()) == list(range(2_000))
    texts = queue.to_pylist()
    words = [set(texts[i].lower().split()) for i in order]
    mine = [np.flatnonzero(who == account)[:20] for account in range(20)]
    inside = [len(words[a] & words[b]) for rows in mine for a, b in pairwise(rows)]
    across = [
        len(words[a] & words[b])
        for first, second in pairwise(mine)
        for a, b in zip(first, second, strict=True)
    ]
    assert np.mean(inside) > 1.2 * np.mean(across)


def test_texts_without_common_words_have_no_topics() -> None:
    order = topics.pinned(pa.array(["one", "two", "three"]), np.array([0, 1, 0]))
    assert sorted(order.tolist()) == [0, 1, 2]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_within_counts_inside_runs(counts: list[int]) -> None:
    expected = [position for count in counts for position in range(count)]
    assert within(np.array(counts)).tolist() == expected


@given(st.integers(0, 1 << 60), st.integers(0, 100))
def test_mixing_is_repeatable_and_never_negative(number: int, salt: int) -> None:
    first, second = mixed(np.array([number]), salt), mixed(np.array([number]), salt)
    assert first[0] == second[0] >= 0


def test_opaque_names_have_no_order() -> None:
    names = opaque(np.random.default_rng(1), 1_000).tolist()
    assert len(set(names)) == 1_000
    assert names != sorted(names)
