"""What most accounts do: a person's own use, and a program that serves a product."""

from dataclasses import replace

from stillwatch.lab.outside.accounts import Account
from stillwatch.lab.outside.clocks import own_hours, sessions, timetable
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.speakers import Speaker, chatting, coding
from stillwatch.lab.outside.workload import PLAIN, Workload
from stillwatch.lab.outside.world import World

SERVICE_HABITS = ["round_the_clock", "office", "flat", "human"]


def own_use(
    world: World,
    account: Account,
    calls: float,
    work: Workload = PLAIN,
    *,
    code: bool | None = None,
    turns: float = 3.0,
) -> None:
    """Let a person use the model for themselves, for code or small talk."""
    code = world.rng.random() < 0.3 if code is None else code
    speaker = coding(account.person) if code else chatting(account.person)
    times = sessions(world, calls, own_hours(world, account), turns, 80, account.begins, account.ends)
    emit(world, account, speaker, times, replace(work, kind="code" if code else "chat"))


def serve(
    world: World,
    account: Account,
    speaker: Speaker,
    calls: float,
    work: Workload = PLAIN,
    *,
    habit: str | None = None,
    turns: float = 1.0,
) -> None:
    """Let one program call: by a real load, a timetable or the hours of its users."""
    rng, begin, end = world.rng, account.begins, account.ends
    way = rng.random()
    if habit is None and way < 0.35:
        times = sessions(world, calls, rng.choice(world.loads), turns, 20, begin, end)
    elif habit is None and way < 0.55:
        times = timetable(world, calls, rng.randrange(24), rng.choice((0, 0, 15, 30)), begin=begin)
    else:
        hours = own_hours(world, account, habit or rng.choice(SERVICE_HABITS))
        times = sessions(world, calls, hours, turns, 20, begin, end)
    emit(world, account, speaker, times, work)
