"""A regular expression that takes very long for some texts, used on others' data: it takes all of a processor's time.

Seen: a repetition inside a repetition that can share the same letters between them in many ways, as in `(a+)+$`.
"""

from __future__ import annotations

import re
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]  # the parser Python itself uses
from re import _parser as parser  # type: ignore[attr-defined]  # as above

from stillwatch.codescan.checks import Hazard, Rule, SinkCall, known

MANY = 10


def _hazard(call: SinkCall) -> Hazard | None:
    pattern, *subjects = (call.given(*selectors) for selectors in call.model.arguments)
    texts = [one.pattern if isinstance(one, re.Pattern) else one for one in known(pattern)]
    if not any(isinstance(one, str | bytes) and ambiguous(one) for one in texts):
        return None
    values = tuple(one for one in subjects if one is not None)
    return Hazard(values, confidence=0.7) if values else None


@cache
def ambiguous(pattern: str | bytes) -> bool:
    """Whether a repetition is repeated, with nothing between two rounds that tells where one ends."""
    try:
        return _search(parser.parse(pattern))
    except (re.error, RecursionError, OverflowError):
        return False


def _search(parts: object) -> bool:
    for code, value in parts:  # type: ignore[attr-defined]  # parts of a parsed pattern
        if code in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
            _, most, inner = value
            if most >= MANY and _open_ended(list(inner)):
                return True
            if _search(inner):
                return True
        elif (code is codes.SUBPATTERN and _search(value[-1])) or (
            code is codes.BRANCH and any(_search(one) for one in value[1])
        ):
            return True
    return False


def _open_ended(inner: list[tuple[object, object]]) -> bool:
    """Whether one round of a repetition can be split into several: it is itself a repetition of the same letters."""
    while len(inner) == 1 and inner[0][0] is codes.SUBPATTERN:
        inner = list(inner[0][1][-1])  # type: ignore[index]  # the pattern inside a group
    if len(inner) == 1 and inner[0][0] in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
        repetition: tuple[int, int, object] = inner[0][1]  # type: ignore[assignment]  # as the parser gives it
        return repetition[1] >= MANY and repetition[0] <= 1
    if len(inner) == 1 and inner[0][0] is codes.BRANCH:
        ways = [str(list(one)) for one in inner[0][1][1]]  # type: ignore[index]  # the ways of a choice
        return len(set(ways)) < len(ways)
    return False


RULE = Rule(
    id="backtracking-pattern",
    cwe=1333,
    title="a pattern that takes very long for some texts",
    cvss="CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N",
    advice="Write it so that each text can be matched in one way only, or limit the length of the text.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import re
from flask import Flask, request

app = Flask(__name__)
WORDS = re.compile(r"^(\\w+)*$")

@app.route("/check")
def check():
    return {"fits": WORDS.match(request.args["text"]) is not None}
""",
    "good": """
import re
from flask import Flask, request

app = Flask(__name__)
WORDS = re.compile(r"^(\\w+ )*$")

@app.route("/check")
def check():
    return {"fits": WORDS.match(request.args["text"]) is not None}
""",
    "fixed": """
import re
from flask import Flask, request

app = Flask(__name__)
WORDS = re.compile(r"^\\w*$")

@app.route("/check")
def check():
    return {"fits": WORDS.match(request.args["text"]) is not None}
""",
}
