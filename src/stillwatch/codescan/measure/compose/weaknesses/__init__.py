"""Weaknesses that cases are composed of: one file of this folder is one category.

`sinks` use `$value` dangerously, `safe_sinks` use the same value so that it does no harm, both leave an answer in
`answer`. `shown` says of one answered request whether the weakness was shown to be there. A weakness of data needs the
sender's text in `$value`; one of choices (`choice`) needs the first of two constants there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from stillwatch.codescan.measure.running.observe import Seen


@dataclass(frozen=True)
class Weakness:
    """One category: `plain` is a harmless value for `$value`."""

    category: str
    cwe: int
    sinks: Sequence[str]
    safe_sinks: Sequence[str]
    shown: Callable[[Seen], bool]
    plain: str = "notes"
    choice: tuple[str, str] | None = None


def catalogue() -> list[Weakness]:
    return [import_module(f"{__name__}.{found.name}").WEAKNESS for found in iter_modules(__path__)]
