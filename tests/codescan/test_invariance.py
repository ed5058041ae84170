"""What must not change a finding: names, the order of functions, and files that have nothing to do with it."""

import re

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scanning import places, scanned

from stillwatch.codescan import checks

BAD = {rule: kinds["bad"] for rule, kinds in checks.examples().items()}
BY_NAME = {"weak-hash", "weak-random", "debug-mode"}
"""Rules whose certainty says so itself: it is taken from names."""
UNRELATED = """
import os

DEBUG = False
name = "x"

def hello(value):
    return os.path.join("a", value)

class Handler:
    def do_GET(self):
        return hello("b")
"""


class _Names(cst.CSTVisitor):
    """Functions the program defines, and variables it assigns that are no part of its frameworks' faces."""

    def __init__(self):
        self.found = set()

    def visit_FunctionDef(self, node):  # noqa: N802 - LibCST names it
        if not node.decorators or all("tool" not in _text(one) for one in node.decorators):
            self.found.add(node.name.value)

    def visit_AssignTarget(self, node):  # noqa: N802 - as above
        if isinstance(node.target, cst.Name):
            self.found.add(node.target.value)


def _text(node):
    return cst.Module([]).code_for_node(node)


def _renamed(text, seed):
    visitor = _Names()
    cst.parse_module(text).visit(visitor)
    kept = {"do_GET", "get", "post", "request", "DEBUG"}
    for place, name in enumerate(sorted(visitor.found - kept)):
        text = re.sub(rf"(?<![\w.'\"/]){name}\b(?!=\w)", f"{seed}_{place}", text)
    return text


@pytest.mark.parametrize("rule", sorted(BAD.keys() - BY_NAME))
def test_renaming_changes_no_finding(rule):
    renamed = _renamed(BAD[rule], "thing")
    assert places({"app.py": renamed}) == places({"app.py": BAD[rule]})


@pytest.mark.parametrize("rule", sorted(BAD))
def test_a_file_that_has_nothing_to_do_with_it_changes_no_finding(rule):
    alone = scanned({"app.py": BAD[rule]})
    assert scanned({"app.py": BAD[rule], "another.py": UNRELATED}) == alone
    beside = scanned({"aaa/__init__.py": "", "aaa/another.py": UNRELATED, "app.py": BAD[rule]})
    assert beside == alone


HANDLERS = [
    '@app.route("/a")\ndef a():\n    return work(request.args["a"])\n',
    "def work(text):\n    os.system(text)\n    return clean(text)\n",
    "def clean(text):\n    return escape(text)\n",
    '@app.route("/b")\ndef b():\n    return page(request.args["b"])\n',
    'def page(text):\n    return "<p>" + text + "</p>"\n',
]
HEAD = (
    "import os\nfrom flask import Flask, request\nfrom markupsafe import escape\n\napp = Flask(__name__)\n\n"
)


def _by_code(text):
    return {(one.rule, one.code, one.confidence) for one in scanned({"app.py": text})}


@given(order=st.permutations(HANDLERS))
@settings(max_examples=20, deadline=None)
def test_the_order_of_functions_changes_no_finding(order):
    assert _by_code(HEAD + "\n".join(order)) == _by_code(HEAD + "\n".join(HANDLERS))
