"""What a scan is written as: one file each, found by walking this folder, with `write(scan) -> bytes`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from stillwatch.codescan.scan import Scan


@cache
def catalogue() -> dict[str, Callable[[Scan], bytes]]:
    """Every format in this folder by its name."""
    found = (module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}").write for name in found}
