"""Tokens: the check of the signature stays on, and tokens without one are not taken.

Left to a person: calls that are given no key, and tokens that are made without a signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "jwt-not-verified"
KEY, ALGORITHMS = 1, 2  # places among the arguments of decode


def edits(site: Site) -> Iterator[Edit]:
    """Switch the check on where there is a key to check with."""
    if site.finding.sink.endswith("encode"):
        raise NoFix("the token has to be signed, and with which key is for a person to say")
    key = site.argument(KEY, "key")
    if key is None or site.code(key.value) in {"None", '""', "''"}:
        raise NoFix("there is no key to check the signature with")
    edit = Edit("the signature is checked")
    given = site.argument(99, "verify")
    if given is not None and site.code(given.value) == "False":
        edit.replaced[given.value] = cst.Name("True")
    algorithms = site.argument(ALGORITHMS, "algorithms")
    options = site.argument(3, "options")
    if options is not None:
        _switched(site, options.value, edit)
    if algorithms is not None:
        _signed(algorithms.value, edit)
    elif edit.replaced:
        raise NoFix("which algorithm signs the tokens is not said")
    if not edit.replaced:
        raise NoFix("where the check is switched off is not here")
    yield edit


def _switched(site: Site, options: cst.BaseExpression, edit: Edit) -> None:
    resolved = site.resolved(options)
    for element in resolved.elements if isinstance(resolved, cst.Dict) else ():
        if (
            isinstance(element, cst.DictElement)
            and isinstance(element.key, cst.SimpleString)
            and element.key.evaluated_value == "verify_signature"
            and site.code(element.value) == "False"
        ):
            edit.replaced[element.value] = cst.Name("True")


def _signed(algorithms: cst.BaseExpression, edit: Edit) -> None:
    """The list without "none", if that leaves any."""
    if not isinstance(algorithms, (cst.List, cst.Tuple)):
        return
    kept = [one for one in algorithms.elements if not _is_none(one.value)]
    if kept and len(kept) < len(algorithms.elements):
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        edit.replaced[algorithms] = algorithms.with_changes(elements=kept)


def _is_none(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.SimpleString) and str(value.evaluated_value).lower() == "none"


EXAMPLES = [
    (
        """
import jwt

def user(token, key):
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": False})["name"]
""",
        """
import jwt

def user(token, key):
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": True})["name"]
""",
    ),
    (
        """
import jwt

def user(token, key):
    return jwt.decode(token, key, algorithms=["HS256", "none"])["name"]
""",
        """
import jwt

def user(token, key):
    return jwt.decode(token, key, algorithms=["HS256"])["name"]
""",
    ),
]
