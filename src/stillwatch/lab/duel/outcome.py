"""What operators got and whom the answer to them met, summed over the duels of several logs."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np

from stillwatch.lab.arrays import HOUR, Bools
from stillwatch.lab.duel.live import Duel, Met
from stillwatch.lab.duel.traffic import Traffic

NEVER = np.iinfo(np.int64).max


@dataclass
class Haul:
    """Exchanges of one operator, or of all."""

    wanted: int = 0
    without: int = 0  # answered where nobody defends
    got: int = 0
    of_use: int = 0  # of those, without answers whose reasoning was taken out and that were asked for it
    by_fresh: int = 0  # of those, by accounts that were made in answer to refusals
    before_suspicion: int = 0  # answered before gateways could know of it as suspected, and as called
    before_alarm: int = 0
    enrolled: int = 0  # accounts made in answer to refusals
    hours: list[float] = field(default_factory=list)  # from the first illicit call to the first act, by log
    logs: int = 0

    @property
    def cut(self) -> float | None:
        return share_lost(self.got, self.without)

    @property
    def cut_of_use(self) -> float | None:
        return share_lost(self.of_use, self.without)

    @property
    def hours_until_act(self) -> float | None:
        return fmean(self.hours) if self.hours else None

    def add(self, other: "Haul") -> None:
        for name in (
            "wanted", "without", "got", "of_use", "by_fresh", "before_suspicion", "before_alarm", "enrolled", "logs",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.hours += other.hours


def share_lost(got: int, without: int) -> float | None:
    """What share of a haul was cut."""
    return 1 - got / without if without else None


@dataclass
class Outcome:
    """Duels of one kind over several logs."""

    operators: dict[str, Haul] = field(default_factory=dict)
    innocents: Met = field(default_factory=Met)
    cover: Met = field(default_factory=Met)
    steps: Counter[str] = field(default_factory=Counter)
    failures: int = 0

    def add(self, traffic: Traffic, duel: Duel) -> None:
        """Count a duel in."""
        for number, name in enumerate(traffic.operators):
            own = self.operators.setdefault(name, Haul())
            own.add(_haul(traffic, duel, name, traffic.operator == number))
        self.innocents.join(duel.innocents)
        self.cover.join(duel.cover)
        self.steps += duel.steps
        self.failures += duel.failures

    @property
    def whole(self) -> Haul:
        """All operators together; each has as many hours as logs in which it was acted upon."""
        total = Haul()
        for haul in self.operators.values():
            total.add(haul)
        return total


def _haul(traffic: Traffic, duel: Duel, name: str, own: Bools) -> Haul:
    answered = own & traffic.answered
    got = own & duel.got
    seen = duel.seen.get(name)
    suspected = NEVER if seen is None or seen.suspected is None else seen.suspected
    alarmed = NEVER if seen is None or seen.alarmed is None else seen.alarmed
    act = duel.first_act.get(name)
    return Haul(
        wanted=int(own.sum()),
        without=int(answered.sum()),
        got=int(got.sum()),
        of_use=int((got & ~(duel.stripped & traffic.reasoning)).sum()),
        by_fresh=int((got & duel.fresh).sum()),
        before_suspicion=int((answered & (traffic.ts < suspected)).sum()),
        before_alarm=int((answered & (traffic.ts < alarmed)).sum()),
        enrolled=duel.enrolled.get(name, 0),
        hours=[] if act is None or not own.any() else [(act - int(traffic.ts[own][0])) / HOUR],
        logs=1,
    )
