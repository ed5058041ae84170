"""Client certificates: registering one, and a real handshake whose certificate is compared."""

import base64
import socket
import ssl
from threading import Thread
from urllib.parse import quote

import pytest
from client_certificates import header_of, lasting_now, possess, self_signed
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from vouching import DAY, START, desk

from stillwatch.access.verification.api import Bound, Call, CallKeys, Refused
from stillwatch.access.verification.protocols import mtls


@pytest.fixture
def keys(tenant):
    return desk(tenant)


def register(keys, made, account="acct-1", *, shown=None, signer=None):
    begun = keys.begin("key_mtls", {"account_id": account})
    answer = {
        "account_id": account,
        "challenge_id": begun.challenge_id,
        "certificate": shown or made.pem,
        "signature": possess(signer or made, begun.shown["challenge"]),
    }
    return keys.complete("key_mtls", answer)


@pytest.mark.parametrize("kind", ["ec", "ed25519", "rsa"])
def test_a_certificate_is_registered_and_ends_with_it(kind, keys):
    made = self_signed(kind, ends=START + 90 * DAY)
    proof = register(keys, made)
    assert (proof.kind, proof.expires_at - START) == ("key_mtls", 90 * DAY)
    assert keys.bound_keys()["acct-1"].x5t == {mtls.presented(made.der).thumbprint}


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("expired", {"ends": START - 3600 * 1_000_000}),
        ("clock_skewed", {"begins": START + DAY}),
        ("malformed", {"kind": "rsa1024"}),
    ],
)
def test_a_certificate_out_of_its_time_or_too_weak(reason, told, keys):
    with pytest.raises(Refused) as found:
        register(keys, self_signed(**told))
    assert found.value.reason == reason


def test_who_shows_anothers_certificate_has_not_its_key(keys):
    with pytest.raises(Refused, match="does not fit"):
        register(keys, self_signed(), signer=self_signed())


def test_two_certificates_of_one_key_are_one_key(keys):
    first = self_signed()
    register(keys, first)
    with pytest.raises(Refused, match="registered already"):
        register(keys, self_signed(key=first.key), "acct-2")
    assert keys.links()[0].accounts == ["acct-1", "acct-2"]


@pytest.mark.parametrize(
    "shown", ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "x" * 19_000]
)
def test_what_is_no_certificate(shown, keys):
    made = self_signed()
    with pytest.raises(Refused) as found:
        register(keys, made, shown=shown or "y")
    assert found.value.reason == "malformed"


def test_headers_of_proxies():
    made = self_signed()
    thumbprint = mtls.presented(made.der).thumbprint
    envoy = f'By=spiffe://x;Hash=00;Cert="{quote(made.pem, safe="")}";Chain=""'
    chained = f'Hash=1;Cert="{quote(self_signed().pem, safe="")}",{envoy}'  # the nearest proxy writes last
    for header in (header_of(made), quote(made.pem), envoy, chained):
        assert mtls.from_header(header).thumbprint == thumbprint


@given(
    st.one_of(
        st.text(max_size=100), st.binary(max_size=60).map(lambda raw: f":{base64.b64encode(raw).decode()}:")
    )
)
def test_any_header_is_refused(text):
    with pytest.raises(Refused):
        mtls.from_header(text)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_changed_certificate_is_read_or_refused(at, new):
    raw = bytearray(CERTIFICATE.der)
    raw[at % len(raw) : at % len(raw) + len(new)] = new
    try:
        shown = mtls.presented(bytes(raw))
        mtls.check_possession(shown, b"signature", b"challenge")
    except Refused:
        return
    raise AssertionError("a signature of nobody was taken")


CERTIFICATE = self_signed()


def test_3_a_real_handshake_is_bound_to_the_registered_certificate(tmp_path):
    """RFC 8705, section 3: the certificate of the handshake, by its hash; another client's is not taken."""
    server, own, other = (lasting_now() for _ in range(3))
    paths = {}
    for name, made in (("server", server), ("own", own), ("other", other)):
        key = made.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        paths[name] = tmp_path / f"{name}.pem"
        paths[name].write_bytes(key + made.pem.encode())
    keys = CallKeys({"acct-1": Bound(frozenset(), frozenset({mtls.presented(own.der).thumbprint}))})
    now = mtls.presented(own.der).not_before + 2 * DAY
    for name, passes in (("own", True), ("other", False)):
        der = _handshake(paths["server"], paths[name], own.pem + other.pem)
        call = Call(
            method="POST", url="https://x.test/", token="t", certificate=f":{base64.b64encode(der).decode()}:"
        )
        if passes:
            assert keys.check("acct-1", call, now)
        else:
            with pytest.raises(Refused, match="another than the account's"):
                keys.check("acct-1", call, now)


def _handshake(server, client, trusted):
    """The client certificate that the server's side of a TLS connection sees."""
    outside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    outside.load_cert_chain(server)
    outside.verify_mode = ssl.CERT_REQUIRED
    outside.load_verify_locations(cadata=trusted)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    inside.check_hostname, inside.verify_mode = False, ssl.CERT_NONE
    inside.load_cert_chain(client)
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept():
            raw, _ = listening.accept()
            raw.settimeout(10)
            with outside.wrap_socket(raw, server_side=True) as connection:
                seen.append(connection.getpeercert(binary_form=True))
                connection.sendall(b"x")

        thread = Thread(target=accept)
        thread.start()
        with (
            socket.create_connection(listening.getsockname(), timeout=10) as raw,
            inside.wrap_socket(raw) as connection,
        ):
            assert connection.recv(1) == b"x"
        thread.join(10)
    return seen[0]
