"""What bans do to an operator: one by one with replacements, in a wave with a standby, or now and then."""

from stillwatch.lab.outside.clocks import own_hours, sessions
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.operators.crew import Crew, Worker
from stillwatch.lab.outside.speakers import chatting
from stillwatch.lab.outside.world import DAY, HOUR

Waves = list[float]
"""Days of ban waves."""


def apply_bans(crew: Crew) -> Waves:
    """Ban some of an operator's accounts, and let it answer in its way."""
    if crew.ways.name == "hydra":
        _replaced(crew)
    elif crew.ways.name == "sept-inject":
        return [_wave(crew)]
    else:
        _now_and_then(crew)
    return []


def _replaced(crew: Crew) -> None:
    """Each banned account is followed by another within hours."""
    world, rng = crew.world, crew.world.rng
    missing, day = crew.count - len(crew.workers), 2.0
    while missing > 0 and day < world.days - 2:
        day += rng.expovariate(1 / 1.3)
        banned = min(missing, rng.choice((1, 3, 6, 12)))
        at_work = [
            worker for worker in crew.workers if worker.account.ban is None and worker.begins < day * DAY
        ]
        for worker in rng.sample(at_work, min(banned, len(at_work))):
            if day < world.days - 0.5:
                at = day * DAY + rng.uniform(0, 3) * HOUR
                world.ban(worker.account, at, rng.choice(world.recording.ban_notes))
                crew.workers.append(_replacement(crew, worker, at))
                missing -= 1


def _replacement(crew: Crew, banned: Worker, at: float) -> Worker:
    rng = crew.world.rng
    delay = rng.uniform(0.2, 14) * HOUR
    fresh = rng.random() < 0.7
    created = at + delay * rng.uniform(0.05, 0.8) if fresh else -rng.uniform(1, 20) * DAY
    worker = crew.recruit(created)
    worker.begins, worker.ends = at + delay, crew.ways.end * DAY
    if worker.has["client"]:
        worker.account.clients = banned.account.clients
    return worker


def _wave(crew: Crew) -> float:
    """One half is banned in a morning; the other half, silent until then, takes over."""
    world, rng = crew.world, crew.world.rng
    day = rng.uniform(world.days * 0.35, world.days * 0.7)
    rng.shuffle(crew.workers)
    half = int(len(crew.workers) * rng.uniform(0.45, 0.65))
    for worker in crew.workers[:half]:
        if rng.random() < 0.85:
            at = (day + rng.uniform(0, 0.12)) * DAY
            world.ban(worker.account, at, rng.choice(world.recording.ban_notes[:2]))
    delay = rng.choice((0.3, 3, 12)) * HOUR
    for worker in crew.workers[half:]:
        account = worker.account
        worker.begins = (day + 0.05) * DAY + rng.expovariate(1 / delay)
        account.created = min(account.created, (day - 3) * DAY)
        account.begins = max(0, account.created)
        if rng.random() < 0.15:
            calls, hours = rng.choice((1, 2, 4)), own_hours(world, account)
            times = sessions(world, calls, hours, 1, 60, account.begins, day * DAY)
            emit(world, account, chatting(account.person), times)
    return day


def _now_and_then(crew: Crew) -> None:
    world, rng = crew.world, crew.world.rng
    share = rng.choice((0, 0.05, 0.15, 0.3))
    for worker in crew.workers:
        if rng.random() < share:
            day = rng.uniform(max(worker.begins / DAY + 1, 2), world.days + 1)
            if day < world.days:
                world.ban(worker.account, day * DAY, rng.choice(world.recording.ban_notes))
