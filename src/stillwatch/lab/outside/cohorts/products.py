"""Users of one product: each call carries its text, client or network, and nobody is in league."""

from dataclasses import replace

from stillwatch.lab.outside.accounts import Account, Signup
from stillwatch.lab.outside.clients import Client, client, handshake, programs, script
from stillwatch.lab.outside.clocks import hours_of, own_hours, sessions, timetable
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.grammar import coined, settle, settled, spin
from stillwatch.lab.outside.routines import serve
from stillwatch.lab.outside.speakers import agentic, chatting, coding, mixed, templated
from stillwatch.lab.outside.wording.products import (
    DIGESTS,
    EXTENSION_ENDING,
    JOBS,
    PERSONAS,
    PROBES,
    PROMPT_LIBRARY,
    SYSTEM_PROMPTS,
)
from stillwatch.lab.outside.wording.software import HARNESSES, Harness
from stillwatch.lab.outside.workload import PLAIN, Settings, Workload
from stillwatch.lab.outside.world import World

APP_MARKETS = ["US", "IN", "BR", "JP", "KR", "SG"]
EXTENSION = Workload(pathway="api", settings=Settings(max_tokens=1500, stream=True))
BRANDED = [prompt for prompt in SYSTEM_PROMPTS if prompt and "%P%" in prompt]


def app_users(world: World) -> None:
    """Users of an app that types their own keys in, or that makes accounts for them."""
    for number in range(world.groups(4)):
        _app(world, number)


def _app(world: World, number: int) -> None:
    rng = world.rng
    egress = rng.random() < 0.5
    product = coined(rng)
    system = settle(rng, rng.choice([*BRANDED, PERSONAS[0]])).replace("%P%", product)
    templates = settled(rng, PROMPT_LIBRARY + JOBS, 2)
    servers = [world.network.cloud("amazon") for _ in range(3)] if egress else None
    clients = programs(rng)
    market = rng.choice((None, APP_MARKETS[number % len(APP_MARKETS)]))
    ending = settle(rng, EXTENSION_ENDING).replace("%P%", product) if rng.random() < 0.4 else ""
    same = ("wave",) if rng.random() < 0.5 else ()
    like = Signup(
        cohort="app_users", country=market, clients=clients, plan="pay-as-you-go", addresses=servers
    )
    size = world.members(180, 420)
    work = Workload(system=system, pathway="api", settings=Settings(max_tokens=2048, temperature=0.7))
    for account in group(world, size, same, like, countries=None if market else CODES):
        person = account.person
        person.product = product
        if not egress:
            account.addresses = world.network.homes(account.country)
        if ending:
            speaker = templated(person, ["%x% %d%", rng.choice(templates)], suffix=ending)
        else:
            speaker = mixed(rng, (3, chatting(person)), (2, templated(person, templates)))
        calls = world.volume(9, 0.9, 300)
        times = sessions(world, calls, own_hours(world, account), 2.0, 70, account.begins, account.ends)
        emit(world, account, speaker, times, work)


def agent_programs(world: World) -> None:
    """Users of a published coding agent: the same long system prompt and tools, everybody's own work."""
    for harness in HARNESSES:
        size = world.members(230, 360)
        plan = ["pro", "pay-as-you-go", "plus"][world.rng.randrange(3)]
        for account in group(world, size, (), Signup(cohort="harness_users", plan=plan), countries=CODES):
            _use_harness(world, account, harness)


def _use_harness(world: World, account: Account, harness: Harness) -> None:
    rng, person, network = world.rng, account.person, world.network
    account.addresses = network.homes(account.country) + ([network.vpn()] if rng.random() < 0.1 else [])
    agent = spin(rng, harness.agent)
    account.clients = [script(agent, harness.name + str(rng.randrange(2)))]
    folder = f"/home/{person.names[0].lower()}/{person.projects[0].lower()}"
    system = rng.choice(["linux", "darwin", "win32"])
    versioned = rng.choice(["yes", "no"])
    environment = f"\n\nEnvironment: cwd {folder}, {system}, git: {versioned}"
    work = Workload(
        system=harness.system + environment,
        tools=harness.tools,
        agent=True,
        kind="code",
        output=5.6,
        settings=Settings(max_tokens=8192, stream=True),
        sealed=0.1,
    )
    calls = world.volume(16, 1.0, 700)
    hours = own_hours(world, account, rng.choice(["office", "night", "human", "evening"]))
    times = sessions(world, calls, hours, 6, 25, account.begins, account.ends)
    emit(world, account, agentic(person, coding(person)), times, work)


def prompt_library(world: World) -> None:
    """Readers of a public prompt collection, who paste what it says."""
    rng = world.rng
    for _ in range(world.groups(4)):
        library, product = settled(rng, PROMPT_LIBRARY, 4), coined(rng)
        size = world.members(60, 170)
        referral = f"lib-{product.lower()}" if rng.random() < 0.5 else None
        for account in group(
            world, size, (), Signup(cohort="prompt_library", referral=referral), countries=CODES
        ):
            account.addresses, account.person.product = world.network.homes(account.country), product
            speaker = mixed(rng, (3, templated(account.person, library)), (2, chatting(account.person)))
            calls = world.volume(10, 0.9, 200)
            times = sessions(world, calls, own_hours(world, account), 2, 90, account.begins)
            emit(world, account, speaker, times)


def extension_users(world: World) -> None:
    """Users of a browser extension: a fixed text in each request, own keys, own homes."""
    rng = world.rng
    for _ in range(world.groups(3)):
        product = coined(rng)
        ending = settle(rng, EXTENSION_ENDING).replace("%P%", product)
        clients = [client(rng, "browser") for _ in range(8)]
        size = world.members(80, 220)
        countries = rng.choice((CODES, ["JP", "KR", "TW"], ["US", "GB", "IN"]))
        like = Signup(cohort="extension_users", plan="pay-as-you-go")
        for account in group(world, size, (), like, countries=countries):
            account.addresses = world.network.homes(account.country)
            tasks = world.tasks.any_of(["general"], suite=300)
            speaker = templated(account.person, ["%x% %d%", "%x%", "%task%"], tasks, suffix=ending)
            calls = world.volume(11, 0.9, 250)
            times = sessions(world, calls, own_hours(world, account), 1.6, 60, account.begins)
            work = replace(EXTENSION, clients=[rng.choice(clients)])
            emit(world, account, speaker, times, work)


def nocode_platform(world: World) -> None:
    """Flows built on one platform: its network and client, everybody's own texts."""
    rng = world.rng
    for _ in range(world.groups(3)):
        servers = [world.network.cloud("google") for _ in range(4)]
        clients = [script("axios/1.7.2 flowbase", "axios")]
        size = world.members(50, 140)
        like = Signup(cohort="nocode_platform", plan="pay-as-you-go", clients=clients)
        for account in group(world, size, (), like, countries=CODES):
            account.addresses = servers
            speaker = templated(account.person, settled(rng, JOBS + DIGESTS, 1), follow=False)
            serve(world, account, speaker, world.volume(16, 1.1, 500), PLAIN)


def device_fleet(world: World) -> None:
    """A vendor's devices, which call from their owners' homes at the same hour."""
    rng = world.rng
    for _ in range(world.groups(2)):
        templates = settled(rng, [*DIGESTS, PROBES[0]], 2)
        clients = [Client("homehub/2.4", handshake("homehub", "h1"))]
        size = world.members(60, 150)
        countries = rng.choice((CODES, ["DE", "NL", "GB"]))
        like = Signup(cohort="device_fleet", clients=clients, plan="pay-as-you-go")
        for account in group(world, size, (), like, countries=countries):
            account.addresses = world.network.homes(account.country)
            calls = world.volume(18, 0.5, 80)
            times = timetable(world, calls, (7 - account.zone) % 24, 0, 15, begin=account.begins)
            emit(world, account, templated(account.person, templates, follow=False), times)


def regression_probes(world: World) -> None:
    """Watchdogs that ask the same small question the whole day."""
    rng = world.rng
    for _ in range(world.groups(22)):
        like = Signup(cohort="regression_probes", plan="pay-as-you-go", clients=programs(rng))
        account = group(world, 1, ("egress",), like)[0]
        templates = settled(rng, PROBES, rng.choice((1, 2)))
        calls = world.volume(90, 0.6, 600)
        times = sessions(world, calls, hours_of(world, "flat", ragged=False), 1, 5, account.begins)
        work = Workload(settings=Settings(max_tokens=16, temperature=0.0), output=1.5)
        emit(world, account, templated(account.person, templates, follow=False), times, work)
