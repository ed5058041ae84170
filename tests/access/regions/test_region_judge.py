"""Verdicts: who is held to be where, on what evidence, and what missing knowledge does."""

from math import exp, isclose, log

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_activity import NOW, OFFICE, day_of, gathered

from stillwatch.access.regions import ACTIVITY, VERDICTS, judge
from stillwatch.access.regions.activity import DAY
from stillwatch.access.regions.judge import SUSPECTED
from stillwatch.access.regions.load import parse
from stillwatch.access.regions.signals import FINDINGS, OF_PLACES, SIGNALS
from stillwatch.access.regions.weights import contributions, odds, tables, weights
from stillwatch.records import ACCOUNTS

HERE = "TH"  # drawn from a hat
RULES = parse(
    f"otherwise: supported\nregions:\n  - {{country: {HERE}, supported: false}}\n  - {{country: FI, supported: false}}\n"
    "exemptions:\n  - {organisation: embassy, reason: by contract}\n"
    "  - {account: guest, places: [FI], reason: by contract}\n".encode(),
    "regions.yaml",
    now=NOW,
)
CLOCK = {"TH": 7, "NZ": 12, "NO": 2, "PE": -5}
SCHEMA = ACCOUNTS
NOTHING = ACTIVITY.empty_table()


def record(account, **fields):
    return {"account_id": account, **fields}


def accounts(*records):
    return pa.Table.from_pylist(
        [{name: one.get(name) for name in SCHEMA.names} for one in records], schema=SCHEMA
    )


def verdict(rows, ranges=None, tmp_path=None, **fields):
    (one,) = judge(accounts(record("a", **fields)), gathered(rows, ranges, tmp_path), RULES, NOW).to_pylist()
    return one


def stay(country, days, *, address="192.0.2.1", asn=1, hours=OFFICE):
    return [
        row
        for day in days
        for row in day_of("a", day, country, address=address, asn=asn, clock=CLOCK[country], hours=hours)
    ]


def settled(country):
    return dict.fromkeys(("declared_country", "payment_country", "phone_country", "signup_country"), country)


def test_steady_use_from_an_unsupported_place_is_seen():
    found = verdict(stay(HERE, range(60)), **settled(HERE))
    assert found["probability"] > 0.99
    assert found["place"] == HERE
    assert {"signal": "presence", "finding": "here steadily"} in [
        {"signal": one["signal"], "finding": one["finding"]} for one in found["evidence"]
    ]


def test_a_disguise_is_seen_through_its_contradictions():
    rows = []
    for day in range(60):
        for hour in OFFICE:
            rows += day_of(
                "a",
                day,
                "NZ",
                address=f"203.{day}.{hour}.7",
                asn=100 + (day * 7 + hour) % 40,
                clock=7,
                hours=(hour,),
            )
            rows += [
                {**rows[-1], "ts": rows[-1]["ts"] + 60_000_000, "client_ip": f"204.{day}.{hour}.7", "asn": 7}
            ]
    found = verdict(
        rows,
        declared_country="NZ",
        payment_country="PE",
        payment_kind="virtual",
        phone_country="NO",
        phone_kind="virtual",
        signup_country="NZ",
    )
    assert found["probability"] > SUSPECTED


def test_travellers_expatriates_and_remote_workers_are_left_alone(tmp_path):
    home = settled("NO")
    journey = stay("NO", range(20, 60)) + stay(HERE, range(20), address="203.0.113.4", asn=9)
    assert verdict(journey, **home)["probability"] < 0.2
    whole_log_on_a_journey = stay(HERE, range(10), address="203.0.113.4", asn=9)
    assert verdict(whole_log_on_a_journey, **home)["probability"] < 0.2
    expatriate = settled("NO") | {"payment_country": HERE, "phone_country": HERE}
    assert verdict(stay("NO", range(60)), **expatriate)["probability"] < 0.2
    moved = stay(HERE, range(60, 120), address="203.0.113.4", asn=9) + stay("NO", range(58))
    assert verdict(moved, **(settled("NO") | {"signup_country": HERE}))["probability"] < 0.3
    office = stay("PE", range(60))
    remote = [{**row, "country": "NZ", "client_ip": "198.51.100.1"} for row in office]
    assert verdict(remote, ["198.51.100.0/24"], tmp_path, **settled("PE"))["probability"] < 0.05


def finding_of(found, signal):
    return next(one["finding"] for one in found["evidence"] if one["signal"] == signal)


def nats_of(found, *signals):
    return sum(one["nats"] for one in found["evidence"] if one["signal"] in signals)


WORLD = ("NO", "NZ", "PE", "SE", "DK", "DE", "FR", "ES", "IT", "PT")


def called_from(countries, operators, *, networks_seen=True):
    """A month of calls by short-lived ways in, of so many countries and operators."""
    return [
        row | {"country": countries[day % len(countries)] if networks_seen else None}
        for day in range(30)
        for row in day_of(
            "a",
            day,
            "NO",
            address=f"203.{day}.9.7",
            asn=100 + day % operators,
            clock=2,
            hours=(9, 10, 15, 16),
        )
    ]


def test_more_operators_or_countries_than_a_life_has_are_met_by_borrowing():
    few = verdict(called_from(WORLD[:1], 4))
    a_country_of_them = verdict(called_from(WORLD[:1], 14))
    explained = verdict(called_from(WORLD[:3], 14))  # by three journeys
    everywhere = verdict(called_from(WORLD, 10))  # more countries than a month has room for
    assert few["probability"] < explained["probability"] < a_country_of_them["probability"]
    assert few["probability"] < everywhere["probability"]
    assert nats_of(a_country_of_them, "operators") > 1.5
    assert nats_of(everywhere, "countries") > 1.5


def test_operators_of_unknown_countries_may_be_those_of_journeys():
    found = verdict(called_from(WORLD[:1], 14, networks_seen=False))
    assert finding_of(found, "operators") == "as many networks as its countries explain"


def test_who_was_never_seen_without_a_disguise_is_told_from_who_mostly_hides(tmp_path):
    hidden = [
        row
        for day in range(30)
        for row in day_of("a", day, "NZ", address=f"198.51.{day}.1", asn=7, clock=2, hours=(9, 10, 15, 16))
    ]
    seen = day_of("a", 3, "NO", address="192.0.2.1", asn=1, clock=2, hours=(12,))
    told = [
        finding_of(verdict(rows, ["198.51.0.0/16"], tmp_path), "hiding") for rows in (hidden, hidden + seen)
    ]
    assert told == [
        "never once but by ranges that hide the user",
        "nearly always by ranges that hide the user",
    ]


def test_who_is_not_known_is_not_suspected():
    table = judge(accounts(record("a")), NOTHING, RULES, NOW)
    assert table.schema.equals(VERDICTS)
    (one,) = table.to_pylist()
    assert one["probability"] < 0.001
    assert one["certainty"] < 0.2
    assert set(one["unseen"]) == {*SIGNALS, "owners"}


def test_evidence_adds_up():
    found = verdict(stay(HERE, range(30)) + stay("NO", range(31, 60)), **settled("NO"))
    total = (
        found["prior"] + sum(one["nats"] for one in found["evidence"]) + found["doubt"] + found["elsewhere"]
    )
    assert isclose(found["used"], 1 / (1 + exp(-total)), rel_tol=1e-4)
    assert found["doubt"] <= 1e-6
    assert found["elsewhere"] >= 0


def test_owners_in_unsupported_places_who_control_a_firm_are_held_against_it():
    few = [("FI", 0.3), ("NO", 0.7)]
    most = [("FI", 0.3), (HERE, 0.3), ("NO", 0.4)]
    wrong = [("??", 0.9), ("FI", float("nan"))]
    assert verdict([], owner_countries=few)["owned"] == 0
    assert verdict([], owner_countries=most)["owned"] > 0.9
    assert verdict([], owner_countries=wrong)["owned"] == 0
    assert "owners" not in verdict([], owner_countries=few)["unseen"]


def test_exemptions_hold_for_whom_and_where_they_say():
    here = stay(HERE, range(60))
    rows = here + [{**row, "account_id": who} for who in ("guest", "other") for row in here]
    identity = settled(HERE)
    table = judge(
        accounts(
            record("a", org_id="embassy", **identity),
            record("guest", **identity),
            record("other", **identity),
        ),
        gathered(rows),
        RULES,
        NOW,
    ).to_pylist()
    assert [(one["exempt"], one["probability"] > 0.9) for one in table] == [
        (True, False),
        (True, True),
        (False, True),
    ]


def test_the_version_that_is_in_force_counts_and_accounts_without_a_record_are_judged():
    versions = accounts(
        record(
            "a", valid_from=NOW - 2 * DAY, declared_country=HERE, payment_country=HERE, phone_country=HERE
        ),
        record("a", valid_from=NOW - DAY, declared_country="NO"),
        record("a", valid_from=NOW + DAY, declared_country=HERE, payment_country=HERE, phone_country=HERE),
    )
    rows = [{**row, "account_id": "unknown"} for row in stay(HERE, range(40))]
    table = judge(versions, gathered(rows), RULES, NOW).to_pylist()
    assert [one["account_id"] for one in table] == ["a", "unknown"]
    (declared,) = [one for one in table[0]["evidence"] if one["signal"] == "declared"]
    assert declared["finding"] == "not here"
    assert table[1]["place"] == HERE


def test_unknown_codes_count_as_missing():
    found = verdict([], declared_country="XX", payment_country="", phone_country="no", signup_country="Norge")
    assert {"declared", "payment", "signup"} <= set(found["unseen"])
    assert "phone" not in found["unseen"]  # in small letters, but a country


def test_where_everything_is_supported_nobody_is_suspected():
    everywhere = parse(b"otherwise: supported\nregions: []\n", "regions.yaml", now=NOW)
    (one,) = judge(
        accounts(record("a", **settled(HERE))), gathered(stay(HERE, range(60))), everywhere, NOW
    ).to_pylist()
    assert (one["probability"], one["place"]) == (0, None)


places = st.sampled_from([None, HERE, "FI", "NO", "NZ", "PE"])
logs = st.lists(
    st.tuples(
        st.sampled_from(["TH", "NO", "NZ", "PE"]),
        st.integers(0, 80),
        st.integers(1, 25),
        st.sampled_from(["home", "hidden", "lent"]),
    ),
    max_size=4,
)
GROUPS = {
    "declared": ("declared_country", "kyc_country"),
    "document": ("kyc_country",),
    "payment": ("payment_country", "payment_kind"),
    "payment kind": ("payment_kind",),
    "phone": ("phone_country", "phone_kind"),
    "phone kind": ("phone_kind",),
    "sign-up": ("signup_country", "signup_ip", "signup_asn"),
    "owners": ("owner_countries",),
}
FROM_EXCHANGES = {
    "address": ("country", "client_ip", "asn"),
    "client address": ("client_ip",),
    "network": ("asn",),
    "language": ("accept_language",),
}


def played(log):
    rows = []
    for country, start, days, how in log:
        for day in range(start, start + days):
            for hour in (8, 10, 13, 15, 20):
                address = {
                    "home": "192.0.2.1",
                    "hidden": f"198.51.{day % 9}.{hour}",
                    "lent": f"203.{day}.{hour}.1",
                }[how]
                asn = {"home": 1, "hidden": 2, "lent": 100 + (day * 5 + hour) % 30}[how]
                language = {"TH": "th-TH", "NO": "nb", "NZ": "en", "PE": "es-PE"}[country]
                rows += day_of(
                    "a", day, country, address=address, asn=asn, clock=7, hours=(hour,), language=language
                )
    return rows


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    log=logs,
    identity=st.fixed_dictionaries(
        {
            "declared_country": places,
            "kyc_country": places,
            "payment_country": places,
            "phone_country": places,
            "signup_country": places,
            "payment_kind": st.sampled_from([None, "credit", "virtual"]),
            "phone_kind": st.sampled_from([None, "mobile", "virtual"]),
            "owner_countries": st.sampled_from([None, [("NO", 1.0)], [(HERE, 0.8)]]),
        }
    ),
)
def test_taking_knowledge_away_never_raises_suspicion(tmp_path_factory, log, identity):
    identity = identity | {"kyc_level": 2}
    rows, folder, listed = played(log), tmp_path_factory.mktemp("ranges"), ["198.51.0.0/16"]
    whole = verdict(rows, listed, folder, **identity)
    for name, fields in GROUPS.items():
        less = verdict(rows, listed, folder, **(identity | dict.fromkeys(fields)))
        assert less["probability"] <= whole["probability"] * (1 + 1e-6), name
        assert less["certainty"] <= whole["certainty"] + 1e-9, name
    for name, fields in FROM_EXCHANGES.items():
        blind = [row | dict.fromkeys(fields) for row in rows]
        less = verdict(blind, listed, folder, **identity)
        assert less["probability"] <= whole["probability"] * (1 + 1e-6), name


combinations = st.tuples(*(st.integers(0, len(findings) - 1) for findings in FINDINGS.values()))


def nats_for(found):
    levels = np.array(found, np.int8)
    return odds(tables(weights()), levels[None, OF_PLACES:], levels[:OF_PLACES, None, None])[0, 0]


@settings(max_examples=200, deadline=None)
@given(found=combinations, signal=st.integers(0, len(SIGNALS) - 1))
def test_whatever_else_was_found_a_signal_never_adds_less_than_an_earlier_finding_or_none(found, signal):
    along = [
        nats_for([*found[:signal], finding, *found[signal + 1 :]])
        for finding in range(len(FINDINGS[SIGNALS[signal]]))
    ]
    assert (np.diff(along) >= -1e-9).all(), SIGNALS[signal]


@settings(max_examples=100, deadline=None)
@given(found=combinations)
def test_contributions_sum_to_the_whole_and_a_first_finding_adds_nothing(found):
    (each,) = contributions(tables(weights()), np.array([found]))
    assert isclose(each.sum(), nats_for(found), abs_tol=1e-9)
    assert (each >= -1e-9).all()
    assert (each[np.array(found) == 0] == 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_names_change_nothing(seed):
    rows = stay(HERE, range(30)) + stay("NO", range(31, 50))
    first = verdict(rows, **settled("NO"))
    renamed = [{**row, "account_id": f"other-{seed}"} for row in rows]
    (second,) = judge(
        accounts(record(f"other-{seed}", **settled("NO"))), gathered(renamed), RULES, NOW
    ).to_pylist()
    assert {**first, "account_id": ""} == {**second, "account_id": ""}
    assert log(first["probability"]) < 0


def test_the_weights_name_findings_that_there_are_and_none_is_below_zero():
    fitted = weights()
    named = [(signal, first) for signal, first, _ in fitted.steps]
    for one, first, other, second, _ in (*fitted.both, *fitted.either):
        named += [(one, first), (other, second)]
        assert one != other
    assert all(0 < first < len(FINDINGS[signal]) for signal, first in named)
    assert all(step[-1] > 0 for step in (*fitted.steps, *fitted.both, *fitted.either))
    assert set(fitted.neutral) == set(SIGNALS)
    assert min(fitted.neutral.values()) >= 0
    assert sum(fitted.neutral.values()) == pytest.approx(-fitted.best)
