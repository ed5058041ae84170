"""People who learn or compete together: one task sheet, one network or wave, many small accounts."""

from stillwatch.lab.outside.accounts import Account, Signup
from stillwatch.lab.outside.clients import programs
from stillwatch.lab.outside.clocks import Session, hours_of, own_hours, sessions
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.grammar import coined, settled
from stillwatch.lab.outside.routines import own_use
from stillwatch.lab.outside.speakers import coding, mixed, templated
from stillwatch.lab.outside.wording.asks import ASKS
from stillwatch.lab.outside.wording.occasions import BENCHMARKS, COMPETITION, COURSEWORK, HACKATHON, STARTERS
from stillwatch.lab.outside.workload import Workload
from stillwatch.lab.outside.world import DAY, HOUR, World

TAUGHT = ["reasoning_traces", "coding", "data_analysis"]


def classrooms(world: World) -> None:
    """A class in its lab hours, and again before the deadline."""
    for _ in range(world.groups(9)):
        _classroom(world)


def _classroom(world: World) -> None:
    rng = world.rng
    templates = settled(rng, COURSEWORK, rng.choice((1, 1, 2)))
    tasks = world.tasks.any_of([rng.choice(TAUGHT)], suite=rng.choice((6, 15)))
    size = world.members(18, 60)
    same = ["nat", "domain", *(["wave"] if rng.random() < 0.7 else [])]
    like = Signup(
        cohort="classroom",
        plan="free",
        programme=rng.choice(["edu", "edu", None]),
        habit="student",
        referral=f"course-{coined(rng).lower()}",
    )
    accounts = group(world, size, same, like)
    lessons = rng.sample(range(world.days), 3)
    hour = rng.randrange(7, 15)
    due = lessons[-1] * DAY
    for account in accounts:
        speaker = templated(account.person, templates, tasks)
        lab = Workload(pathway="edu" if account.programme else None)
        emit(world, account, speaker, _lessons(world, account, lessons, hour), lab)
        calls = world.volume(5, 0.7, 60)
        begin = max(account.begins, due - 4 * DAY)
        homework = sessions(world, calls, own_hours(world, account, "student"), 2.5, 80, begin, due)
        emit(world, account, speaker, homework)
        own_use(world, account, world.volume(2, 0.8, 40), code=False)


def _lessons(world: World, account: Account, days: list[int], hour: int) -> list[Session]:
    rng = world.rng
    drawn = []
    for day in days:
        if rng.random() < 0.85:
            begin = day * DAY + (hour - account.zone) * HOUR
            calls = rng.choice((1, 2, 4))
            drawn.append(sorted(begin + abs(rng.gauss(600, 700)) + 90 * call for call in range(calls)))
    last = world.end - 900
    return [session for session in drawn if account.begins <= session[0] < last and session[0] > 0]


def online_courses(world: World) -> None:
    """A course over the internet: people of all countries, one sheet of tasks."""
    rng = world.rng
    for _ in range(world.groups(3)):
        templates = settled(rng, [*COURSEWORK[2:], COURSEWORK[0]], 2)
        tasks = world.tasks.any_of(["reasoning_traces"], suite=25)
        product = coined(rng)
        size = world.members(70, 180)
        like = Signup(cohort="online_course", plan="free", referral=f"mooc-{product.lower()}")
        wave = rng.uniform(-8, 6), 3.0
        for account in group(world, size, (), like, countries=CODES, wave=wave):
            account.addresses, account.person.product = world.network.homes(account.country), product
            account.plan = rng.choice(["free", "plus"])
            if rng.random() < 0.4:
                account.clients = programs(rng, 1, ("py",))
            calls = world.volume(9, 0.8, 120)
            hours = own_hours(world, account, "evening")
            times = sessions(world, calls, hours, 2.5, 90, account.begins, account.ends)
            emit(world, account, templated(account.person, templates, tasks), times)
            if rng.random() < 0.5:
                own_use(world, account, world.volume(3, 0.8, 40), code=False)


def hackathons(world: World) -> None:
    """A night of building on one network, at times paid by the host's card."""
    rng = world.rng
    for number in range(world.groups(4)):
        day = rng.uniform(2, world.days - 3)
        templates = settled(rng, HACKATHON)
        card = world.card("US", "prepaid")
        size = world.members(30, 85)
        like = Signup(
            cohort="hackathon",
            plan="pay-as-you-go",
            card=card if number % 2 else None,
            referral=f"hack-{number}",
        )
        for account in group(world, size, ("nat",), like, wave=(day - 0.4, 0.25)):
            account.clients, account.begins = programs(rng), max(0, account.created)
            person = account.person
            speaker = mixed(rng, (2, templated(person, templates)), (2, coding(person)))
            calls = world.volume(22, 0.8, 250)
            begin = max(account.begins, day * DAY)
            times = sessions(world, calls, hours_of(world, "flat"), 2.5, 60, begin, (day + 2) * DAY)
            emit(world, account, speaker, times, Workload(kind="code"))


def onboarding_waves(world: World) -> None:
    """Many sign up within hours of a launch and try the suggested first question."""
    rng = world.rng
    for number in range(world.groups(3)):
        templates = settled(rng, STARTERS)
        day = rng.uniform(1, world.days - 3)
        size = world.members(60, 160)
        like = Signup(cohort="onboarding_wave", plan="free", referral=f"launch-{number}")
        for account in group(world, size, (), like, countries=CODES, wave=(day, 0.4)):
            account.addresses = world.network.homes(account.country)
            account.begins = max(0, account.created)
            calls, end = rng.choice((1, 2, 3)), account.begins + 3 * HOUR
            times = sessions(world, calls, hours_of(world, "flat"), 1, 60, account.begins, end)
            emit(world, account, templated(account.person, templates), times)
            if rng.random() < 0.4:
                own_use(world, account, world.volume(4, 0.9, 60))


def competitions(world: World) -> None:
    """Entrants of a contest with one set of problems and one answer format."""
    rng = world.rng
    for _ in range(world.groups(2)):
        tasks = world.tasks.any_of(["reasoning_traces", "coding"], suite=120)
        templates = settled(rng, COMPETITION)
        day = rng.uniform(0, world.days - 6)
        size = world.members(60, 150)
        like = Signup(cohort="competition", plan="pay-as-you-go")
        for account in group(world, size, (), like, countries=CODES, wave=(day - 1, 2.0)):
            account.addresses = world.network.homes(account.country)
            if rng.random() < 0.4:
                account.addresses.append(world.network.cloud("google"))
            account.clients = programs(rng)
            own = templates if rng.random() < 0.6 else [rng.choice(BENCHMARKS), rng.choice(BENCHMARKS)]
            person = account.person
            speaker = mixed(rng, (4, templated(person, own, tasks)), (1, coding(person)))
            calls = world.volume(20, 1, 400)
            hours = own_hours(world, account, rng.choice(["night", "evening", "flat"]))
            begin = max(account.begins, day * DAY)
            times = sessions(world, calls, hours, 1.3, 30, begin, (day + 6) * DAY)
            emit(world, account, speaker, times, Workload(kind="reason"))


def reproduction_seminars(world: World) -> None:
    """Reading groups that repeat a paper's experiment, harvesting prompts included."""
    rng = world.rng
    for _ in range(world.groups(4)):
        templates = [*settled(rng, ASKS["reasoning_traces"][1:], 1), rng.choice(BENCHMARKS)]
        tasks = world.tasks.any_of(["reasoning_traces"], suite=80)
        size = world.members(6, 20)
        like = Signup(
            cohort="reproduction_seminar",
            programme="research",
            plan="pay-as-you-go",
            clients=programs(rng),
        )
        for account in group(world, size, ("domain", "nat"), like):
            account.clients = programs(rng)
            speaker = templated(account.person, templates, tasks, follow=False)
            calls = world.volume(25, 0.8, 200)
            hours = own_hours(world, account, "human")
            times = sessions(world, calls, hours, 1, 30, account.begins)
            emit(world, account, speaker, times, Workload(kind="reason"))
            own_use(world, account, world.volume(4, 0.8, 40))
