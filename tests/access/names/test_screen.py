"""Screening names: who is found across scripts, who is not, and laws that hold for any names."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.names import Customers, Screen, match, weights
from stillwatch.access.names.compare import FEATURES, STRATA
from stillwatch.access.names.lists import SCHEMA
from stillwatch.lab.names import first, second, third
from stillwatch.lab.names.sample import compose
from stillwatch.lab.names.score import score

LISTED = [
    "KVORNIN, Ostap Leonidovich",
    "Мирзаевский Тимур Олегович",
    "خالد عبد الرحمن الدباغ",
    "欧阳明远",
    "ООО «Торговый дом Гранит»",
    "Halvorsen, Ingrid",
]
ASKED = [
    "Остап Кворнин",
    "Timur Mirzaewski",
    "Khaled Abdulrahman al-Dabbagh",
    "Ouyang Mingyuan",
    "Granit Trading House LLC",
    "Ingrid Halvorsen",
    "Kvornina Olga Leonidovna",
    "Granit Shipping LLC",
    "Ouyang Mingli",
    "Ingmar Halvorsen",
    "",
    "!!!",
]


def found(listed, asked, **kinds):
    screen = Screen(listed, asked, **kinds)
    rows = screen.rows(screen.spellings())
    return {
        (one, other): probability
        for one, other, probability in zip(
            rows.listed.tolist(), rows.asked.tolist(), rows.probability.tolist(), strict=True
        )
    }


def test_names_are_found_across_scripts_and_those_beside_them_are_not():
    assert set(found(LISTED, ASKED)) == {(at, at) for at in range(6)}


def test_names_that_are_the_same_are_the_same_however_common_their_words():
    for name in [*LISTED, "Ali", "Bank", "Li Na", "Co Ltd", "A. B.", "123"]:
        assert found([name], [name]).get((0, 0), 0) > 0.9, name


def test_the_weights_are_those_of_the_features():
    assert weights().features == list(FEATURES)
    assert set(weights().weights) == set(STRATA)
    assert all(len(row) == len(FEATURES) for row in weights().weights.values())


names = st.lists(st.sampled_from([*LISTED, *ASKED, "Wang Wei", "王伟", "A. Wang"]), min_size=1, max_size=6)


@given(names, names, st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_of_rows_changes_nothing(listed, asked, chance):
    places = list(range(len(asked)))
    chance.shuffle(places)
    mixed = found(listed, [asked[place] for place in places])
    assert {(one, places[other]) for one, other in mixed} == set(found(listed, asked))


@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_text_is_screened(listed, asked):
    found(listed, asked)


def test_a_match_names_the_alias_and_the_words():
    listed = pa.Table.from_pylist(
        [
            {
                "source": "L", "entry": "1", "kind": "person", "name": "KVORNIN, Ostap",
                "aliases": ["Nobody Else", "Kvornin, Ostap Leonidovich"], "ids": [], "date": None,
            }
        ],
        SCHEMA,
    )  # fmt: skip
    (one,) = match(
        listed, Customers(["c1", "c2"], ["Ostap Leonidovich Kwornin", "Other One"], ["unknown"] * 2)
    )
    assert (one.customer, one.entry, one.listed) == ("c1", "1", "Kvornin, Ostap Leonidovich")
    assert {word.listed: word.asked for word in one.words}["kvornin"] == "kwornin"
    assert match(listed, Customers([], [], [])) == []


def test_a_lower_prior_lowers_every_probability():
    usual, rarer = Screen(LISTED, ASKED), Screen(LISTED, ASKED)
    before, after = usual.spellings(0.01), rarer.spellings(0.01, prior=1e-4)
    of = {pair: p for *pair, p in zip(*before, strict=True) for pair in [tuple(map(int, pair))]}
    for one, other, probability in zip(*after, strict=True):
        assert probability <= of[int(one), int(other)]


def test_floors_hold_on_a_sample_of_names_that_nothing_was_fitted_on():
    one = score(compose(third.COMPOSER, 7900, 400))
    assert one.precision >= 0.93
    assert one.recall >= 0.87


def test_composers_have_no_name_in_common():
    east = {
        spelled[0] for people in (third.EAST, third.SOUTH, third.WEST, third.HAN) for spelled in people.family
    }
    seconds = {
        spelled[0]
        for part in (second.CYRILLIC_FAMILY, second.ARABIC_FAMILY, second.ELSEWHERE_FAMILY, second.HAN_FAMILY)
        for spelled in part
    }
    firsts = {
        *first.FAMILIES,
        *first.HAN_FAMILY,
        *first.WEST_FAMILY,
        *(one[0] for one in first.ARABIC_FAMILY),
    }
    assert not east & seconds
    assert not east & firsts
    assert not seconds & firsts
