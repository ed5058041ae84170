"""Filters of a directory, made of a sender's text."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

_OPEN = (
    "import ldap3\nserver = ldap3.Server('directory.example')\n"
    "people = ldap3.Connection(server, client_strategy=ldap3.MOCK_SYNC)\npeople.bind()\n"
)
_TELL = "answer = f'found {len(people.entries)}'\n"


def shown(seen: Seen) -> bool:
    return any(name == "ldap3.search" and "*)(uid=*" in value for name, value in seen.events)


WEAKNESS = Weakness(
    "ldapi",
    90,
    (
        _OPEN + "people.search('ou=people,o=example', f'(uid={$value})')\n" + _TELL,
        _OPEN
        + "people.search('ou=people,o=example', '(&(objectClass=person)(uid=' + $value + '))')\n"
        + _TELL,
        _OPEN
        + "people.search(search_base='ou=people,o=example', search_filter='(cn=%s)' % $value)\n"
        + _TELL,
    ),
    (
        _OPEN + "from ldap3.utils.conv import escape_filter_chars\n"
        "people.search('ou=people,o=example', f'(uid={escape_filter_chars($value)})')\n" + _TELL,
        _OPEN + "if $value.isalnum():\n    people.search('ou=people,o=example', f'(uid={$value})')\n" + _TELL,
    ),
    shown,
)
