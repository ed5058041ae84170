"""Objects from data: YAML by the safe loader, `torch.load` with weights only, `numpy.load` without pickle, `pickle` of plain data.

Plain data is what needs no code to be read: texts, numbers, lists, mappings, sets. Left to a person: `pickle` in a file that also writes
such data, which may then hold objects of its own; `marshal`, `shelve`, `dill` and their like. JSON would be better, but whoever
writes the data has to change with whoever reads it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site, called, with_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "unsafe-deserialization"
SAFE = {
    "load": "safe_load", "unsafe_load": "safe_load", "full_load": "safe_load",
    "load_all": "safe_load_all", "unsafe_load_all": "safe_load_all", "full_load_all": "safe_load_all",
}  # fmt: skip
_DUMPS = re.compile(r"\b(?:dumps?|Pickler)\(")
PLAIN = "PlainUnpickler"
UNPICKLER = '''class PlainUnpickler(pickle.Unpickler):
    """Reads plain data; what needs code to be made is refused."""

    def find_class(self, module, name):
        if module in ("builtins", "__builtin__") and name in ("bytearray", "complex", "frozenset", "range", "set"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")
'''


def edits(site: Site) -> Iterator[Edit]:
    """Ask for data only."""
    package, _, name = site.finding.sink.partition(".")
    if package == "yaml" and name in SAFE:
        yield _safe_yaml(site, SAFE[name])
    elif package in {"torch", "numpy"}:
        keyword, value = ("weights_only", "True") if package == "torch" else ("allow_pickle", "False")
        yield Edit("objects that hold code are refused", {site.call: with_keyword(site.call, keyword, value)})
    elif site.finding.sink in {"pickle.loads", "pickle.load", "pickle.Unpickler"}:
        yield _plain(site, name)
    else:
        raise NoFix(
            f"{site.finding.sink} can hold what JSON cannot: who writes the data has to change with who reads it"
        )


def _safe_yaml(site: Site, safe: str) -> Edit:
    function = site.call.func
    args = [one for one in site.call.args if one.keyword is None or one.keyword.value != "Loader"]
    args = [one for number, one in enumerate(args) if number == 0 or one.keyword is not None]
    args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    if isinstance(function, cst.Attribute):
        return Edit(
            "the safe loader reads it",
            {site.call: site.call.with_changes(func=function.with_changes(attr=cst.Name(safe)), args=args)},
        )
    edit = Edit("the safe loader reads it")
    edit.replaced[site.call] = site.call.with_changes(
        func=cst.Name(site.using("yaml", safe, edit)), args=args
    )
    return edit


def _plain(site: Site, name: str) -> Edit:
    if _DUMPS.search(site.module.code):
        raise NoFix(
            "the file also writes such data, and what it writes may hold objects that only code can make"
        )
    edit = Edit("only plain data is read")
    reader = site.defining(PLAIN, UNPICKLER, ("pickle",), edit)
    call = site.call.with_changes(func=cst.Name(reader))
    if name == "loads":
        given = site.argument(0, "data")
        if given is None:
            raise NoFix("the data is not written out")
        opened = called(f"{site.using('io', None, edit)}.BytesIO", given.value)
        args = [cst.Arg(opened, comma=one.comma) if one is given else one for one in site.call.args]
        call = call.with_changes(args=args)
    read = call if name == "Unpickler" else cst.Call(cst.Attribute(call, cst.Name("load")))
    edit.replaced[site.call] = read
    return edit


EXAMPLES = [
    (
        """
import pickle
from flask import Flask, request

app = Flask(__name__)

@app.route("/restore", methods=["POST"])
def restore():
    return {"state": str(pickle.loads(request.get_data(), encoding="latin-1"))}
""",
        f"""
import pickle
from flask import Flask, request
import io


{UNPICKLER.rstrip()}


app = Flask(__name__)

@app.route("/restore", methods=["POST"])
def restore():
    return {{"state": str(PlainUnpickler(io.BytesIO(request.get_data()), encoding="latin-1").load())}}
""",
    ),
]
