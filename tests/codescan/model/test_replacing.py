"""A patch of a model is of one function: whatever else it would change, bring or hide has it refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.codescan.model.replacing import NotConfined, function_of, replaced

FILE = '''\
"""Kept."""
import os
import flask
from . import near

LIMIT = 3


class Shop:
    # above
    @near.watched("a b")
    def find(self, table: str, limit=LIMIT) -> list:
        """Find."""
        rows = self.db.execute("select * from " + table)
        return rows
        # below

    def other(self):
        return 2


def last():
    return Shop()
'''
GOOD = '''\
@near.watched("a b")
def find(self, table: str, limit=LIMIT) -> list:
    """Find."""
    import re
    if not re.fullmatch(r"[a-z]+", table):
        raise ValueError(table)
    rows = self.db.execute("select * from " + table)
    return rows
'''


def put(said, text=FILE, line=14):
    return replaced(function_of(text, line), said)


def test_only_the_function_changes():
    after = put(GOOD)
    start, end = FILE.index("    def find"), FILE.index("        # below")
    assert after.startswith(FILE[:start])
    assert after.endswith(FILE[end:])
    assert "        if not re.fullmatch" in after
    compile(after, "app.py", "exec")


def test_line_ends_and_indents_of_the_file_stay():
    text = FILE.replace("    ", "  ").replace("\n", "\r\n")
    after = put(GOOD, text)
    assert "\n" not in after.replace("\r\n", "")
    assert "\r\n    if not re.fullmatch" in after


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("import os\nos.system('id')\n" + GOOD, "not one function alone"),
        (GOOD + "\ndef more():\n    pass\n", "not one function alone"),
        (GOOD + "\nLIMIT = 9\n", "not one function alone"),
        ("class Shop:\n    pass\n", "not one function alone"),
        ("", "not one function alone"),
        ("Here is the patch:\n" + GOOD, "not Python"),
        (GOOD.replace("def find", "def other"), "the name"),
        (GOOD.replace("def find", "async def find"), "the kind"),
        (GOOD.replace("limit=LIMIT", "limit=9"), "the parameters"),
        (GOOD.replace("limit=LIMIT", "limit=__import__('os').system('id')"), "the parameters"),
        (GOOD.replace("-> list", "-> dict"), "the annotation"),
        (GOOD.replace('"a b"', '"ab"'), "the decorators"),
        (GOOD.replace('@near.watched("a b")\n', ""), "the decorators"),
        (GOOD.replace("import re", "import requests"), "imports requests"),
        (GOOD.replace("import re", "from . import secret"), "imports a module of the code base"),
        (GOOD.replace("import re", "from ..far import x"), "imports a module of the code base"),
        (GOOD.replace("import re\n", "import re\n    __import__('evil')\n"), "__import__"),
        (GOOD.replace("import re\n", "import re\n    import importlib\n"), "importlib"),
        (GOOD.replace("self.db.execute", "getattr(self.db, 'exe' + 'cute')"), "getattr"),
        (GOOD.replace("self.db.execute", "self.db.__dict__['execute']"), "__dict__"),
        (
            GOOD.replace("return rows", "return rows  # stillwatch: ignore[sql-injection] it is fine"),
            "comment",
        ),
        (GOOD.replace("return rows", "return rows  #  STILLWATCH : ignore"), "comment"),
        (GOOD.replace("return rows", "return rows  # \u202e reversed"), "not shown"),
        (GOOD.replace("return rows", "return rows\n    '''" + "x" * 30_000 + "'''"), "too long"),
        ("x = (" * 3_000, "not Python"),
        ("def find():\n    return " + "(" * 9_000 + "1" + ")" * 9_000, "nested too deep"),
        ("def find():\n    return x" + ".a" * 9_000, "nested too deep"),
        ("def find():\n    return 1" + "+1" * 9_000, "nested too deep"),
    ],
)
def test_what_is_more_than_the_function_is_refused(said, why):
    with pytest.raises(NotConfined, match=why):
        put(said)


def test_what_changes_nothing_is_refused():
    within = function_of(FILE, 14)
    with pytest.raises(NotConfined, match="changes nothing"):
        replaced(within, within.module.code_for_node(within.function))


def test_the_modules_own_code_and_broken_files_have_no_function():
    assert function_of(FILE, 6) is None
    assert function_of("def f(:\n  pass\n", 1) is None


def test_the_innermost_function_is_taken():
    text = "def outer():\n    def inner():\n        return 1\n    return inner\n"
    assert function_of(text, 3).function.name.value == "inner"
    assert function_of(text, 4).function.name.value == "outer"


PIECES = st.sampled_from(
    ["def find(self, table: str, limit=LIMIT) -> list:\n", '@near.watched("a b")\n', "    return 1\n", "import os\n", "x = 1\n", "    # note\n",
     "        pass\n", "    '''text\n", "    '''\n", "\\\n", "\f", "    if True:\n", "\n", ")", "    def inner():\n", "\r\n", "\u2028"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_nothing_around_the_function_ever_changes(said):
    start, end = FILE.index("    def find"), FILE.index("        # below")
    try:
        after = put(said)
    except NotConfined:
        return
    assert after.startswith(FILE[:start])
    assert after.endswith(FILE[end:])


DEEP = {
    "brackets": lambda depth: "(" * depth + "1" + ")" * depth,
    "attributes": lambda depth: "x" + ".a" * depth,
    "calls": lambda depth: "x" + "()" * depth,
    "sums": lambda depth: "1" + "+1" * depth,
    "lists": lambda depth: "[" * depth + "]" * depth,
    "conditions": lambda depth: "1 if 1 else " * depth + "1",
    "lambdas": lambda depth: "lambda: " * depth + "1",
    "blocks": lambda depth: "1" + "".join("\n" + "    " * n + "if 1:" for n in range(1, depth)) + " pass",
}


@pytest.mark.parametrize("form", DEEP)
def test_deep_code_is_put_in_place_or_refused(form):
    done = set()
    for depth in (5, 20, 30, 40, 45, 48, 49, 50, 80, 90, 95, 98, 99, 100, 200, 2_000):
        said = GOOD.replace("import re\n", f"import re\n    y = {DEEP[form](depth)}\n")
        try:
            done.add("y = " in put(said))
        except NotConfined:
            done.add("refused")
    assert done == {True, "refused"}
