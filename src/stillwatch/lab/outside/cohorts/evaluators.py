"""Those who measure models: suites by night, public benchmarks once, and new models on their first day."""

from stillwatch.lab.outside.accounts import Signup
from stillwatch.lab.outside.clients import programs
from stillwatch.lab.outside.clocks import hours_of, sessions, timetable
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.routines import own_use
from stillwatch.lab.outside.speakers import templated
from stillwatch.lab.outside.tasks import Task
from stillwatch.lab.outside.wording.occasions import BENCHMARKS
from stillwatch.lab.outside.wording.tasks import GRAMMARS
from stillwatch.lab.outside.workload import Settings, Workload
from stillwatch.lab.outside.world import DAY, World

SUITES = [
    ["reasoning_traces"],
    ["tool_use"],
    ["coding"],
    ["data_analysis", "agentic_reasoning"],
    ["reasoning_traces", "coding"],
    ["computer_use"],
    ["agentic_reasoning"],
    list(GRAMMARS)[:6],
]
HARNESS = ("org", "card", "egress", "domain", "client")


def nightly_evaluators(world: World) -> None:
    """A suite of a few tasks run each night from one service account or a few."""
    rng = world.rng
    for _ in range(world.groups(26)):
        like = Signup(cohort="nightly_evaluator", plan="pay-as-you-go")
        accounts = group(world, rng.choice((1, 1, 2, 3)), HARNESS, like)
        hour = rng.randrange(24)
        tasks = world.tasks.in_order(rng.choice(SUITES), rng.choice((10, 20, 40)))
        templates = [rng.choice(BENCHMARKS)]
        nightly = rng.choice((8, 15, 30))
        for account in accounts:
            minute = rng.choice((0, 30))
            times = timetable(world, nightly * world.days, hour, minute, pace=3, begin=account.begins)
            settings = Settings(temperature=0.0, max_tokens=rng.choice((512, 2048)))
            work = Workload(kind="reason", settings=settings)
            emit(world, account, templated(account.person, templates, tasks, follow=False), times, work)


def public_benchmarks(world: World) -> None:
    """Somebody who runs a public benchmark once, as fast as the limits allow."""
    rng = world.rng
    for _ in range(world.groups(70)):
        size = rng.choice((1, 1, 1, 2))
        programme = rng.choice((None, None, "research"))
        like = Signup(cohort="public_benchmark", plan="pay-as-you-go", programme=programme)
        for account in group(world, size, ("client",), like):
            if rng.random() < 0.5:
                account.addresses = [world.network.cloud()]
            day = rng.uniform(max(account.begins / DAY, 0), world.days - 0.5)
            tasks = _one_suite(world, 400)
            calls, hours = world.volume(90, 0.9, 900), hours_of(world, "flat")
            end = (day + rng.choice((0.3, 1, 3))) * DAY
            times = sessions(world, calls, hours, 1, 5, day * DAY, end)
            work = Workload(kind="reason", settings=Settings(temperature=0.0), sealed=0.05)
            emit(world, account, templated(account.person, *tasks, follow=False), times, work)
            own_use(world, account, world.volume(5, 1, 60), code=True)


def day_one_benchmarks(world: World) -> None:
    """Old accounts that try a new model in the hours after its release."""
    rng = world.rng
    for model, release in zip(world.models.new, world.models.releases, strict=True):
        for _ in range(world.groups(45)):
            like = Signup(
                cohort="day_one_benchmark",
                plan="pay-as-you-go",
                clients=programs(rng),
                created=-rng.uniform(20, 400) * DAY,
            )
            account = group(world, 1, (), like)[0]
            day = release + abs(rng.gauss(0.2, 0.3))
            tasks = _one_suite(world, 150)
            calls, hours = world.volume(60, 0.8, 500), hours_of(world, "flat")
            times = sessions(world, calls, hours, 1, 5, day * DAY, (day + 0.6) * DAY)
            settings = Settings(temperature=0.0, reasoning_effort=rng.choice((None, "high")))
            work = Workload(kind="reason", model=model, settings=settings)
            emit(world, account, templated(account.person, *tasks, follow=False), times, work)
            own_use(world, account, world.volume(12, 1, 150))


def _one_suite(world: World, size: int) -> tuple[list[str], Task]:
    """One prompt format and a suite walked in order."""
    templates = [world.rng.choice(BENCHMARKS)]
    return templates, world.tasks.in_order(world.rng.choice(SUITES), size)
