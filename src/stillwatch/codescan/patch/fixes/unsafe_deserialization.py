"""Objects from data: YAML by the safe loader, `torch.load` with weights only, `numpy.load` without pickle.

Left to a person: `pickle`, `marshal`, `shelve` and their like. JSON holds less than they do, and whoever writes the data has
to change with whoever reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.site import Edit, NoFix, Site, argument

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "unsafe-deserialization"
SAFE = {
    "load": "safe_load", "unsafe_load": "safe_load", "full_load": "safe_load",
    "load_all": "safe_load_all", "unsafe_load_all": "safe_load_all", "full_load_all": "safe_load_all",
}  # fmt: skip
EQUALS = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def edits(site: Site) -> Iterator[Edit]:
    """Ask for data only."""
    package, _, name = site.finding.sink.partition(".")
    if package == "yaml" and name in SAFE:
        yield _safe_yaml(site, SAFE[name])
    elif package in {"torch", "numpy"}:
        keyword, value = ("weights_only", "True") if package == "torch" else ("allow_pickle", "False")
        yield Edit("objects that hold code are refused", {site.call: _with(site.call, keyword, value)})
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


def _with(call: cst.Call, keyword: str, value: str) -> cst.Call:
    """The call with an argument set."""
    given = argument(call, 99, keyword)
    new = cst.parse_expression(value)
    if given is not None:
        return call.with_changes(
            args=[one.with_changes(value=new) if one is given else one for one in call.args]
        )
    spaced = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    before = [*call.args[:-1], *(one.with_changes(comma=spaced) for one in call.args[-1:])]
    return call.with_changes(args=[*before, cst.Arg(new, keyword=cst.Name(keyword), equal=EQUALS)])
