"""What a form is: a function from a recipient's view to files."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from stillwatch.records import UsageError
from stillwatch.sharing.finding.gate import Project
from stillwatch.sharing.finding.view import View


class Form(NamedTuple):
    """`files` makes the files of a view by their names, and touches nothing."""

    files: Callable[[View], Mapping[str, bytes]]


def projected(forms: Mapping[str, Form], names: Iterable[str]) -> Project:
    """One function that makes the files of several forms. Raises UsageError for a name that none has."""
    wanted = list(names) or sorted(forms)
    for name in wanted:
        if name not in forms:
            raise UsageError(f"no form {name!r}; there are: {', '.join(sorted(forms))}")

    def files(view: View) -> dict[str, bytes]:
        return {file: data for name in wanted for file, data in forms[name].files(view).items()}

    return files
