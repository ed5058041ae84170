"""Innocent calls that an operator's accounts make besides: its workers' own, or those of real customers."""

import math

from stillwatch.lab.outside.clocks import hours_of, own_hours, sessions
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.operators.crew import Crew, Worker
from stillwatch.lab.outside.operators.phrasing import Phrasing
from stillwatch.lab.outside.operators.shifts import Shifts
from stillwatch.lab.outside.speakers import chatting, coding
from stillwatch.lab.outside.workload import Settings, Workload
from stillwatch.lab.outside.world import DAY

CUSTOMERS_ZONES = (8, 8, 9, 7, 1, -6)


def hide(crew: Crew, phrasing: Phrasing, shifts: Shifts, settings: Settings) -> None:
    """Add the operator's share of innocent calls to its accounts."""
    rng, ways = crew.world.rng, crew.ways
    if not ways.cover:
        return
    for worker in crew.workers:
        calls = int(ways.calls * ways.cover / (1 - ways.cover) * math.exp(rng.gauss(0, 0.5)))
        if ways.name == "hydra":
            for _ in range(rng.choice((1, 2, 4))):
                _resell(crew, phrasing, shifts, worker, settings, calls / 2)
        elif rng.random() < 0.8:
            _own_use(crew, worker, calls)


def _resell(
    crew: Crew, phrasing: Phrasing, shifts: Shifts, worker: Worker, settings: Settings, calls: float
) -> None:
    """One customer of the operator, served by this account or whichever is on."""
    world, rng = crew.world, crew.world.rng
    user = rng.choice(phrasing.users)
    speaker = rng.choice([chatting(user), chatting(user), coding(user)])
    hours = hours_of(world, "human", rng.choice(CUSTOMERS_ZONES))
    for session in sessions(world, calls, hours, 2.2, 70, worker.begins, worker.last):
        other = shifts.pick(session[0]) or worker
        served = rng.random() < 0.5 and other.begins <= session[0] and session[-1] < other.account.ends
        account = other.account if served else worker.account
        work = Workload(pathway=worker.pathways)
        if rng.random() < 0.5:
            work = Workload(pathway=worker.pathways, settings=settings)
        emit(world, account, speaker, [session], work)


def _own_use(crew: Crew, worker: Worker, calls: float) -> None:
    world, rng, account = crew.world, crew.world.rng, worker.account
    speaker = chatting(account.person) if rng.random() < 0.7 else coding(account.person)
    hours = own_hours(world, account)
    begin = max(worker.begins - rng.choice((0, 0, 10)) * DAY, account.begins)
    emit(world, account, speaker, sessions(world, calls, hours, 2.5, 80, begin, worker.last))
