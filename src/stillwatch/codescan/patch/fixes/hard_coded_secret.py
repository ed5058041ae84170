"""Secrets in the code: nothing is edited. The secret has to be replaced where it is known, and kept where the program is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.patch.edit import Edit

RULE = "hard-coded-secret"


def edits(site: Site) -> Iterator[Edit]:
    """Say why there is none."""
    del site
    raise NoFix("the secret has to be replaced first, and where it is kept then is for a person to say")
    yield
