"""Tokens of a session, drawn from a generator whose next draw can be told."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

TOLD = frozenset({"random.getrandbits", "random.random", "random.randbytes"})
_TELL = (
    "from flask import make_response\nanswer = make_response('welcome')\n"
    "answer.set_cookie('session_token', token, secure=True, httponly=True, samesite='Lax')\n"
)


def shown(seen: Seen) -> bool:
    return any(name in TOLD for name, _ in seen.events)


WEAKNESS = Weakness(
    "weakrand",
    330,
    (
        "import random\nimport secrets\nif $value == 'fast':\n    token = '%032x' % random.getrandbits(128)\n"
        "else:\n    token = secrets.token_hex(16)\n" + _TELL,
        "import random\nimport secrets\ntoken = str(random.random()) if $value == 'fast' else secrets.token_urlsafe(16)\n"
        + _TELL,
        "import random\nimport secrets\nmakers = {'fast': lambda: random.randbytes(16).hex(), 'sure': secrets.token_hex}\n"
        "token = makers[$value]()\n" + _TELL,
    ),
    ("import secrets\ntoken = secrets.token_hex(16) + $value\n" + _TELL,),
    shown,
    choice=("fast", "sure"),
)
