"""Who of an operator's accounts is on at which hour, and when the operator works at all."""

import math
from bisect import bisect_left

import numpy as np

from stillwatch.lab.outside.clocks import hours_of
from stillwatch.lab.outside.loads import Weights
from stillwatch.lab.outside.operators.crew import Crew, Worker
from stillwatch.lab.outside.world import HOUR

OPERATORS_ZONE = 8  # hours ahead of UTC
TRIES = 6


class Shifts:
    """Weights of workers by hour, and draws from them."""

    def __init__(self, crew: Crew) -> None:
        world, rng = crew.world, crew.world.rng
        self.world, self.crew, self.slow = world, crew, crew.ways.name == "slow"
        self.spread = rng.choice((0.4, 0.7, 1.0))
        self.block, self.teams = rng.choice((4, 6, 8, 12)), rng.choice((2, 3, 4))
        rows = [self._row(number, worker) for number, worker in enumerate(crew.workers)]
        self.weights = np.array(rows)
        staffed = self.weights.sum(axis=0)
        busy = self._busy_hours()
        hourly = (staffed if self.slow else busy) * (staffed > 0)
        self._when = np.cumsum(hourly) / hourly.sum()
        self._who: dict[int, list[float]] = {}

    def _row(self, number: int, worker: Worker) -> Weights:
        rng, hours = self.world.rng, np.arange(self.world.hours)
        at_work = ((hours + 1) * HOUR > worker.begins) & (hours * HOUR < worker.last)
        if self.slow or not worker.has["rhythm"]:
            human = self.slow or rng.random() < 0.5
            habit = rng.choice(["human", "office", "evening"]) if human else "flat"
            zone = OPERATORS_ZONE if rng.random() < 0.6 else worker.account.zone
            row = hours_of(self.world, habit, zone)
        else:
            row = (((hours // self.block) + number) % self.teams == 0).astype(float)
        weights: Weights = row / (row.mean() + 1e-9) * at_work * math.exp(rng.gauss(0, self.spread))
        return weights

    def _busy_hours(self) -> Weights:
        rng, hours = self.world.rng, range(self.world.hours)
        if rng.random() < 0.6:
            return np.ones(self.world.hours)
        awake = [1.0 if 1 <= (hour + OPERATORS_ZONE) % 24 <= 23 else 0.3 for hour in hours]
        return np.array([weight * rng.uniform(0.6, 1.4) for weight in awake])

    def draw_time(self) -> float:
        """When the operator makes a call, in seconds."""
        hour = int(np.searchsorted(self._when, self.world.rng.random()))
        return (hour + self.world.rng.random()) * HOUR

    def pick(self, at: float) -> Worker | None:
        """Somebody who is on at this time, if anybody is."""
        hour = min(self.world.hours - 1, int(at // HOUR))
        if hour not in self._who:
            self._who[hour] = np.cumsum(self.weights[:, hour]).tolist()
        weights, workers = self._who[hour], self.crew.workers
        if weights[-1] <= 0:
            return None
        for _ in range(TRIES):
            number = bisect_left(weights, self.world.rng.random() * weights[-1])
            worker = workers[min(len(workers) - 1, number)]
            if worker.begins <= at < worker.last:
                return worker
        return None
