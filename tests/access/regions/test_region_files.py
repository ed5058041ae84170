"""Regions files: what is read, what is refused and how, and what holds when."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.access.regions import load
from stillwatch.access.regions.load import parse
from stillwatch.access.regions.places import countries, country_of
from stillwatch.records import InvalidConfiguration
from stillwatch.records.times import micros_of

NOW = micros_of("2026-06-01T00:00:00.000000Z")


def at(day):
    return micros_of(f"{day}T00:00:00.000000Z")


def rules(text, now=NOW):
    return parse(f"version: 1\notherwise: unsupported\nregions:\n{text}".encode(), "regions.yaml", now=now)


def refused(text):
    with pytest.raises(InvalidConfiguration) as caught:
        rules(text)
    return str(caught.value)


def test_rows_hold_from_their_first_day_until_the_day_before_their_last():
    served = rules("  - {country: NZ}\n  - {country: NO, from: 2026-07-01, until: 2026-08-01}\n")
    assert [
        served.supports("NO", at(day)) for day in ("2026-06-30", "2026-07-01", "2026-07-31", "2026-08-01")
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert served.turns == (at("2026-07-01"), at("2026-08-01"))


def test_subdivisions_go_with_their_country_but_for_exceptions_and_rows_of_their_own():
    served = rules(
        "  - {country: NO, except: [NO-21]}\n  - {country: CH, subdivision: CH-ZH}\n"
        "  - {country: NZ, subdivision: NZ-CIT, supported: false}\n"
    )
    assert served.supports("NO-11", NOW)
    assert not served.supports("NO-21", NOW)
    assert served.supports("CH-ZH", NOW)
    assert not served.supports("CH", NOW)
    assert "NO-21" in served.unsupported(NOW)
    assert "NZ-CIT" not in served.unsupported(NOW)  # its country is not supported anyway
    assert set(served.supported(NOW)) == {"NO", "CH-ZH"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{country: UK}", "no such country: 'UK': did you mean GB?"),
        ("{country: NZL}", "did you mean NZ?"),
        ("{country: nz}", "did you mean NZ?"),
        ("{country: Norway}", "did you mean NO?"),
        ("{country: 12}", "two letters of ISO 3166-1"),
        ("{country: NZ, subdivision: AUK}", "did you mean NZ-AUK?"),
        ("{country: NZ, subdivision: AU-TAS}", "AU-TAS is a subdivision of AU, not of NZ"),
        ("{country: NZ, except: [Wellington]}", "did you mean NZ-WGN?"),
        ("{country: NZ, from: 2026-13-01}", "from is a day, such as 2026-03-01"),
        ("{country: NZ, from: 2026-03-01, until: 2026-03-01}", "until comes after from"),
        ("{country: NZ, form: 2026-03-01}", "form: no such key: did you mean from?"),
        ("{subdivision: NZ-AUK}", "has a country"),
        ("{country: NZ, supported: maybe}", "supported is true or false"),
        ("{country: NZ, subdivision: NZ-AUK, except: [NZ-CIT]}", "a subdivision has no exceptions"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_was_meant(row, said):
    message = refused(f"  - {{country: CH}}\n  - {row}\n")
    assert message.startswith("regions.yaml:5:")
    assert said in message


def test_all_that_is_wrong_is_said_at_once():
    assert len(refused("  - {country: XX}\n  - {country: YY}\n  - {country: NO}\n").splitlines()) == 2


def test_overlapping_and_contradicting_rows_are_refused():
    twice = "  - {country: NZ, from: 2024-01-01}\n  - {country: NZ, until: 2025-01-01}\n"
    assert "regions.yaml:5:1: the row for NZ overlaps in time with the one on line 4" in refused(twice)
    against = "  - {country: NZ}\n  - {country: NZ, supported: false, from: 2025-01-01}\n"
    assert "contradicts the one on line 4" in refused(against)
    exception = "  - {country: NO, except: [NO-21]}\n  - {country: NO, subdivision: NO-21}\n"
    assert "the row for NO-21 contradicts the exception on line 4" in refused(exception)
    rules(
        "  - {country: NZ, until: 2025-01-01}\n  - {country: NZ, supported: false, from: 2025-01-01}\n  - {country: CH}\n"
    )


def test_a_file_that_serves_nobody_now_or_later_is_refused():
    assert "excludes everybody on 2026-06-01" in refused("  - {country: NZ, from: 2027-01-01}\n")
    assert "excludes everybody on 2027-01-01" in refused("  - {country: NZ, until: 2027-01-01}\n")
    assert "excludes everybody" in refused("  []\n")
    assert rules("  - {country: NZ, from: 2026-06-01}\n")


def test_notes_name_what_has_no_effect():
    notes = rules(
        "  - {country: NZ}\n  - {country: CH, supported: false}\n"
        "exemptions:\n  - {account: a-1, until: 2026-01-01, reason: over}\n"
    ).notes
    assert [note.split(": ", 1)[1] for note in notes] == [
        "the row for CH says what holds otherwise",
        "the exemption for a-1 has run out",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"regions: []",
        b"otherwise: supported",
        b"otherwise: open\nregions: []",
        b"- a list",
        b"otherwise: supported\nregions: {country: NZ}",
        b"otherwise: supported\nregions: []\nexemptions: [{reason: none}]",
        b"otherwise: supported\nregions: []\nexemptions: [{account: a, organisation: b, reason: both}]",
        b"otherwise: supported\nregions: []\nexemptions: [{account: a, places: [ZZ], reason: where}]",
        b"otherwise: supported\nversion: 9\nregions: []",
        b"otherwise: supported\nregions: &all [*all]",
    ],
)
def test_other_things_than_regions_files_are_refused_in_words(content):
    with pytest.raises(InvalidConfiguration, match=r"regions\.yaml"):
        parse(content, "regions.yaml", now=NOW)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_a_crash(text):
    try:
        parse(text.encode("utf-8", errors="surrogatepass"), "regions.yaml", now=NOW)
    except InvalidConfiguration as error:
        assert str(error)  # noqa: PT017 - any text may also be a file that can be read


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidConfiguration, match=r"nowhere\.yaml"):
        load(tmp_path / "nowhere.yaml")


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted(countries())), min_size=1, max_size=30), st.booleans())
def test_each_country_is_either_supported_or_not(some, otherwise):
    word = "supported" if otherwise else "unsupported"
    rows = "".join(f"  - {{country: {code}, supported: {str(not otherwise).lower()}}}\n" for code in some)
    made = parse(f"otherwise: {word}\nregions:\n{rows}".encode(), "regions.yaml", now=NOW)
    inside, outside = set(made.supported(NOW)), set(made.unsupported(NOW))
    assert inside | outside == set(countries())
    assert not inside & outside
    assert all(country_of(place) == place for place in inside | outside)
