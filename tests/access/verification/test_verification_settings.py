"""The settings file: what holds together is read, all else is an error that says where."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from software_authenticator import Maker

from stillwatch.access.verification.api import Settings, load, settings_from
from stillwatch.records import InvalidConfiguration

FILE = """
relying_party: {id: example.com, name: Example, origins: ["https://console.example.com", "https://example.com:8443"]}
attestation_roots: {packed: [root.pem]}
organisations:
  google:
    issuer: https://accounts.google.com
    client_id: me
    redirect_uri: https://console.example.com/back
    secret: GOOGLE
    domain_claim: hd
vendors:
  idcheck: {states: [identity_ial2], secret: IDCHECK}
  payer: {states: [payment], public_keys: ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}
name_servers: ["192.0.2.1", "[2001:db8::1]:5353"]
access_tokens: {issuer: "https://login.example.com", audience: api, jwks: jwks.json}
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE", "x")
    monkeypatch.setenv("IDCHECK", "whsec_" + base64.b64encode(bytes(32)).decode())
    (tmp_path / "root.pem").write_bytes(Maker().root_pem())
    path = tmp_path / "verification.yaml"
    path.write_text(FILE)
    return path


def test_a_whole_file(file):
    settings = load(file)
    assert settings.client("google").secret == "x"
    assert settings.verifier("idcheck").secrets == [bytes(32)]
    assert settings.verifier("payer").public_keys == [bytes(32)]
    assert settings.verifier("nobody") is None
    assert settings.roots()["packed"][0].startswith(b"-----BEGIN CERTIFICATE")


def test_an_empty_file_and_none(tmp_path):
    (tmp_path / "empty.yaml").write_text("")
    assert load(tmp_path / "empty.yaml") == Settings(folder=tmp_path)
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("relying_party", "relaying_party", "relaying_party"),
        ('https://console.example.com", ', 'https://evil.test", ', "each origin"),
        ('https://console.example.com", ', 'http://console.example.com", ', "each origin"),
        ("packed:", "self:", "no such form"),
        ("root.pem", "none.pem", "cannot be read"),
        ("root.pem", "verification.yaml", "no certificate"),
        ("https://accounts.google.com", "http://accounts.google.com", "must be https"),
        ("secret: GOOGLE", "secret: UNSET_VARIABLE", "UNSET_VARIABLE holds no secret"),
        ("[identity_ial2]", "[identity]", "states lists some of"),
        ("[identity_ial2]", "[]", "states lists some of"),
        (", secret: IDCHECK", "", "needs a secret or public_keys"),
        ("secret: IDCHECK", "secret: GOOGLE", "it needs 24"),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAAA", "32 bytes"),
        ("192.0.2.1", "dns.example.com", "no address of a name server"),
        ("audience: api, ", "", "audience"),
        ("\nvendors:", "\nfolder: /\nvendors:", "unknown key 'folder'"),
        ("\nvendors:", "\nlevels: none.yaml\nvendors:", "cannot be read"),
        ("\nvendors:", "\n  vendors: [", "verification.yaml"),
    ],
)
def test_what_does_not_hold_together(old, new, said, file):
    file.write_text(FILE.replace(old, new))
    with pytest.raises(InvalidConfiguration, match=r"verification\.yaml") as found:
        load(file)
    assert said in str(found.value) or said == "verification.yaml"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(Settings.__struct_fields__), JSON)
def test_any_value_is_taken_or_an_error(name, value):
    for given_value in (value, {name: value}):
        with contextlib.suppress(InvalidConfiguration):
            settings_from(given_value, "test")
