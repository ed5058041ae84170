"""Levels as a function of proofs: what makes each, when it falls, and what a file of levels must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vouching import DAY, START

from stillwatch.access.verification.api import (
    HIGHEST,
    NOTHING,
    Proof,
    Subject,
    catalogue,
    lacking,
    level_held,
    packaged,
)
from stillwatch.access.verification.levels import parse
from stillwatch.records import InvalidConfiguration

RULES = packaged()
L0 = ["email"]
L1 = [*L0, "phone", "payment", "key_dpop"]
L2 = [*L1, "identity_ial2"]
L3 = [*L2, "registry_number", "beneficial_owners", "accountable_person", "passkey_attested"]
L4 = [*L3, "contract", "key_mtls", "audit"]


def proof(kind, *, number=0, made_at=START, lasts=100 * DAY, domain=None, revoked_at=None):
    return Proof(
        proof_id=f"proof-{kind}-{number}",
        account_id="acct-1",
        kind=kind,
        method="test",
        made_at=made_at,
        expires_at=made_at + lasts,
        by="test",
        provenance={},
        subjects=[] if domain is None else [Subject(kind="domain", token=domain)],
        revoked_at=revoked_at,
    )


def held(kinds, now=START):
    return level_held(RULES, [one if isinstance(one, Proof) else proof(one) for one in kinds], now).level


@pytest.mark.parametrize(("kinds", "level"), [([], NOTHING), (L0, 0), (L1, 1), (L2, 2), (L3, 3), (L4, 4)])
def test_what_makes_a_level(kinds, level):
    assert held(kinds) == level
    for missing in set(kinds) - (
        {"key_dpop"} if level > 2 else set()
    ):  # the passkey is a device's key as well
        assert held([one for one in kinds if one != missing]) < level


def test_levels_build_on_each_other():
    assert held([one for one in L4 if one != "phone"]) == 0
    assert held(["identity_ial2", "contract"]) == NOTHING


@pytest.mark.parametrize("key", ["passkey", "passkey_attested", "key_dpop", "key_mtls"])
def test_any_key_is_a_devices(key):
    assert held([*L0, "phone", "payment", key]) == 1


def test_an_organisation_is_its_login_and_the_same_domain():
    login = proof("organisation_login", domain="one")
    assert held([*L1, login]) == 1
    assert held([*L1, login, proof("domain_control", domain="two")]) == 1
    assert held([*L1, login, proof("domain_control")]) == 1
    assert (
        held(
            [
                *L1,
                login,
                proof("domain_control", domain="two"),
                proof("domain_control", number=1, domain="one"),
            ]
        )
        == 2
    )


def test_expired_revoked_and_future_proofs_count_nothing():
    assert held([proof("email", lasts=DAY)], START + DAY - 1) == 0
    assert held([proof("email", lasts=DAY)], START + DAY) == NOTHING
    assert held([proof("email", revoked_at=START)]) == NOTHING
    assert (
        held([proof("email", made_at=START + DAY)]) == NOTHING
    )  # the clock was wrong when it was made, or is now
    assert held([proof("email", made_at=START + 30_000_000)]) == 0  # as far as honest clocks differ


PROOFS = st.lists(
    st.builds(
        proof,
        st.sampled_from(sorted(RULES.kinds)),
        number=st.integers(0, 2),
        made_at=st.integers(START - 40 * DAY, START),
        lasts=st.integers(1, 90).map(lambda days: days * DAY),
        domain=st.sampled_from([None, "one", "two"]),
    ),
    max_size=24,
    unique_by=lambda one: one.proof_id,
)


@given(more=PROOFS, base=st.sampled_from([[], L1, L2, L3, L4]))
def test_a_level_stands_until_it_expires_and_then_falls(more, base):
    proofs = [*more, *(proof(kind, number=7, lasts=30 * DAY) for kind in base)]
    now = level_held(RULES, proofs, START)
    if now.level == NOTHING:
        assert (now.proofs, now.expires) == ([], None)
        return
    assert level_held(RULES, proofs, now.expires - 1).level >= now.level
    assert level_held(RULES, proofs, now.expires).level < now.level
    assert level_held(RULES, now.proofs, START).level == now.level  # they are enough


@given(proofs=PROOFS, extra=PROOFS)
def test_another_proof_never_lowers_a_level_and_nothing_is_lacking_for_one_that_is_held(proofs, extra):
    before = level_held(RULES, proofs, START).level
    assert level_held(RULES, [*proofs, *extra], START).level >= before
    for level in range(HIGHEST + 1):
        assert (lacking(RULES, proofs, level, START) == []) is (level <= before)


def test_what_is_lacking_names_every_way():
    wanted = lacking(RULES, [proof("email")], 2, START)
    assert [one.need for one in wanted] == ["phone", "payment", "device key", "identity"]
    assert ["organisation_login", "domain_control"] in wanted[-1].ways


def test_every_kind_is_given_by_a_method_and_asked_by_a_level():
    given_kinds = {kind for method in catalogue().values() for kind in method.gives}
    asked = {
        kind for rule in RULES.levels for ways in rule.needs.values() for way in ways for kind in way.all
    }
    assert given_kinds == asked == set(RULES.kinds)


def test_every_method_documents_itself():
    from importlib import import_module  # noqa: PLC0415

    for name in catalogue():
        said = import_module(f"stillwatch.access.verification.methods.{name}").__doc__
        assert "\nShows: " in said
        assert "\nCannot show: " in said


FILE = """
version: 2026-01-01
kinds: {email: {days: 9, because: x}}
levels:
  - {level: 0, says: x, needs: {e: [{all: [email]}]}}
  - {level: 1, says: x, needs: {e: [{all: [email]}]}}
  - {level: 2, says: x, needs: {e: [{all: [email]}]}}
  - {level: 3, says: x, needs: {e: [{all: [email]}]}}
  - {level: 4, says: x, needs: {e: [{all: [email]}]}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("days: 9", "days: 0", "from 1 to"),
        ("level: 4", "level: 5", "in order"),
        ("[{all: [email]}]}}\n  - {level: 4", "[]}}\n  - {level: 4", "no way to meet"),
        ("needs: {e: [{all: [email]}]}}\n  - {level: 1", "needs: {}}\n  - {level: 1", "nothing more"),
        ("[email]}]}}\n  - {level: 4", "[fax]}]}}\n  - {level: 4", "no such kind of proof as 'fax'"),
        ("version:", "verison:", "verison"),
        ("days: 9", "days: nine", "int"),
        ("kinds: {", "kinds: {{", "kinds"),
    ],
)
def test_a_file_of_levels_that_does_not_hold(old, new, said):
    assert parse(FILE, "f").kinds["email"].days == 9
    with pytest.raises(InvalidConfiguration, match=r"^levels\.yaml: ") as found:
        parse(FILE.replace(old, new), "levels.yaml")
    assert said in str(found.value) or said == "kinds"


@given(st.text(max_size=200))
def test_any_text_is_a_file_of_levels_or_an_error(text):
    with pytest.raises(InvalidConfiguration):
        parse(text, "levels.yaml")
