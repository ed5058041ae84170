"""Which objects of a collection one recipient is shown.

A release policy is any callable with the signature of `by_level`. It is asked for each request that reads. What it does
not show does not exist for that recipient: not in pages, manifests, versions or by its id.
"""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from stillwatch.sharing.taxii.levels import Level
from stillwatch.sharing.taxii.partners import Partner, Shelf


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Objects of these TLP levels, and of these those whose bytes are admitted, where that is asked."""

    levels: frozenset[Level]
    admits: Callable[[bytes], bool] | None = None


Release: TypeAlias = Callable[[Partner, Shelf], Shown]


def by_level(partner: Partner, _shelf: Shelf) -> Shown:
    """Everything up to the partner's own level."""
    return Shown(levels=frozenset(level for level in Level if level <= partner.level))
