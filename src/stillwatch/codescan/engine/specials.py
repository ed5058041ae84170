"""All functions of Python and its library whose meaning a table of data cannot say, by their names."""

from __future__ import annotations

from stillwatch.codescan.engine import (
    addresses,
    builtins,
    collecting,
    decorated,
    documents,
    filepaths,
    getters,
    later,
    options_given,
    records,
    templates,
)

SPECIAL: dict[str, builtins.Special] = {
    **builtins.SPECIAL,
    **records.SPECIAL,
    **later.SPECIAL,
    **getters.SPECIAL,
    **documents.SPECIAL,
    **decorated.SPECIAL,
    **collecting.SPECIAL,
    **filepaths.SPECIAL,
    **addresses.SPECIAL,
    **templates.SPECIAL,
    **options_given.SPECIAL,
}
