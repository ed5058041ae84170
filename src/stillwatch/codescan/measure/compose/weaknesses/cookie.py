"""Cookies that also travel in the clear."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen


def shown(seen: Seen) -> bool:
    return any("; Secure" not in cookie for cookie in seen.cookies)


_START = "import secrets\nfrom flask import make_response\nanswer = make_response('welcome')\ntoken = secrets.token_hex(16)\n"
WEAKNESS = Weakness(
    "securecookie",
    614,
    (
        _START
        + "answer.set_cookie('session_token', token, secure=$value == 'always', httponly=True, samesite='Lax')\n",
        _START + "settings = {'secure': $value == 'always', 'httponly': True, 'samesite': 'Lax'}\n"
        "answer.set_cookie('session_token', token, **settings)\n",
        _START
        + "if $value == 'always':\n    answer.set_cookie('session_token', token, secure=True, httponly=True)\n"
        "else:\n    answer.set_cookie('session_token', token, httponly=True)\n",
    ),
    (_START + "answer.set_cookie($value, token, secure=True, httponly=True, samesite='Lax')\n",),
    shown,
    choice=("never", "always"),
)
