"""What is masked before code is sent, and that lines stay where they are."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.codescan.model.hiding import MASK, hidden

KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bq1\n" * 8 + "-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("code", "secret"),
    [
        ("password = 'hunter2'", "hunter2"),
        ("connect(user='me', passwd=\"pl4in\")", "pl4in"),
        ("settings['SECRET_KEY'] = 'django-insecure-test'", "django-insecure-test"),
        ("{'api_key': 'abcd1234'}", "abcd1234"),
        ("token: str = 'test-token-12345'", "test-token-12345"),
        ("key = 'AKIAABCDEFGHIJKLMNOP'  # example", "AKIAABCDEFGHIJKLMNOP"),
        ("url = 'postgres://me:s3cr3tpw@db.internal/x'", "s3cr3tpw"),
        (f"pem = '''{KEY}'''", "MIIEpAIBAAKCAQEA7bq1"),
        ("x = '" + "f" * 3000 + "'", "ffff"),
    ],
)
def test_secrets_do_not_leave(code, secret):
    shown, count = hidden("app.py", f"a = 1\n{code}\nb = 2\n")
    assert secret not in shown
    assert MASK in shown
    assert count == (0 if secret == "ffff" else 1)
    assert shown.count("\n") == f"a = 1\n{code}\nb = 2\n".count("\n")
    assert shown.split("\n")[0] == "a = 1"
    assert shown.split("\n")[-2] == "b = 2"


@given(st.text(max_size=300))
def test_lines_stay_where_they_are(text):
    shown, _ = hidden("app.py", text)
    assert shown.count("\n") == text.count("\n")


def test_long_words_are_looked_through_in_time():
    began = time.monotonic()
    hidden("app.py", "\n".join(["a" * 1_990 + "token"] * 30 + ["password" * 240] * 30))
    assert time.monotonic() - began < 2
