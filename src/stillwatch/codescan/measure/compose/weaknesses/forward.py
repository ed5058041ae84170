"""Visitors sent on to a place of a sender's choice."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

ELSEWHERE = ("https://evil.example", "//evil.example")


def shown(seen: Seen) -> bool:
    return seen.location is not None and seen.location.startswith(ELSEWHERE)


WEAKNESS = Weakness(
    "redirect",
    601,
    (
        "from flask import redirect\nanswer = redirect($value)\n",
        "import flask\nanswer = flask.redirect(location=$value, code=303)\n",
        "from flask import make_response\nanswer = make_response('moved', 302)\nanswer.headers['Location'] = $value\n",
    ),
    (
        "from flask import redirect\nanswer = redirect('https://shop.example/' + $value)\n",
        "from flask import redirect\nanswer = redirect($value if $value in ('/home', '/help') else '/home')\n",
        (
            "from urllib.parse import urlsplit\nfrom flask import redirect\nparts = urlsplit($value)\n"
            "answer = redirect($value) if parts.scheme == 'https' and parts.netloc == 'shop.example' else 'refused'\n"
        ),
    ),
    shown,
    plain="/home",
)
