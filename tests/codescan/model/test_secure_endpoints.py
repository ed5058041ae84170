"""Endpoints over TLS, with certificates that are known and that are not, and through the proxy that the environment names."""

import datetime as dt
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scripted_endpoint import Raw, asker, serving

from stillwatch.codescan.model import protocols
from stillwatch.codescan.model.asking import Matter
from stillwatch.codescan.model.protocols import Question


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "scripted")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "both.pem"
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    return place


def asked(address, **options):
    one = asker(address, **options)
    answer = one.ask(Question("rules", "task"), Matter("app.py", 4, 0, "0" * 64), str)
    return answer, one.account().failed


def test_a_certificate_that_is_known_is_taken_and_another_is_not(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(lambda _asked: "heard", context=context) as script:
        address = script.address.replace("http:", "https:")
        answer, failed = asked(address, key="s3cret")
        assert answer is None
        assert "no secure connection" in next(iter(failed))
        assert script.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        answer, failed = asked(address, key="s3cret")
        assert (answer, failed) == ("heard", {})
        answer, failed = asked(address.replace("127.0.0.1", "localhost"))
        assert "no secure connection" in next(iter(failed))


def test_an_endpoint_without_tls_is_not_spoken_to_where_https_was_said():
    with serving(lambda _asked: "heard") as script:
        answer, failed = asked(script.address.replace("http:", "https:"))
    assert answer is None
    assert "no secure connection" in next(iter(failed))


def test_the_environments_proxy_is_asked_for_the_way_and_sees_no_key(monkeypatch):
    seen = []

    def connect(handler):
        seen.append((handler.path, dict(handler.headers)))
        handler.send_error(403)

    monkeypatch.setattr(BaseHTTPRequestHandler, "do_CONNECT", connect, raising=False)
    with serving(lambda _asked: Raw(500)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.address)
        monkeypatch.setenv("no_proxy", "")
        answer, failed = asked("https://models.example.org", key="s3cret")
    assert answer is None
    assert failed
    assert [path for path, _ in seen] == ["models.example.org:443"]
    assert "s3cret" not in repr(seen)


def test_every_protocol_has_what_is_asked_of_it():
    for name, protocol in protocols.catalogue().items():
        assert protocol.__doc__
        assert protocol.path("/v1").startswith("/v1/"), name
        assert protocol.headers("k").items() >= protocol.headers("").items()
        assert "task" in repr(protocol.body("m", Question("rules", "task"), 10))


def test_threads_of_requests_end():
    before = threading.active_count()
    with serving(lambda _asked: "heard") as script:
        assert asked(script.address)[0] == "heard"
    assert threading.active_count() <= before
