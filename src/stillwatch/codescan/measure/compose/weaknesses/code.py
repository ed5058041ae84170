"""Code that is made of a sender's text."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen
from stillwatch.codescan.measure.running.payloads import CANARY


def shown(seen: Seen) -> bool:
    return any(name in {"eval", "exec"} and f"{CANARY}()" in value for name, value in seen.events)


WEAKNESS = Weakness(
    "codeinj",
    94,
    (
        "answer = str(eval($value))\n",
        "scope = {}\nexec('found = ' + $value, scope)\nanswer = str(scope['found'])\n",
        "answer = str(eval(f'({$value})', {}))\n",
    ),
    (
        "import ast\nanswer = str(ast.literal_eval($value))\n",
        "answer = str(eval($value)) if $value.isdigit() else 'no number'\n",
        "answer = str(int($value))\n",
    ),
    shown,
    plain="12",
)
