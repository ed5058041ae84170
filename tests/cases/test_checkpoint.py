"""Signed notes: what they look like, and what no longer opens."""

import base64
import hashlib
import stat
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stillwatch.cases.checkpoint import (
    Checkpoint,
    Signer,
    load_signer,
    opened,
    origin_of,
    public_of,
    verifier_key,
)
from stillwatch.records import InvalidConfiguration

ROOT = bytes(range(32))
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
NOTE = SIGNER.sign(Checkpoint("stillwatch/acme", 7, ROOT))


def test_the_form_of_a_note():
    text, _, signature = NOTE.partition("\n\n")
    assert text == f"stillwatch/acme\n7\n{base64.b64encode(ROOT).decode()}"
    dash, name, encoded = signature.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", "stillwatch/acme")
    expected = hashlib.sha256(b"stillwatch/acme\n\x01" + SIGNER.public).digest()[:4]
    assert base64.b64decode(encoded)[:4] == expected
    assert len(base64.b64decode(encoded)) == 4 + 64


def test_it_opens_with_its_key():
    assert opened(NOTE, SIGNER.public) == Checkpoint("stillwatch/acme", 7, ROOT)


def test_signatures_of_witnesses_are_left_alone():
    witnessed = NOTE + "\u2014 witness.example AAAAAAAA\n"
    assert opened(witnessed, SIGNER.public).size == 7


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n7\n", "\n8\n"),
        NOTE.replace("\n7\n", "\n07\n"),
        NOTE.replace("acme", "other"),
        NOTE.replace("\u2014", "-"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("/acme\n7", "/acme\n-7"),
        NOTE[:-30],
        "",
    ],
)
def test_a_changed_note_does_not_open(note):
    with pytest.raises(ValueError, match=r"checkpoint|signature|signed|padding|base64"):
        opened(note, SIGNER.public)


def test_another_key_does_not_open_it():
    other = Signer(Ed25519PrivateKey.generate())
    with pytest.raises(ValueError, match="not signed with this key"):
        opened(NOTE, other.public)


@pytest.mark.parametrize("seed", range(20))
def test_the_public_key_as_text(seed):
    public = Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))).public
    assert public_of(verifier_key("stillwatch/acme", public)) == public
    with pytest.raises(ValueError, match="do not fit"):
        public_of(verifier_key("stillwatch/acme", public).replace("acme", "other"))


def test_a_name_of_a_log_has_no_space_or_plus():
    assert origin_of("a b+c/d\n") == "stillwatch/a%20b%2Bc%2Fd%0A"


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "audit.key"
    found = []
    threads = [threading.Thread(target=lambda: found.append(load_signer(path).public)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [load_signer(path).public] * 8
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["audit.key"]


def test_a_file_that_is_no_key(tmp_path):
    (tmp_path / "audit.key").write_text("secret")
    with pytest.raises(InvalidConfiguration, match="no private key"):
        load_signer(tmp_path / "audit.key")
