"""Requests that the server makes to an address of a sender's choice."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

ELSEWHERE = "'http://evil.example"


def shown(seen: Seen) -> bool:
    return any(
        name == "urllib.request.urlopen" and value.startswith(ELSEWHERE) for name, value in seen.events
    )


WEAKNESS = Weakness(
    "ssrf",
    918,
    (
        "import urllib.request\nanswer = urllib.request.urlopen($value).read()\n",
        "from urllib import request as web\nwith web.urlopen(url=$value, timeout=3) as page:\n    answer = page.read()\n",
    ),
    (
        "import urllib.request\nanswer = urllib.request.urlopen('https://data.example/items/' + $value).read()\n",
        (
            "import urllib.request\nfrom urllib.parse import urlsplit\nanswer = 'refused'\n"
            "if urlsplit($value).hostname == 'data.example':\n    answer = urllib.request.urlopen($value).read()\n"
        ),
    ),
    shown,
    plain="https://data.example/items",
)
