"""All functions of Python and its library whose meaning a table of data cannot say, by their names."""

from __future__ import annotations

from stillwatch.codescan.engine import builtins, collecting, decorated, filepaths, options_given, records

SPECIAL: dict[str, builtins.Special] = {
    **builtins.SPECIAL,
    **records.SPECIAL,
    **decorated.SPECIAL,
    **collecting.SPECIAL,
    **filepaths.SPECIAL,
    **options_given.SPECIAL,
}
