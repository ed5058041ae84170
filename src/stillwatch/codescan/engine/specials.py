"""All functions of Python and its library whose meaning a table of data cannot say, by their names."""

from __future__ import annotations

from stillwatch.codescan.engine import (
    addresses,
    builtins,
    collecting,
    decorated,
    filepaths,
    options_given,
    records,
    templates,
)

SPECIAL: dict[str, builtins.Special] = {
    **builtins.SPECIAL,
    **records.SPECIAL,
    **decorated.SPECIAL,
    **collecting.SPECIAL,
    **filepaths.SPECIAL,
    **addresses.SPECIAL,
    **templates.SPECIAL,
    **options_given.SPECIAL,
}
