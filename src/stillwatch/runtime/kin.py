"""Accounts that fit a cluster which gateways are told of, and are no part of what is tested.

A campaign may be called when half of its operator's accounts have called a few times. Growth within a look ends
early, since what goes on for long takes in strangers. From a cluster that is told of it goes on here, and what it
comes to counts only where it settles and touches no other cluster that is told of; what falls apart from the cluster
on the way is left out. Like newcomers, who is found this way reaches gateways and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Self

import msgspec
import numpy as np

from stillwatch.campaigns.assembly import SURE, UNHEARD
from stillwatch.campaigns.docket import Suspect
from stillwatch.linking.clusters import outgrown
from stillwatch.linking.firmness import firm_odds
from stillwatch.linking.population import spared
from stillwatch.linking.scene import Scene


class Kin(msgspec.Struct, frozen=True):
    """Accounts like those of one cluster, beyond its own. Log odds are in nats, times in microseconds since 1970.

    `first` says when each became its kin, while the cluster is told of; it keeps those that are not now.
    """

    accounts: np.ndarray  # int64, ascending
    log_odds: np.ndarray  # float64
    firm: np.ndarray  # float64: of `linking.firmness`
    first: dict[int, int]

    @property
    def since(self) -> np.ndarray:
        """Int64 [accounts]: when each was told of first."""
        return np.array([self.first[code] for code in self.accounts.tolist()], np.int64)

    @classmethod
    def nobody(cls, first: dict[int, int]) -> Self:
        return cls(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), first)


def kin_of(
    suspects: Sequence[Suspect], heard: Sequence[bool], scene: Scene, before: Mapping[int, Kin]
) -> list[Kin]:
    """The kin of each cluster at `scene`. `heard` says whose texts are known, `before` are kin by a suspect's number."""
    inside = np.zeros(len(scene.exchanges), bool)
    for suspect in suspects:
        inside[suspect.accounts] = True
    aside = spared(scene.ledger)[: len(inside)]
    out = []
    for suspect, texts in zip(suspects, heard, strict=True):
        first = before[suspect.number].first if suspect.number in before else {}
        elsewhere = inside.copy()
        elsewhere[suspect.accounts] = False
        grown = outgrown(scene.table, suspect.accounts, elsewhere)
        if grown is None:
            out.append(Kin.nobody(first))
            continue
        beyond = ~np.isin(grown.accounts, suspect.accounts) & ~aside[grown.accounts]
        beyond &= grown.log_odds >= (SURE if texts else UNHEARD)
        accounts = grown.accounts[beyond]
        firm = firm_odds(scene.table, grown.accounts)[beyond]
        first = dict.fromkeys(accounts.tolist(), scene.now) | first
        out.append(Kin(accounts, grown.log_odds[beyond], firm, first))
    return out
