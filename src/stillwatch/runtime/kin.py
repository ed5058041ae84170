"""Accounts that fit a cluster which gateways are told of, and are no part of what is tested.

A campaign may be called when half of its operator's accounts have called a few times. Growth within a look ends
early, since what goes on for long takes in strangers. From a cluster that is told of it goes on here, and what it
comes to counts only where it settles, touches no other cluster that is told of, and does not fall apart. Like newcomers, who is found this
way reaches gateways and nothing else.
"""

from collections.abc import Sequence
from typing import Self

import msgspec
import numpy as np

from stillwatch.campaigns.assembly import SURE, UNHEARD
from stillwatch.campaigns.docket import Suspect
from stillwatch.linking.clusters import outgrown
from stillwatch.linking.firmness import firm_odds
from stillwatch.linking.scene import Scene


class Kin(msgspec.Struct, frozen=True):
    """Accounts like those of one cluster, beyond its own. Log odds are in nats, times in microseconds since 1970."""

    accounts: np.ndarray  # int64, ascending
    log_odds: np.ndarray  # float64
    firm: np.ndarray  # float64: of `linking.firmness`
    since: np.ndarray  # int64: when they were told of first

    @classmethod
    def nobody(cls) -> Self:
        return cls(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0, np.int64))


def kin_of(
    suspects: Sequence[Suspect], heard: Sequence[bool], scene: Scene, before: dict[int, Kin]
) -> list[Kin]:
    """The kin of each cluster at `scene`. `heard` says whose texts are known, `before` are kin by a suspect's number."""
    holders = np.zeros(len(scene.exchanges), np.int64)  # clusters that hold an account
    for suspect in suspects:
        holders[suspect.accounts] += 1
    out = []
    for suspect, texts in zip(suspects, heard, strict=True):
        elsewhere = holders > 0
        elsewhere[suspect.accounts] = False
        grown = outgrown(scene.table, suspect.accounts, elsewhere)
        if grown is None:
            out.append(Kin.nobody())
            continue
        beyond = ~np.isin(grown.accounts, suspect.accounts)
        beyond &= grown.log_odds >= (SURE if texts else UNHEARD)
        accounts = grown.accounts[beyond]
        since = np.full(len(accounts), scene.now)
        former = before.get(suspect.number, Kin.nobody())
        _, here, there = np.intersect1d(accounts, former.accounts, assume_unique=True, return_indices=True)
        since[here] = former.since[there]
        firm = firm_odds(scene.table, grown.accounts)[beyond]
        out.append(Kin(accounts, grown.log_odds[beyond], firm, since))
    return out
