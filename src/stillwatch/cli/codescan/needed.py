"""What `stillwatch codescan` needs beyond a core install."""

from importlib.util import find_spec

from stillwatch.records import UsageError

MODULES = ("tree_sitter", "tree_sitter_python", "libcst", "yaml", "cvss")


def needed() -> None:
    """Say which extra is missing, before anything fails for want of it."""
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise UsageError(f"{', '.join(missing)} is not installed: pip install 'stillwatch[codescan]'")
