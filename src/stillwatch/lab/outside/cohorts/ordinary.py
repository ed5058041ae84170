"""The ordinary accounts that are most of a log: people who chat, developers, small services, researchers."""

from stillwatch.lab.outside.accounts import Signup
from stillwatch.lab.outside.clients import client, programs
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.enrolment import enrol
from stillwatch.lab.outside.grammar import coined, settle, settled
from stillwatch.lab.outside.routines import own_use, serve
from stillwatch.lab.outside.speakers import templated
from stillwatch.lab.outside.wording.occasions import BENCHMARKS
from stillwatch.lab.outside.wording.products import JOBS, SYSTEM_PROMPTS
from stillwatch.lab.outside.wording.tasks import GRAMMARS
from stillwatch.lab.outside.workload import PLAIN, Settings, Workload
from stillwatch.lab.outside.world import World

SILENT = 0.12  # share of chat accounts that never call
CLOUD_PATHWAYS = ["api", "api", "api", "cloud:aws", "cloud:azure", "cloud:gcp"]


def ordinary(world: World, count: int) -> None:
    """Make `count` ordinary accounts and their calls."""
    for _ in range(count):
        chance = world.rng.random()
        if chance < 0.62:
            _chat(world)
        elif chance < 0.84:
            _developer(world)
        elif chance < 0.95:
            _service(world)
        else:
            _researcher(world)


def _chat(world: World) -> None:
    rng = world.rng
    account = enrol(world, Signup(cohort="chat", hard_negative=False))
    if rng.random() < SILENT:
        return
    calls = world.volume(6.2, 1.1, 500)
    own_use(world, account, calls, code=rng.random() < 0.2, turns=rng.choice((2, 3, 5)))


def _developer(world: World) -> None:
    rng = world.rng
    signup = Signup(
        cohort="developer",
        hard_negative=False,
        plan=rng.choice(["pay-as-you-go", "pro", "free"]),
        clients=programs(rng, rng.choice((1, 1, 2)))
        + ([client(rng, "browser")] if rng.random() < 0.4 else []),
        domain=f"{coined(rng).lower()}.dev" if rng.random() < 0.25 else None,
    )
    account = enrol(world, signup)
    system = settle(rng, rng.choice(SYSTEM_PROMPTS) or "") if rng.random() < 0.4 else None
    calls = world.volume(10, 1.2, 1_200)
    code, turns = rng.random() < 0.7, rng.choice((1, 2, 4))
    system = account.person.fill(system) if system else None
    most = rng.choice((512, 1024, 4096, 8192)) if rng.random() < 0.5 else None
    work = Workload(system=system, settings=Settings(max_tokens=most))
    own_use(world, account, calls, work, code=code, turns=turns)


def _service(world: World) -> None:
    rng = world.rng
    product, country = coined(rng), rng.choice(CODES)
    signup = Signup(
        cohort="backend",
        hard_negative=False,
        country=country,
        plan=rng.choice(["pay-as-you-go", "pro", "team"]),
        clients=programs(rng),
        addresses=[world.network.cloud() for _ in range(rng.choice((1, 2, 5)))],
        domain=f"{product.lower()}.{rng.choice(['com', 'io', 'app'])}",
        organisation="org_" + world.mint(8),
        product=product,
    )
    account = enrol(world, signup)
    system = rng.choice(SYSTEM_PROMPTS)
    speaker = templated(account.person, settled(rng, JOBS, rng.choice((1, 1, 2))), follow=False)
    calls = world.volume(19, 1.35)
    work = Workload(
        system=account.person.fill(settle(rng, system)) if system else None,
        pathway=rng.choice(CLOUD_PATHWAYS),
        output=4.6,
        end_users=["eu_" + world.mint(8) for _ in range(rng.choice((5, 40)))] if rng.random() < 0.4 else None,
        settings=Settings(max_tokens=rng.choice((256, 512, 1024)), temperature=rng.choice((0.0, 0.2, 0.7))),
    )
    serve(world, account, speaker, calls, work)


def _researcher(world: World) -> None:
    rng = world.rng
    signup = Signup(
        cohort="researcher",
        hard_negative=False,
        programme=rng.choice(["research", None]),
        plan="pay-as-you-go",
        clients=programs(rng),
        habit="human",
        domain=f"{coined(rng).lower()}.ac.uk" if rng.random() < 0.5 else None,
    )
    account = enrol(world, signup)
    templates = [rng.choice(BENCHMARKS), "%x%"]
    tasks = world.tasks.any_of([rng.choice(list(GRAMMARS))], suite=60)
    speaker = templated(account.person, templates, tasks)
    serve(world, account, speaker, world.volume(15, 1.1, 600), PLAIN, habit="human", turns=1.3)
