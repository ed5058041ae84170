"""What `stillwatch codescan` needs: more than a core install, and code to analyse."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.records import UnreadableInput, UsageError

if TYPE_CHECKING:
    from stillwatch.codescan.coverage import Coverage

MODULES = ("tree_sitter", "tree_sitter_python", "libcst", "yaml", "cvss")


def needed() -> None:
    """Say which extra is missing, before anything fails for want of it."""
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise UsageError(f"{', '.join(missing)} is not installed: pip install 'stillwatch[codescan]'")


def something_analysed(path: Path, coverage: "Coverage", found: int) -> None:
    """Refuse a path under which there was nothing to look at: in a pipeline, a wrong folder would be one without findings."""
    if coverage.files == 0 and found == 0:
        raise UnreadableInput(
            f"{path}: holds no Python file to analyse (virtual environments, caches and stubs are left out); is it the right path?"
        )
