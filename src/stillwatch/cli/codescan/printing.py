"""Patches and progress in a terminal. Text of the code base is printed without markup."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from stillwatch.codescan.patch.proposing import Patch


def teller() -> Callable[[str], None]:
    """What prints a line of progress."""
    console = Console(stderr=True)
    return lambda line: console.print(clean(line), markup=False, highlight=False, soft_wrap=True)


def clean(text: str) -> str:
    """Without control characters, which would steer the terminal."""
    shown = (
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return "".join(shown)


def print_patch(out: Console, patch: "Patch") -> None:
    """A patch, and each check that it did not pass."""
    state = "verified" if patch.verified else "not verified"
    style = "green" if patch.verified else "yellow"
    out.print(Text(f"         patch {patch.id}, {state}: {clean(patch.note)}", style=style), soft_wrap=True)
    for line in clean(patch.diff).splitlines():
        out.print(
            Text(f"           {line}", style={"+": "green", "-": "red"}.get(line[:1], "")), soft_wrap=True
        )
    for check in patch.checks:
        if check.outcome != "passed":
            why = f" ({check.why})" if check.why else ""
            out.print(Text(clean(f"           {check.outcome}: {check.name}{why}")), soft_wrap=True)
