"""Which clusters gateways are told of after a look: campaigns that stand, and what is only suspected."""

from typing import Self

import msgspec
import numpy as np

from stillwatch.campaigns.docket import FEWEST, Docket, Suspect
from stillwatch.linking.growth import Portrait, portray
from stillwatch.linking.scene import Scene
from stillwatch.records import State
from stillwatch.runtime.kin import Kin, kin_of

SUSPICIOUS = 2.0  # nats: mean e-value of recent looks from which a cluster that is not called is told of


def told(docket: Docket, looked_at: int) -> tuple[tuple[State, list[Suspect]], ...]:
    """Campaigns that stand, and clusters of the latest look that the error control has not called or calls no longer."""
    standing = docket.standing()
    open_now = {suspect.number for suspect in standing}
    suspected = [
        suspect
        for suspect in docket.tested()
        if suspect.number not in open_now
        and len(suspect.accounts) >= FEWEST
        and suspect.lately_mean >= SUSPICIOUS
        and suspect.recent[-1][0] == looked_at
    ]
    return ("open", standing), ("suspected", suspected)


def name_of(suspect: Suspect) -> str:
    """The name under which gateways know it."""
    return suspect.campaign_id or f"suspect-{suspect.number:04d}"


class Portrayed(msgspec.Struct, frozen=True):
    """What a look leaves for accounts that come after it, and for those it came close to."""

    judged: np.ndarray  # bool [accounts]: the look has seen it act
    suspects: list[Suspect]
    heard: list[bool]  # the texts of most of its accounts are known
    portraits: list[Portrait]
    kin: list[Kin]

    @classmethod
    def nothing(cls) -> Self:
        """Of no look."""
        return cls(np.zeros(0, bool), [], [], [], [])

    @classmethod
    def of(cls, docket: Docket, scene: Scene, before: Self) -> Self:
        """Of a look at `scene`; `before` is what the look before it left."""
        suspects = [suspect for _, group in told(docket, scene.now) for suspect in group]
        shows = scene.table.shows("text")
        heard = [2 * int(shows[one.accounts].sum()) > len(one.accounts) for one in suspects]
        portraits = [portray(scene.table, one.accounts) for one in suspects]
        former = dict(zip((one.number for one in before.suspects), before.kin, strict=True))
        return cls(scene.exchanges > 0, suspects, heard, portraits, kin_of(suspects, heard, scene, former))
