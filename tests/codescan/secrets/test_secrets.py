import random
import string
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.codescan import secrets
from stillwatch.codescan.secrets import masking, placeholders
from stillwatch.codescan.secrets.formats import BASE62

LETTERS = string.ascii_letters + string.digits


def drawn(length, seed, letters=LETTERS):
    return "".join(random.Random(seed).choices(letters, k=length))


def github(seed):
    body = drawn(30, seed)
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return "ghp" + "_" + body + digits.rjust(6, "0")


KEYS = {
    "github": github(1),
    "aws": "AK" + "IA" + drawn(16, 2, string.ascii_uppercase + "234567"),
    "stripe": "sk" + "_live_" + drawn(30, 3),
    "hugging face": "hf" + "_" + drawn(34, 4, string.ascii_letters),
    "google": "AI" + "za" + drawn(35, 5),
    "anthropic": "sk-" + "ant-api03-" + drawn(93, 6) + "AA",
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize(
    "form", ["KEY = '{}'\n", "\n\n  key: {}\n", "call({!r})\n", "x=1;u='https://a/{}?b'\n"]
)
def test_keys_in_their_providers_formats_are_found(key, form):
    (found,) = secrets.in_text("app/settings.py", form.format(key))
    assert found.rule == "hard-coded-secret"
    assert found.confidence >= 0.85
    assert form.format(key).split("\n")[found.location.line - 1][found.location.column - 1 :].startswith(key)


def test_a_wrong_checksum_is_no_token():
    key = KEYS["github"]
    assert secrets.in_text("a.py", f"KEY = '{key[:-1]}{'a' if key[-1] != 'a' else 'b'}'") == []


@pytest.mark.parametrize(
    "line",
    [
        "password = 'correct-horse-battery'",
        "password = os.environ['DB_PASSWORD_12345']",
        "api_key = 'your-api-key-goes-here-1234'",
        "token_url = 'https://example.org/oauth2/token1'",
        "SECRET_KEY = 'changeme-1234567890abcdef'",
        "password_reset_token = 'reset_token_view_2_name'",
        "secret: ${DATABASE_SECRET_1}",
        "AWS = 'AKIAIOSFODNN7EXAMPLE'",
        "url = 'postgres://user:password@localhost/db'",
        "url = 'postgres://user:Zq83nVt1xR0p@localhost/db'",
        "token = 'aaaaaaaa1aaaaaaaaaaaaa'",
        f"text = \"Example: api_key='{drawn(20, 8)}'\"",
        "-----BEGIN PUBLIC KEY-----\n" + drawn(80, 9),
    ],
)
def test_placeholders_and_words_are_left_alone(line):
    assert secrets.in_text("app.py", line) == []


@pytest.mark.parametrize(
    "text",
    [
        f"db_password = '{drawn(20, 1)}'",
        f'config = {{"api_key": "{drawn(32, 2)}"}}',
        f"TOKEN: str = '{drawn(40, 3, '0123456789abcdef')}'",
        f"url = 'postgres://app:{drawn(16, 4)}@db7.internal.net/x'",
        "K = '''-----BEGIN RSA " + f"PRIVATE KEY-----\n{drawn(64, 5)}\n{drawn(64, 6)}\n'''",
        "K = '-----BEGIN " + f"PRIVATE KEY-----\\n{drawn(120, 7)}\\n'",
    ],
)
def test_random_literals_in_names_of_secrets_are_found(text):
    (found,) = secrets.in_text("app.py", text)
    assert found.confidence >= 0.5


def test_tests_documents_and_binary_files_are_left_out(tmp_path):
    text = f"key = '{KEYS['stripe']}'\n"
    for name in ("tests/a.py", "docs/a.py", "README.md", "test_a.py", "node_modules/a.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "data.bin").write_bytes(b"\0" + text.encode())
    (tmp_path / "away.py").symlink_to("/etc/passwd")
    assert secrets.findings(tmp_path) == []
    (tmp_path / ".env").write_text(f"STRIPE_API_KEY={KEYS['stripe']}\n")
    assert [one.location.path for one in secrets.findings(tmp_path)] == [".env"]


def test_a_keyed_fingerprint_knows_a_secret_again():
    def named(text, key):
        return secrets.in_text("a.py", text, key=key)[0].why[-1]

    one, other = f"k = '{KEYS['stripe']}'", f"# moved\nk2 = '{KEYS['stripe']}'"
    assert named(one, b"a") == named(other, b"a")
    assert named(one, b"a") != named(one, b"b")


@given(st.sampled_from(sorted(KEYS)), st.text(st.sampled_from(" =:,;'\"()\n"), max_size=4), st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_finding_shows_a_secret(name, around, twice):
    secret = KEYS[name]
    text = f"api_key = '{secret}'{around}{secret if twice else ''}\n"
    for found in secrets.in_text("app.py", text, key=b"key"):
        assert secret not in msgspec.json.encode(found).decode()
        assert secret[8:] not in msgspec.json.encode(found).decode()


@given(st.text(min_size=1, max_size=60))
def test_a_mask_shows_at_most_the_start(secret):
    shown = masking.masked(secret)
    assert shown.startswith("…") or (len(secret) >= 24 and shown.startswith(secret[:4] + "…"))


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_can_be_read(text):
    secrets.in_text("a.py", text)
    placeholders.is_placeholder(text)
