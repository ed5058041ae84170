"""Secrets in prompts: nothing is edited. What the model needs the secret for has to be done by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.patch.edit import Edit

RULE = "secret-in-prompt"


def edits(site: Site) -> Iterator[Edit]:
    """Say why there is none."""
    del site
    raise NoFix("what the model is given the secret for has to be done by code, which a person has to write")
    yield
