"""Codes sent to an address."""

import pytest
from vouching import MINUTES, desk

from stillwatch.access.verification.api import Refused
from stillwatch.access.verification.schema import metadata


@pytest.fixture
def codes(tenant):
    return desk(tenant)


def begin(codes, address="ana@acme.example", channel="email", account="acct-1"):
    return codes.begin("one_time_code", {"account_id": account, "channel": channel, "address": address})


def complete(codes, begun, code=None, account="acct-1"):
    answer = {"account_id": account, "challenge_id": begun.challenge_id, "code": code or begun.shown["send"]}
    return codes.complete("one_time_code", answer)


@pytest.mark.parametrize(
    ("channel", "address"), [("email", "ana@acme.example"), ("phone", "+44 20 7946 0958")]
)
def test_a_code_proves_its_address(channel, address, codes):
    proof = complete(codes, begin(codes, address, channel))
    assert proof.kind == channel
    assert codes.level_of("acct-1").level == (0 if channel == "email" else -1)


def test_neither_address_nor_code_is_kept(codes, tenant):
    begun = begin(codes)
    with tenant.reading() as connection:
        kept = str([connection.execute(table.select()).all() for table in metadata.sorted_tables])
    assert "ana@" not in kept
    assert begun.shown["send"] not in kept
    complete(codes, begun)
    with tenant.reading() as connection:
        after = str([connection.execute(table.select()).all() for table in metadata.sorted_tables])
    assert "salt" not in after  # an answered challenge has no state left


def test_a_code_is_typed_as_people_type_it(codes):
    begun = begin(codes)
    assert complete(codes, begun, f" {begun.shown['send'][:4]} {begun.shown['send'][4:]} ")


def test_guesses_are_counted_and_end_it(codes):
    begun = begin(codes)
    wrong = f"{(int(begun.shown['send']) + 1) % 10**8:08}"
    for _ in range(5):
        with pytest.raises(Refused, match="wrong"):
            complete(codes, begun, wrong)
    with pytest.raises(Refused, match="too often"):
        complete(codes, begun)


def test_a_code_ends_after_minutes(codes, clock):
    begun = begin(codes)
    clock.now += 15 * MINUTES
    with pytest.raises(Refused, match="expired"):
        complete(codes, begun)


def test_one_address_on_two_accounts_is_a_link(codes):
    for account, address in (
        ("acct-1", "Ana@Acme.example"),
        ("acct-2", "ana@acme.example"),
        ("acct-3", "b@c.d"),
    ):
        complete(codes, begin(codes, address, account=account), account=account)
    (link,) = codes.links()
    assert (link.kind, link.accounts, link.of) == ("email", ["acct-1", "acct-2"], 3)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("email", "ana"),
        ("email", "@acme.example"),
        ("email", "ana@acme"),
        ("phone", "020 7946 0958"),
        ("phone", "+12"),
        ("phone", "+44 CALL ME NOW"),
        ("phone", "+١٢٣٤٥٦٧٨"),
    ],
)
def test_what_is_no_address(channel, address, codes):
    with pytest.raises(Refused) as found:
        begin(codes, address, channel)
    assert found.value.reason == "malformed"
