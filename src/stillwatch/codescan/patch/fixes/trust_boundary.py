"""Sessions: nothing is edited. What may be kept is a list that only a person can write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.patch.edit import Edit

RULE = "trust-boundary"


def edits(site: Site) -> Iterator[Edit]:
    """Say why there is none."""
    raise NoFix(f"which values {site.finding.function or 'the code'} may keep is for a person to say")
    yield
