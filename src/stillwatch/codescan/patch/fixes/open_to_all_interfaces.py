"""Servers on all addresses: nothing is edited. In a container they have to listen on all, elsewhere seldom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.patch.edit import Edit

RULE = "open-to-all-interfaces"


def edits(site: Site) -> Iterator[Edit]:
    """Say why there is none."""
    del site
    raise NoFix("which networks are meant to reach the server is for a person to say")
    yield
