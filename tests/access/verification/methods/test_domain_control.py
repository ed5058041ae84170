"""Control of a domain, against a real name server on loopback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from name_server import serving
from vouching import DAY, desk

from stillwatch.access.verification.api import Refused
from stillwatch.access.verification.protocols.text_records import domain_of, server_of
from stillwatch.records import InvalidConfiguration


@pytest.fixture(scope="module")
def server():
    with serving() as found:
        yield found


@pytest.fixture(autouse=True)
def zone(server):
    server[0].texts, server[0].asked = {}, []
    server[0].broken = server[0].signed = False
    return server[0]


@pytest.fixture
def domains(tenant, server):
    return desk(tenant, name_servers=[server[1]])


def begin(domains, domain="Acme.Example.", account="acct-1"):
    return domains.begin("domain_control", {"account_id": account, "domain": domain})


def complete(domains, begun, account="acct-1"):
    return domains.complete("domain_control", {"account_id": account, "challenge_id": begun.challenge_id})


def test_a_record_in_the_zone_proves_the_domain(domains, zone):
    begun = begin(domains)
    assert begun.shown["name"] == "_stillwatch.acme.example"
    zone.texts = {begun.shown["name"]: ["v=spf1 -all", begun.shown["text"]]}
    proof = complete(domains, begun)
    assert (proof.kind, proof.provenance) == ("domain_control", {"servers": 1, "dnssec": False})
    assert "acme" not in str(proof.subjects)
    assert zone.asked == ["_stillwatch.acme.example"]


def test_that_the_server_has_checked_signatures_is_kept(domains, zone):
    begun = begin(domains)
    zone.texts, zone.signed = {begun.shown["name"]: [begun.shown["text"]]}, True
    assert complete(domains, begun).provenance["dnssec"] is True


def test_it_may_be_tried_until_the_zone_has_it(domains, zone, clock):
    begun = begin(domains)
    for texts in (
        {},
        {begun.shown["name"]: []},
        {begun.shown["name"]: ["", "another", begun.shown["text"][:-1]]},
    ):
        zone.texts = texts
        with pytest.raises(Refused) as found:
            complete(domains, begun)
        assert found.value.reason == "not_found"
    clock.now += 6 * DAY
    zone.texts = {begun.shown["name"]: [begun.shown["text"]]}
    assert complete(domains, begun)


def test_a_long_record_in_parts_is_read_whole(domains, zone):
    begun = begin(domains)
    zone.texts = {begun.shown["name"]: ["x" * 900, begun.shown["text"], *(f"{n}" * 200 for n in range(9))]}
    assert complete(domains, begun)  # longer than a datagram: asked again over TCP


def test_the_text_of_one_account_proves_nothing_for_another(domains, zone):
    one, other = begin(domains), begin(domains, account="acct-2")
    zone.texts = {one.shown["name"]: [one.shown["text"]]}
    with pytest.raises(Refused, match="no such text record"):
        complete(domains, other, "acct-2")
    with pytest.raises(Refused, match="another account"):
        complete(domains, one, "acct-2")


def test_name_servers_that_do_not_answer(domains, zone):
    begun = begin(domains)
    zone.broken = True
    with pytest.raises(Refused) as found:
        complete(domains, begun)
    assert found.value.reason == "unreachable"


def test_all_servers_must_have_it(tenant, zone, server):
    with serving() as (second, address):
        both = desk(tenant, name_servers=[server[1], address])
        begun = begin(both)
        zone.texts = {begun.shown["name"]: [begun.shown["text"]]}
        with pytest.raises(Refused, match="no such text record"):
            complete(both, begun)
        second.texts = zone.texts
        assert complete(both, begun).provenance["servers"] == 2


def test_accounts_of_one_domain_are_linked_however_it_is_written(domains, zone):
    for account, domain in (
        ("acct-1", "bücher.example"),
        ("acct-2", "XN--BCHER-KVA.example."),
        ("acct-3", "c.example"),
    ):
        begun = begin(domains, domain, account)
        zone.texts = {begun.shown["name"]: [begun.shown["text"]]}
        complete(domains, begun, account)
    (link,) = domains.links(["domain"])
    assert (link.accounts, link.of) == (["acct-1", "acct-2"], 3)


@pytest.mark.parametrize(
    "domain",
    [
        "com",
        "localhost",
        "a..b",
        "-",
        "1.2.3.4",
        "a b.c",
        "ex_ample.com",
        "x" * 64 + ".com",
        "a.b/c",
        "😀" * 60 + ".com",
        "\x00.com",
    ],
)
def test_what_nobody_owns(domain, domains):
    with pytest.raises(Refused) as found:
        domains.begin("domain_control", {"account_id": "a", "domain": domain})
    assert found.value.reason == "malformed"


@given(st.text(max_size=80))
def test_any_text_is_a_domain_or_refused(text):
    try:
        domain = domain_of(text)
    except Refused:
        return
    assert domain == domain_of(domain) == domain.lower()
    assert domain.isascii()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:54", ("2001:db8::1", 54)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
    ],
)
def test_addresses_of_name_servers(text, found):
    assert server_of(text) == found


@given(st.text(max_size=20))
def test_any_text_is_an_address_or_an_error(text):
    try:
        assert 0 < server_of(text)[1] < 65_536
    except InvalidConfiguration:
        return
