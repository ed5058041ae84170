"""Organisations with many accounts of their own, and what happens to these: rotation, turnover, migration, failover."""

from collections.abc import Sequence
from functools import partial

from stillwatch.lab.outside.accounts import NEVER, Account, Signup
from stillwatch.lab.outside.clients import programs
from stillwatch.lab.outside.clocks import hours_of, own_hours, sessions
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.grammar import settle, settled
from stillwatch.lab.outside.routines import own_use
from stillwatch.lab.outside.speakers import chatting, mixed, templated
from stillwatch.lab.outside.wording.products import JOBS, POLICY_FOOTER, REVIEWS, SYSTEM_PROMPTS
from stillwatch.lab.outside.workload import Settings, Workload
from stillwatch.lab.outside.world import DAY, HOUR, World

COMPANY = ("org", "domain", "card", "nat")
STAFF = ("org", "card", "nat", "domain")
TOOLS = ["lookup", "sql", "ticket"]
FOOTED = 3  # every third enterprise adds a policy footer to each request
PROMPTS = [prompt for prompt in SYSTEM_PROMPTS if prompt]


def enterprises(world: World) -> None:
    """Firms with a key for each member of staff or service; some put a policy footer into each request."""
    for number in range(world.groups(14)):
        _enterprise(world, footed=number % FOOTED == 0)


def _enterprise(world: World, *, footed: bool) -> None:
    rng = world.rng
    footer = settle(rng, POLICY_FOOTER) if footed else ""
    templates = settled(rng, JOBS, 3)
    tools = rng.choice((None, TOOLS))
    system = settle(rng, rng.choice(PROMPTS))
    size = world.members(8, 60)
    same = [*COMPANY, *(["wave"] if rng.random() < 0.5 else []), *(["client"] if rng.random() < 0.5 else [])]
    cohort = "enterprise_footer" if footed else "enterprise_keys"
    accounts = group(
        world, size, same, Signup(cohort=cohort, plan=rng.choice(["enterprise", "team"]), kyc_level=3)
    )
    footer = footer.replace("%P%", accounts[0].person.product).replace("%k%", "12")
    machines = rng.random() < 0.4
    for account in accounts:
        if machines and account.clients[0].agent.startswith(("Moz", "Prov")):
            account.clients = programs(rng)
        person = account.person
        speaker = mixed(
            rng,
            (2, templated(person, templates, suffix=footer)),
            (2, templated(person, ["%x% %d%"], suffix=footer)),
            (1, templated(person, ["%x%"], suffix=footer)),
        )
        calls = world.volume(22, 1, 900)
        hours = own_hours(world, account, "round_the_clock" if machines else "office")
        times = sessions(world, calls, hours, 1.6, 60, account.begins, account.ends)
        emit(world, account, speaker, times, Workload(system=person.fill(system), tools=tools))


def ci_fleets(world: World) -> None:
    """Continuous integration: one template, run from a cloud's shared addresses."""
    rng = world.rng
    for _ in range(world.groups(10)):
        templates = settled(rng, REVIEWS, 2)
        provider = rng.choice(["github", "microsoft", "amazon"])
        size = world.members(5, 24)
        same = ("org", "domain", "card", "client")
        for account in group(world, size, same, Signup(cohort="ci_fleet", plan="team")):
            calls = world.volume(40, 0.8, 400)
            hours = own_hours(world, account, rng.choice(["office", "round_the_clock"]))
            times = sessions(world, calls, hours, 1.4, 15, account.begins)
            work = Workload(
                route=partial(world.network.cloud, provider),
                kind="code",
                settings=Settings(max_tokens=1024, temperature=0.0),
                tools=rng.choice((None, ["apply_patch", "run_tests"])),
                system=f"You are a CI reviewer for {account.person.product}",
            )
            emit(world, account, templated(account.person, templates, follow=False), times, work)


def key_rotation(world: World) -> None:
    """A service that changes its account every few days, one after the other."""
    rng = world.rng
    for _ in range(world.groups(7)):
        count = rng.choice((3, 4, 6))
        like = Signup(cohort="key_rotation", plan="team", created=-30 * DAY)
        accounts = group(world, count, ("org", "card", "egress", "domain", "client"), like)
        templates, calls = settled(rng, JOBS, 2), world.volume(60, 0.7, 500)
        work = Workload(system=f"Service {accounts[0].person.product}")
        for number, account in enumerate(accounts):
            begin, end = number * world.days / count, (number + 1) * world.days / count
            account.created = (begin - rng.uniform(0.02, 3)) * DAY
            hours = hours_of(world, "round_the_clock")
            times = sessions(world, calls, hours, 1, 20, begin * DAY, end * DAY)
            emit(world, account, templated(account.person, templates, follow=False), times, work)


def staff_turnover(world: World) -> None:
    """Firms where some leave and others come while the log runs."""
    rng = world.rng
    for _ in range(world.groups(7)):
        size = world.members(6, 22)
        accounts = group(world, size, STAFF, Signup(cohort="staff_turnover", plan="team", habit="office"))
        templates = settled(rng, JOBS, 2)
        for account in accounts:
            chance, at = rng.random(), rng.uniform(3, world.days - 3) * DAY
            if chance < 0.3:
                account.ends = at
            elif chance < 0.6:
                account.created, account.begins = at - HOUR, at
            person = account.person
            speaker = mixed(rng, (1, templated(person, templates)), (2, chatting(person)))
            calls = world.volume(24, 0.8, 300)
            hours = own_hours(world, account, "office")
            times = sessions(world, calls, hours, 2, 60, account.begins, account.ends)
            emit(world, account, speaker, times)


def plan_migration(world: World) -> None:
    """Firms that change plans: on one day everybody stops on one account and goes on with another."""
    rng = world.rng
    for _ in range(world.groups(7)):
        size, at = rng.choice((2, 5, 12)), rng.uniform(4, world.days - 4) * DAY
        like = Signup(cohort="plan_migration", plan="team", created=-100 * DAY)
        accounts = group(world, 2 * size, STAFF, like)
        for old, new in zip(accounts[:size], accounts[size:], strict=True):
            new.person, new.clients, new.plan = old.person, old.clients, "enterprise"
            new.created = at - rng.uniform(0, 2) * DAY
            old.ends, new.begins = at, at
            for account in (old, new):
                own_use(world, account, world.volume(16, 0.6, 200), turns=2)


def failover(world: World) -> None:
    """A silent standby that wakes at an outage, in one firm at an innocent ban."""
    for number in range(world.groups(5)):
        _fail_over(world, banned=number == 0)


def _fail_over(world: World, *, banned: bool) -> None:
    rng = world.rng
    size, outage = rng.choice((4, 6, 10)), rng.uniform(5, world.days - 3) * DAY
    like = Signup(cohort="dr_failover", plan="enterprise", created=-rng.uniform(20, 200) * DAY)
    accounts = group(world, size, ("org", "card", "domain", "client"), like)
    sites = [world.network.cloud()], [world.network.cloud()]
    templates, repair = settled(rng, JOBS, 2), rng.choice((0.3, 2, 99)) * DAY
    half = size // 2
    for number, account in enumerate(accounts):
        account.addresses = sites[number >= half]
        if number < half:
            windows = [(0.0, outage), (outage + repair, NEVER)]
        else:
            windows = [(outage + rng.uniform(60, 1_800), outage + repair)]
        _serve_windows(world, account, windows, templates, f"DR {accounts[0].person.product}")
    if banned:
        world.ban(accounts[0], outage, rng.choice(world.recording.ban_notes))


def _serve_windows(
    world: World,
    account: Account,
    windows: Sequence[tuple[float, float]],
    templates: list[str],
    system: str,
) -> None:
    for begin, end in windows:
        calls = world.volume(90, 0.4, 400) * max(0, min(end, world.end) - begin) / world.end
        times = sessions(world, calls, hours_of(world, "round_the_clock"), 1, 20, begin, end)
        speaker = templated(account.person, templates, follow=False)
        emit(world, account, speaker, times, Workload(system=system))
