"""Statements of SQL, made of a sender's text."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen
from stillwatch.codescan.measure.running.payloads import CANARY

_OPEN = "import sqlite3\nrows = sqlite3.connect(':memory:')\n"
_TELL = "answer = str(found.fetchall())\n"


def shown(seen: Seen) -> bool:
    return any(
        name.startswith("sqlite3.exec") and f"{CANARY}' OR '1'='1" in text for name, text in seen.events
    )


WEAKNESS = Weakness(
    "sqli",
    89,
    (
        _OPEN + "found = rows.execute(\"SELECT 1 WHERE 'a' = '\" + $value + \"'\")\n" + _TELL,
        _OPEN + "found = rows.cursor().execute(f\"SELECT 1 WHERE 'a' = '{$value}'\")\n" + _TELL,
        _OPEN + "found = rows.execute(\"SELECT 1 WHERE 'a' = '%s'\" % $value)\n" + _TELL,
        _OPEN
        + "text = \"SELECT 1 WHERE 'a' = '{}'\".format($value)\nfound = rows.cursor().execute(text)\n"
        + _TELL,
    ),
    (
        _OPEN + "found = rows.execute(\"SELECT 1 WHERE 'a' = ?\", ($value,))\n" + _TELL,
        _OPEN + "found = rows.cursor().execute(\"SELECT 1 WHERE 'a' = :name\", {'name': $value})\n" + _TELL,
        _OPEN + "found = rows.execute(f'SELECT 1 WHERE 7 = {int($value)}')\n" + _TELL,
    ),
    shown,
    plain="12",
)
