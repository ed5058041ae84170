"""Regular expressions: a text that is filled into one is escaped; one that is whole may not repeat a group.

Without a repeated group nothing backtracks without end. Who asks with such an expression gets the error of one that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site, called

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "regex-injection"
NAME = "bounded_pattern"
GUARD = r'''def bounded_pattern(pattern):
    """The pattern; refused where it repeats a group, which can take time without end."""
    if re.search(r"\)\s*[*+{]|\(\?[a-zA-Z]*x", pattern):
        raise re.error("a group must not be repeated", pattern)
    return pattern
'''


def edits(site: Site) -> Iterator[Edit]:
    """Escape what is filled in; look at an expression that is whole."""
    given = site.argument(0, "pattern")
    if given is None:
        raise NoFix("the expression is not written out")
    found = templates.pieces(site, site.resolved(given.value))
    if len(found) == 1:
        edit = Edit("expressions that repeat a group are refused")
        guard = site.defining(NAME, GUARD, ("re",), edit)
        edit.replaced[given.value] = called(guard, given.value)
        yield edit
        return
    holes = templates.foreign(site, found)
    if not holes:
        raise NoFix("the expression is put together elsewhere")
    edit = Edit("what is filled in is looked for as it is")
    edit.replaced.update(templates.wrapped(f"{site.using('re', None, edit)}.escape", holes))
    yield edit


EXAMPLES = [
    (
        """
import re
from flask import Flask, request

app = Flask(__name__)

@app.route("/find")
def find():
    name = request.args["name"]
    return {"found": re.search(f"^name: {name}$", "a page of text", re.MULTILINE) is not None}
""",
        """
import re
from flask import Flask, request

app = Flask(__name__)

@app.route("/find")
def find():
    name = request.args["name"]
    return {"found": re.search(f"^name: {re.escape(name)}$", "a page of text", re.MULTILINE) is not None}
""",
    ),
    (
        """
import re
from flask import Flask, request

app = Flask(__name__)

@app.route("/find")
def find():
    return {"found": re.search(request.args["pattern"], "a page of text") is not None}
""",
        f"""
import re
from flask import Flask, request


{GUARD.rstrip()}


app = Flask(__name__)

@app.route("/find")
def find():
    return {{"found": re.search(bounded_pattern(request.args["pattern"]), "a page of text") is not None}}
""",
    ),
]
