import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from text import KEY, OTHER

from stillwatch.features.strings import keyed, keyed_lists, keyed_numbers

NAMES = st.lists(st.none() | st.text(max_size=30), max_size=8)


def of(*values, purpose="a", key=KEY):
    return keyed(pa.array(values, pa.string()), purpose, key).tolist()


@given(NAMES, st.integers(0, 8))
def test_a_string_has_one_hash_wherever_it_stands_and_others_have_others(values, start):
    hashes = keyed(pa.array(values, pa.string()), "a", KEY).tolist()
    assert hashes[start:] == keyed(pa.array(values, pa.string()).slice(start), "a", KEY).tolist()
    known = {}
    for value, number in zip(values, hashes, strict=True):
        assert (number == 0) == (not value)
        assert known.setdefault(value or "", number) == number
    assert len(set(known.values())) == len(known)


def test_purpose_and_key_change_the_hash():
    assert of("x") != of("x", purpose="b")
    assert of("x") != of("x", key=OTHER)


def test_length_matters_even_for_zero_bytes():
    assert len(set(of("a", "a\0", "a\0\0", "\0"))) == 4


def test_lists_are_equal_in_any_order_and_zero_when_empty():
    lists = pa.array([["a", "b"], ["b", "a"], ["a"], ["a", "a"], [], None, ["b"]])
    one, turned, single, double, empty, absent, other = keyed_lists(lists, "tool", KEY).tolist()
    assert one == turned
    assert len({one, single, double, other}) == 4
    assert empty == absent == 0
    assert keyed_lists(lists.slice(2, 3), "tool", KEY).tolist() == [single, double, empty]


def test_numbers_are_zero_only_where_all_are_null():
    columns = [
        pa.array([1, None, None, 1]),
        pa.array([0.5, 0.5, None, 0.7]),
        pa.array([True, None, None, True]),
    ]
    hashes = keyed_numbers(columns, "settings", KEY).tolist()
    assert hashes[2] == 0
    assert len(set(hashes)) == 4
