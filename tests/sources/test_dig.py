import pytest

from stillwatch.sources._reading.dig import at, count, first, merged, moment, number, parsed, text

MICROS = 1772438400000000


@pytest.mark.parametrize(
    "given",
    [
        1772438400,
        1772438400.0,
        1772438400000,
        MICROS,
        MICROS * 1000,
        "1772438400",
        str(MICROS * 1000),
        "2026-03-02T08:00:00Z",
        "2026-03-02 08:00:00",
        "2026-03-02T10:00:00+02:00",
    ],
)
def test_moments_of_any_unit(given):
    assert moment(given) == MICROS


@pytest.mark.parametrize("given", [None, True, -1, 12, float("nan"), float("inf"), "soon", "", [], {}])
def test_what_is_no_moment(given):
    assert moment(given) is None


def test_paths_into_anything():
    document = {"a": [{"b": "x"}, 5]}
    assert at(document, "a", 0, "b") == "x"
    assert at(document, "a", -1) == 5
    assert at(document, "a", 9) is at(document, "a", "b") is at(document, 0) is at(None, "a") is None


def test_facts_of_the_wrong_type_are_absent():
    assert text({"a": ["x"]}, "a") is text({"a": True}, "a") is text({"a": ""}, "a") is None
    assert number({"a": "x"}, "a") is number({"a": True}, "a") is None
    assert count({"a": -1}, "a") is count({"a": 1.5}, "a") is count({"a": float("inf")}, "a") is None
    assert count({"a": "1772438400000000123"}, "a") == 1772438400000000123


def test_json_in_text():
    assert parsed('{"a": 1}') == {"a": 1}
    assert parsed("{oops") == "{oops"
    assert parsed("[" * 100_000) == "[" * 100_000


def test_the_first_statement_wins():
    assert first(None, 0, 1) == 0
    assert merged({"a": None, "b": 1}, {"a": 2, "b": 3}) == {"a": 2, "b": 1}
